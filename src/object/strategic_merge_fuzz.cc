// Four lines: a kind ("apps/v1 Deployment"), the original, a patch or what is wanted, what is.
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "base/text.h"
#include "object/json.h"
#include "object/schema.h"
#include "object/strategic_merge.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace plumb::object;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  auto lines = plumb::base::split(text, '\n');
  lines.resize(4);
  const auto words = plumb::base::split(lines[0], ' ');
  const auto kind = words.size() == 2 ? Schema::current().find(words[0], words[1]) : std::nullopt;
  const auto type = kind ? kind->type : TypeRef();
  const auto unknown = kind ? UnknownTypes::kError : UnknownTypes::kMergePatch;

  std::vector<Value> documents;
  for (size_t i = 1; i < 4; ++i) {
    auto document = parse_json(lines[i].empty() ? "{}" : lines[i]);
    if (!document.ok()) return 0;
    documents.push_back(std::move(*document));
  }
  const auto merged = apply_strategic_merge(documents[0], documents[1], type, unknown);
  if (merged.ok() && !merged->is_object()) std::abort();
  const auto patch = create_strategic_patch(documents[0], documents[1], type, unknown);
  if (patch.ok()) (void)apply_strategic_merge(documents[0], *patch, type, unknown);
  for (const bool overwrite : {false, true}) {
    const ThreeWay states{.original = documents[0],
                          .modified = documents[1],
                          .current = documents[2],
                          .overwrite = overwrite};
    const auto three_way = create_three_way_patch(states, type, unknown);
    if (three_way.ok()) (void)apply_strategic_merge(documents[2], *three_way, type, unknown);
  }
  return 0;
}
