// Value to YAML, as go-yaml v2's encoder and emitter write it, in one pass.
#include "base/text.h"
#include "object/yaml.h"
#include "object/yaml_key_order.h"
#include "object/yaml_resolve.h"
#include "object/yaml_scalar.h"

namespace plumb::object {
namespace {

constexpr int kIndent = 2;
constexpr size_t kSimpleKey = 128;  // bytes; a longer key is written after "? "

enum class Style { kPlain, kSingleQuoted, kDoubleQuoted, kLiteral };

Style style_of(std::string_view text, const YamlScalarForm& form) {
  if (text.find('\n') != std::string_view::npos) {
    return form.literal ? Style::kLiteral : Style::kDoubleQuoted;
  }
  if (!is_plain_yaml_string(text)) return Style::kDoubleQuoted;
  if (form.plain) return Style::kPlain;
  return form.single_quoted ? Style::kSingleQuoted : Style::kDoubleQuoted;
}

class Emitter {
 public:
  explicit Emitter(std::string& out) : out_(out), writer_(out) {}

  void document(const Value& value) {
    writer_.start_line();
    if (is_block(value)) {
      block(value, 0, true);
    } else {
      scalar(value, kIndent);
    }
    if (!writer_.at_line_start()) out_ += '\n';
  }

 private:
  static bool is_block(const Value& value) { return !value.empty(); }

  // An object or array that is not empty. `here`: it starts where the text ends, behind "- ".
  void block(const Value& value, int indent, bool here) {
    if (value.is_object())
      mapping(value, indent, here);
    else
      sequence(value, indent, here);
  }

  void mapping(const Value& value, int indent, bool here) {
    const auto members = value.members();
    const auto write = [&](const Member& member) {
      if (!std::exchange(here, false)) writer_.next_line(indent);
      this->member(member, indent);
    };
    if (std::is_sorted(members.begin(), members.end(), before)) {
      for (const Member& member : members) write(member);
      return;
    }
    std::vector<const Member*> sorted;
    for (const Member& member : members) sorted.push_back(&member);
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const Member* a, const Member* b) { return before(*a, *b); });
    for (const Member* member : sorted) write(*member);
  }

  static bool before(const Member& a, const Member& b) { return yaml_key_less(a.key(), b.key()); }

  void member(const Member& member, int indent) {
    const std::string_view key = valid(member.key());
    const YamlScalarForm form = analyze_yaml_scalar(key);
    if (form.multiline || key.size() > kSimpleKey) {
      out_ += "? ";
      string(key, style_of(key, form), indent + kIndent, true);
      writer_.next_line(indent);
      out_ += ':';
      item(member.value, indent);
      return;
    }
    // Without quotes it would merge.
    const Style style = key == "<<" ? Style::kDoubleQuoted : style_of(key, form);
    string(key, style, indent + kIndent, false);
    out_ += ':';
    if (!is_block(member.value)) {
      out_ += ' ';
      scalar(member.value, indent + kIndent);
    } else if (member.value.is_array()) {
      sequence(member.value, indent, false);  // items stand in the column of their key
    } else {
      mapping(member.value, indent + kIndent, false);
    }
  }

  void sequence(const Value& value, int indent, bool here) {
    for (const Value& item : value.items()) {
      if (!std::exchange(here, false)) writer_.next_line(indent);
      out_ += '-';
      this->item(item, indent);
    }
  }

  // What stands on the line of "-", or of the ":" of a long key.
  void item(const Value& value, int indent) {
    out_ += ' ';
    if (is_block(value))
      block(value, indent + kIndent, true);
    else
      scalar(value, indent + kIndent);
  }

  void scalar(const Value& value, int indent) {
    switch (value.kind()) {
      case Kind::kNull: out_ += "null"; break;
      case Kind::kBool: out_ += value.as_bool() ? "true" : "false"; break;
      case Kind::kInt: out_ += std::to_string(value.as_int()); break;
      case Kind::kUint: out_ += std::to_string(value.as_uint()); break;
      case Kind::kDouble: number(value.as_double()); break;
      case Kind::kString: {
        const std::string_view text = valid(value.as_string());
        string(text, style_of(text, analyze_yaml_scalar(text)), indent, true);
        break;
      }
      case Kind::kArray: out_ += "[]"; break;
      case Kind::kObject: out_ += "{}"; break;
    }
  }

  // sigs.k8s.io/yaml goes through JSON, where a double without a fraction is an integer.
  void number(double real) {
    std::string digits;
    append_json_number(digits, real);
    if (resolve_yaml(digits).type == YamlScalar::Type::kFloat) {
      out_ += format_yaml_double(real);
    } else {
      out_ += digits == "-0" ? "0" : digits;
    }
  }

  void string(std::string_view text, Style style, int indent, bool fold) {
    switch (style) {
      case Style::kPlain: writer_.plain(text, indent, fold); break;
      case Style::kSingleQuoted: writer_.single_quoted(text, indent, fold); break;
      case Style::kDoubleQuoted: writer_.double_quoted(text, indent, fold); break;
      case Style::kLiteral: writer_.literal(text, indent); break;
    }
  }

  // The text, repaired if it is not UTF-8.
  std::string_view valid(std::string_view text) {
    if (base::is_utf8(text)) return text;
    repaired_ = base::to_valid_utf8(text);
    return repaired_;
  }

  std::string& out_;
  YamlScalarWriter writer_;
  std::string repaired_;
};

}  // namespace

std::string to_yaml(const Value& value) {
  std::string out;
  append_yaml(out, value);
  return out;
}

void append_yaml(std::string& out, const Value& value) { Emitter(out).document(value); }

}  // namespace plumb::object
