#include "object/go_format.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"

namespace plumb::object {
namespace {

// strconv.FormatFloat(number, 'g', -1, 64): the shortest digits that read back the same, as a
// power of ten if the exponent is below -4 or above 5.
void append_double(std::string& out, double number) {
  std::array<char, 32> digits;
  const auto scientific = std::to_chars(digits.data(), digits.data() + digits.size(), number,
                                        std::chars_format::scientific);
  const std::string_view text(digits.data(), scientific.ptr);
  int exponent = 0;
  const size_t mark = text.find('e');
  const size_t sign = mark + 1 + (text[mark + 1] == '+' ? 1 : 0);
  std::from_chars(text.data() + sign, text.data() + text.size(), exponent);
  if (number != 0 && (exponent < -4 || exponent > 5)) {
    out += text;
    return;
  }
  std::array<char, 64> plain;
  const auto end =
      std::to_chars(plain.data(), plain.data() + plain.size(), number, std::chars_format::fixed);
  out.append(plain.data(), end.ptr);
}

template <typename T>
void append_integer(std::string& out, T number) {
  std::array<char, 24> digits;
  out.append(digits.data(),
             std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
}

// Ranges that unicode.IsPrint denies: controls, spaces but U+0020, format characters, surrogates
// and private use. Unassigned code points are taken for printable.
constexpr std::pair<char32_t, char32_t> kUnprintable[] = {
    {0x00, 0x1F},     {0x7F, 0xA0},     {0xAD, 0xAD},       {0x600, 0x605},   {0x61C, 0x61C},
    {0x6DD, 0x6DD},   {0x70F, 0x70F},   {0x1680, 0x1680},   {0x180E, 0x180E}, {0x2000, 0x200F},
    {0x2028, 0x202F}, {0x205F, 0x206F}, {0x3000, 0x3000},   {0xD800, 0xF8FF}, {0xFEFF, 0xFEFF},
    {0xFFF0, 0xFFFB}, {0xFFFE, 0xFFFF}, {0xE0000, 0x10FFFF}};

void append_escaped(std::string& out, char32_t code) {
  constexpr std::string_view kShort = "abtnvfr";  // of U+0007 to U+000D
  if (code >= 7 && code <= 13) {
    out += '\\';
    out += kShort[code - 7];
    return;
  }
  const int digits = code < 0x80 ? 2 : code < 0x10000 ? 4 : 8;
  out += digits == 2 ? "\\x" : digits == 4 ? "\\u" : "\\U";
  for (int digit = digits - 1; digit >= 0; --digit) {
    out += "0123456789abcdef"[code >> (4 * digit) & 15];
  }
}

// The code point at the start of well-formed, non-empty UTF-8, and its length.
std::pair<char32_t, size_t> first_character(std::string_view text) {
  const auto lead = static_cast<uint8_t>(text[0]);
  if (lead < 0x80) return {lead, 1};
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  char32_t code = lead & (0x7FU >> length);
  for (size_t i = 1; i < length; ++i) code = code << 6 | (static_cast<uint8_t>(text[i]) & 0x3FU);
  return {code, length};
}

}  // namespace

void append_go_quoted(std::string& out, std::string_view text) {
  const std::string valid = base::to_valid_utf8(text);
  out += '"';
  for (std::string_view rest = valid; !rest.empty();) {
    const auto [code, length] = first_character(rest);
    if (code == '"' || code == '\\') out += '\\';
    const bool unprintable = std::ranges::any_of(kUnprintable, [&](const auto& range) {
      return code >= range.first && code <= range.second;
    });
    if (unprintable) {
      append_escaped(out, code);
    } else {
      out += rest.substr(0, length);
    }
    rest.remove_prefix(length);
  }
  out += '"';
}

void append_go_value(std::string& out, const Value& value) {
  switch (value.kind()) {
    case Kind::kNull: out += "<nil>"; break;
    case Kind::kBool: out += value.as_bool() ? "true" : "false"; break;
    case Kind::kInt: append_integer(out, value.as_int()); break;
    case Kind::kUint:
    case Kind::kDouble: append_double(out, value.as_double()); break;
    case Kind::kString: out += value.as_string(); break;
    case Kind::kArray: {
      out += '[';
      bool first = true;
      for (const Value& item : value.items()) {
        if (!std::exchange(first, false)) out += ' ';
        append_go_value(out, item);
      }
      out += ']';
      break;
    }
    case Kind::kObject: {
      out += "map[";
      bool first = true;
      for (const Member& member : value.members()) {
        if (!std::exchange(first, false)) out += ' ';
        out += member.key();
        out += ':';
        append_go_value(out, member.value);
      }
      out += ']';
      break;
    }
  }
}

std::string go_syntax(const Value& value) {
  std::string out;
  switch (value.kind()) {
    case Kind::kNull: return "interface {}(nil)";
    case Kind::kString: append_go_quoted(out, value.as_string()); return out;
    case Kind::kArray:
      for (const Value& item : value.items()) out += (out.empty() ? "" : ", ") + go_syntax(item);
      return "[]interface {}{" + out + "}";
    case Kind::kObject:
      for (const Member& member : value.members()) {
        if (!out.empty()) out += ", ";
        append_go_quoted(out, member.key());
        out += ":" + go_syntax(member.value);
      }
      return "map[string]interface {}{" + out + "}";
    default: append_go_value(out, value); return out;
  }
}

std::string_view go_type(const Value& value) {
  switch (value.kind()) {
    case Kind::kNull: return "<nil>";
    case Kind::kBool: return "bool";
    case Kind::kInt: return "int64";
    case Kind::kUint:
    case Kind::kDouble: return "float64";
    case Kind::kString: return "string";
    case Kind::kArray: return "[]interface {}";
    case Kind::kObject: return "map[string]interface {}";
  }
  return "";
}

}  // namespace plumb::object
