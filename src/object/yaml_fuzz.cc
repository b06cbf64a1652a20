// Any bytes: reading ends, and what was read is written so that it reads back the same.
#include <cstdlib>

#include "object/yaml.h"

using namespace plumb::object;

namespace {

// A directive makes libyaml read the first document; without it, most are read without libyaml.
void compare_readers(const std::string& text) {
  for (const char* start_of_stream : {"---", "...", "%", "\xEF\xBB\xBF"}) {
    if (text.find(start_of_stream) != std::string::npos) return;
  }
  const auto ours = parse_first_yaml(text);
  const auto libyaml = parse_first_yaml("%YAML 1.1\n---\n" + text);
  if (ours.ok() != libyaml.ok()) std::abort();
  if (ours.ok() && *ours != *libyaml) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  YamlOptions strict;
  strict.duplicates = Duplicates::kReject;
  const auto documents = parse_yaml_documents(text);
  const auto without_duplicates = parse_yaml_documents(text, strict);
  if (without_duplicates.ok() && !documents.ok()) std::abort();
  (void)split_yaml(text);
  compare_readers(std::string(text));
  if (!documents.ok()) return 0;
  for (size_t i = 0; i < documents->size(); ++i) {
    const Value& value = (*documents)[i].value;
    const auto again = parse_yaml(to_yaml(value));
    // A large double without a fraction reads back as an integer, of the same text.
    if (!again.ok()) std::abort();
    if (*again != value && to_json(*again) != to_json(value)) std::abort();
    if (!locate_yaml(text, i, {}).ok()) std::abort();
  }
  return 0;
}
