// Bytes that choose an edit, a line break, then any text: an edit either fails and leaves the text
// alone, or the value is there afterwards.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "object/yaml_edit.h"

namespace {

using plumb::object::NodeId;
using plumb::object::Value;
using plumb::object::YamlEditor;
using plumb::object::YamlFile;
using plumb::object::YamlKind;
using plumb::object::YamlPath;

// Goes down by one byte a step, as far as there are bytes and nodes.
YamlPath pick_path(const YamlFile& file, std::string_view choices) {
  YamlPath path;
  NodeId at = file.root(file.documents()[0]);
  for (const char c : choices) {
    const auto children = file.children(at);
    if (children.empty()) break;
    const auto choice = static_cast<uint8_t>(c);
    if (file.node(at).kind == YamlKind::kSequence) {
      const size_t index = choice % children.size();
      path.emplace_back(index);
      at = children[index];
    } else {
      const size_t entry = choice % (children.size() / 2);
      path.emplace_back(std::string(file.text(children[2 * entry])));
      at = children[2 * entry + 1];
    }
  }
  return path;
}

const Value& pick_value(uint8_t choice) {
  static const Value kValues[] = {
      "text",
      5,
      nullptr,
      "two\nlines\n",
      "true",
      Value::object({{"a", 1}, {"b", Value::array({"x", Value::object({{"c", "d: e"}})})}}),
      Value::array({1, Value::array({2})}),
      Value::object()};
  return kValues[choice % std::size(kValues)];
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t end = input.find('\n');
  if (end == std::string_view::npos || end < 2) return 0;
  const std::string text(input.substr(end + 1));
  auto editor = YamlEditor::open(text, {.bytes = 1 << 16});
  if (!editor.ok()) return 0;
  const Value& value = pick_value(static_cast<uint8_t>(input[1]));
  YamlPath path;
  if (!editor->file().documents().empty())
    path = pick_path(editor->file(), input.substr(2, end - 2));
  plumb::base::Status status = plumb::base::ok();
  switch (static_cast<uint8_t>(input[0]) % 4) {
    case 0: status = editor->set(path, value); break;
    case 1: status = editor->append(path, value); break;
    case 2: status = editor->remove(path); break;
    default: status = editor->insert_key(path, 0, "new key", value); break;
  }
  if (!status.ok()) {
    if (status.error().code() == plumb::base::Code::kInternal || editor->text() != text) {
      std::abort();
    }
  }
  return 0;
}
