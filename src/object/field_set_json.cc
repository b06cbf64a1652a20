// fieldsV1: FieldSet to JSON and back.
#include <charconv>
#include <cmath>

#include "base/text.h"
#include "object/field_set.h"
#include "object/json.h"

namespace plumb::object {
namespace {

constexpr int kElementDepth = 16;  // of the JSON inside "k:" and "v:"

// A JSON string as kube-apiserver's encoder (json-iterator) writes it: other than encoding/json,
// the short escapes are only those of \n, \r and \t, and with `html` off U+2028 stays as it is.
void append_string(std::string& out, std::string_view text, bool html) {
  out += '"';
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<uint8_t>(text[i]);
    const bool line_separator =
        html && (text.substr(i, 3) == "\xE2\x80\xA8" || text.substr(i, 3) == "\xE2\x80\xA9");
    if (c == '"' || c == '\\') {
      out += '\\';
      out += text[i];
    } else if (c == '\n' || c == '\r' || c == '\t') {
      out += '\\';
      out += c == '\n' ? 'n' : c == '\r' ? 'r' : 't';
    } else if (c < 0x20 || (html && (c == '<' || c == '>' || c == '&'))) {
      out += "\\u00";
      out += "0123456789abcdef"[c >> 4];
      out += "0123456789abcdef"[c & 15];
    } else if (line_separator) {
      out += text[i + 2] == '\xA8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      out += text[i];
    }
  }
  out += '"';
}

// Doubles keep two digits of exponent (1e-07), where encoding/json writes one.
void append_number(std::string& out, const Value& value) {
  std::array<char, 400> digits;
  char* const end = digits.data() + digits.size();
  if (value.kind() == Kind::kInt) {
    out.append(digits.data(), std::to_chars(digits.data(), end, value.as_int()).ptr);
    return;
  }
  const double number = value.as_double();
  const double size = std::fabs(number);
  const bool plain = size == 0 || (size >= 1e-6 && size < 1e21);
  out.append(digits.data(),
             std::to_chars(digits.data(), end, number,
                           plain ? std::chars_format::fixed : std::chars_format::scientific)
                 .ptr);
}

void append_content(std::string& out, const Value& value) {
  switch (value.kind()) {
    case Kind::kNull: out += "null"; break;
    case Kind::kBool: out += value.as_bool() ? "true" : "false"; break;
    case Kind::kInt:
    case Kind::kUint:
    case Kind::kDouble: append_number(out, value); break;
    case Kind::kString: append_string(out, value.as_string(), true); break;
    case Kind::kArray: {
      out += '[';
      bool first = true;
      for (const Value& item : value.items()) {
        if (!std::exchange(first, false)) out += ',';
        append_content(out, item);
      }
      out += ']';
      break;
    }
    case Kind::kObject: {
      out += '{';
      bool first = true;
      for (const Member& member : value.members()) {
        if (!std::exchange(first, false)) out += ',';
        append_string(out, member.key(), false);
        out += ':';
        append_content(out, member.value);
      }
      out += '}';
      break;
    }
  }
}

std::string encoded(const PathElement& element) {
  switch (element.kind()) {
    case PathElement::Kind::kField: return "f:" + std::string(element.content().as_string());
    case PathElement::Kind::kIndex: return "i:" + std::to_string(element.content().as_int());
    default: break;
  }
  std::string out = element.kind() == PathElement::Kind::kKey ? "k:" : "v:";
  append_content(out, element.content());
  return out;
}

void append_level(std::string& out, const FieldSet& set, bool self) {
  out += '{';
  bool first = true;
  if (self && !set.empty()) {
    out += "\".\":{}";
    first = false;
  }
  for (const FieldSet::Node& node : set.nodes()) {
    if (!std::exchange(first, false)) out += ',';
    append_string(out, encoded(node.element), false);
    out += ':';
    append_level(out, node.below, node.member);
  }
  out += '}';
}

Value level_value(const FieldSet& set, bool self) {
  std::vector<Member> members;
  members.reserve(set.nodes().size() + 1);
  if (self && !set.empty()) members.emplace_back(Text("."), Value::object());
  for (const FieldSet::Node& node : set.nodes()) {
    members.emplace_back(Text(encoded(node.element)), level_value(node.below, node.member));
  }
  return Value::make_object(members);
}

// As Go reads numbers where it does not know better. Zero has one sign.
void make_doubles(Value& value) {
  if (value.is_number()) {
    value = Value(value.as_double() + 0.0);
  } else if (value.is_array()) {
    for (Value& item : value.edit_items()) make_doubles(item);
  } else if (value.is_object()) {
    for (Member& member : value.edit_members()) make_doubles(member.value);
  }
}

base::Result<int64_t> parse_index(std::string_view text) {
  std::string_view digits = text;
  if (digits.starts_with('+') && !digits.starts_with("+-")) digits.remove_prefix(1);
  if (const auto index = base::parse_int(digits)) return *index;
  return base::invalid("index " + base::quoted(text) + " is not a number");
}

class Decoder {
 public:
  explicit Decoder(const FieldSetLimits& limits) : limits_(limits) {}

