// Which quotes a string wants, in the places a formatter and an editor write it to. What a text
// allows is analyze_yaml_scalar's and is_plain_yaml_string's to say; here is the choice.
#pragma once

#include <string>
#include <string_view>

#include "object/yaml_node.h"

namespace plumb::object {

enum class ScalarPlace : uint8_t {
  kBlock,  // behind `key:` or `-`
  kKey,    // one line
  kFlow,   // one line, and , [ ] { } are syntax
};

// Whether `text` is written without quotes and read back as this text, whatever type it then has.
bool may_be_plain(std::string_view text, ScalarPlace place);

// The style nearest to `wish` that says the string `text` in `place` and that no reader takes for
// anything but a string. Wishing for kPlain is wishing for the fewest quotes, as go-yaml chooses
// them: "true" in double quotes for its type, 'a: b' in single ones for its characters. Only a wish
// gives kLiteral; kFolded becomes kLiteral.
YamlStyle style_for(std::string_view text, ScalarPlace place, YamlStyle wish = YamlStyle::kPlain);

// Writes plain or in quotes, on one line. `style` is one that style_for allows.
void append_scalar(std::string& out, std::string_view text, YamlStyle style);

}  // namespace plumb::object