  struct Level {
    bool self = false;  // "." was there, or nothing else
    FieldSet below;
  };

  base::Result<Level> level(const Value& value) {
    if (!value.is_object() && !value.is_null()) {
      return fail("is " + std::string(to_string(value.kind())) + ", want an object");
    }
    Level out;
    for (const Member& member : value.members()) {
      if (member.key() == ".") {
        out.self = true;
        continue;
      }
      PLUMB_CHECK_OK(add_member(out.below, member));
    }
    if (out.below.empty()) out.self = true;
    return out;
  }

 private:
  base::Status add_member(FieldSet& set, const Member& member) {
    const std::string_view key = member.key();
    if (key.size() < 2) {
      return fail("key " + base::quoted(key) + " must be at least 2 characters long");
    }
    if (key[1] != ':') return fail("key " + base::quoted(key) + " has no colon after its kind");
    if (std::string_view("fkvi").find(key[0]) == std::string_view::npos) return base::ok();
    if (static_cast<int>(path_.size()) >= limits_.depth) {
      return base::too_large("field set is nested deeper than " + std::to_string(limits_.depth));
    }
    if (++count_ > limits_.elements) {
      return base::too_large("field set has more than " + std::to_string(limits_.elements) +
                             " elements");
    }
    PLUMB_TRY(PathElement element, parse(key[0], key.substr(2)));
    path_.push_back(element);
    PLUMB_TRY(Level inner, level(member.value));
    path_.pop_back();
    set.add({std::move(element), inner.self, std::move(inner.below)});
    return base::ok();
  }

  base::Result<PathElement> parse(char kind, std::string_view text) {
    if (kind == 'f') return PathElement::field(text);
    if (kind == 'i') {
      auto index = parse_index(text);
      if (!index.ok()) return fail(index.error().message());
      return PathElement::index(*index);
    }
    auto content = parse_json(text, {.depth = kElementDepth});
    if (!content.ok()) {
      return fail("key " + base::quoted(std::string{kind, ':'} + std::string(text)) + ": " +
                  content.error().message());
    }
    make_doubles(*content);
    if (kind == 'v') return PathElement::value(std::move(*content));
    if (!content->is_object()) {
      return fail("key " + base::quoted("k:" + std::string(text)) +
                  ": want an object of key fields");
    }
    return PathElement::key(std::move(*content));
  }

  base::Error fail(std::string message) const {
    return base::invalid("field set: " + std::move(message)).field(path_text(path_));
  }

  const FieldSetLimits& limits_;
  size_t count_ = 0;
  Path path_;
};

}  // namespace

base::Result<FieldSet> FieldSet::from_value(const Value& fields_v1, const FieldSetLimits& limits) {
  PLUMB_TRY(Decoder::Level root, Decoder(limits).level(fields_v1));
  return std::move(root.below);
}

base::Result<FieldSet> FieldSet::from_json(std::string_view fields_v1,
                                           const FieldSetLimits& limits) {
  PLUMB_TRY(const Value value, parse_json(fields_v1, {.depth = limits.depth + 2}));
  return from_value(value, limits);
}

std::string FieldSet::to_json() const {
  std::string out;
  append_level(out, *this, false);
  return out;
}

Value FieldSet::to_value() const { return level_value(*this, false); }

}  // namespace plumb::object
