#include <charconv>

#include "base/text.h"
#include "object/json.h"

namespace plumb::object {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

// The bytes that end a run of plain characters in a JSON string.
constexpr std::array<bool, 256> special_bytes(bool escape_html) {
  std::array<bool, 256> special{};
  for (size_t c = 0; c < 256; ++c) special[c] = c < 0x20 || c >= 0x80 || c == '"' || c == '\\';
  special['<'] = special['>'] = special['&'] = escape_html;
  return special;
}
constexpr auto kSpecial = special_bytes(false);
constexpr auto kSpecialHtml = special_bytes(true);

void append_escape(std::string& out, uint32_t code) {
  out += "\\u";
  for (const int shift : {12, 8, 4, 0}) out += kHex[code >> shift & 15];
}

void append_ascii(std::string& out, char c) {
  switch (c) {
    case '"': out += "\\\""; break;
    case '\\': out += "\\\\"; break;
    case '\b': out += "\\b"; break;
    case '\f': out += "\\f"; break;
    case '\n': out += "\\n"; break;
    case '\r': out += "\\r"; break;
    case '\t': out += "\\t"; break;
    default: append_escape(out, static_cast<uint8_t>(c));
  }
}

// Appends the character at `at`, which is outside ASCII; returns its length. U+2028 and U+2029 are
// escaped as encoding/json does, because JavaScript once took them for line ends.
size_t append_wide(std::string& out, std::string_view text, size_t at) {
  const auto lead = static_cast<uint8_t>(text[at]);
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  const std::string_view character = text.substr(at, length);
  if (!base::is_utf8(character)) {
    out += "\\ufffd";
    return 1;
  }
  if (character == "\xE2\x80\xA8")
    out += "\\u2028";
  else if (character == "\xE2\x80\xA9")
    out += "\\u2029";
  else
    out += character;
  return length;
}

class Emitter {
 public:
  Emitter(std::string& out, const JsonStyle& style) : out_(out), style_(style) {}

  void value(const Value& value) {
    switch (value.kind()) {
      case Kind::kNull: out_ += "null"; break;
      case Kind::kBool: out_ += value.as_bool() ? "true" : "false"; break;
      case Kind::kInt: append_integer(value.as_int()); break;
      case Kind::kUint: append_integer(value.as_uint()); break;
      case Kind::kDouble: append_json_number(out_, value.as_double()); break;
      case Kind::kString: append_json_string(out_, value.as_string(), style_.escape_html); break;
      case Kind::kArray: array(value); break;
      case Kind::kObject: object(value); break;
    }
  }

 private:
  template <typename T>
  void append_integer(T number) {
    std::array<char, 24> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out_.append(digits.data(), end);
  }

  void new_line() {
    if (style_.indent == 0) return;
    out_ += '\n';
    out_.append(static_cast<size_t>(level_ * style_.indent), ' ');
  }

  void array(const Value& value) {
    if (value.empty()) {
      out_ += "[]";
      return;
    }
    out_ += '[';
    ++level_;
    bool first = true;
    for (const Value& item : value.items()) {
      if (!std::exchange(first, false)) out_ += ',';
      new_line();
      this->value(item);
    }
    --level_;
    new_line();
    out_ += ']';
  }

  void object(const Value& value) {
    if (value.empty()) {
      out_ += "{}";
      return;
    }
    out_ += '{';
    ++level_;
    bool first = true;
    for (const Member& member : value.members()) {
      if (!std::exchange(first, false)) out_ += ',';
      new_line();
      append_json_string(out_, member.key(), style_.escape_html);
      out_ += style_.indent == 0 ? ":" : ": ";
      this->value(member.value);
    }
    --level_;
    new_line();
    out_ += '}';
  }

  std::string& out_;
  const JsonStyle& style_;
  int level_ = 0;
};

}  // namespace

std::string to_json(const Value& value, const JsonStyle& style) {
  std::string out;
  append_json(out, value, style);
  return out;
}

void append_json(std::string& out, const Value& value, const JsonStyle& style) {
  Emitter(out, style).value(value);
}

void append_json_string(std::string& out, std::string_view text, bool escape_html) {
  const auto& special = escape_html ? kSpecialHtml : kSpecial;
  out += '"';
  size_t plain = 0;  // start of the run not yet appended
  for (size_t i = 0; i < text.size();) {
    if (!special[static_cast<uint8_t>(text[i])]) {
      ++i;
      continue;
    }
    out.append(text, plain, i - plain);
    if (static_cast<uint8_t>(text[i]) >= 0x80) {
      i += append_wide(out, text, i);
    } else {
      append_ascii(out, text[i++]);
    }
    plain = i;
  }
  out.append(text, plain);
  out += '"';
}

// encoding/json: the shortest digits that read back the same, zeros behind them up to 1e21; beyond,
// and under 1e-6, with an exponent that has no leading zero. std::to_chars' fixed form will not do:
// it prints all digits of the exact value.
void append_json_number(std::string& out, double number) {
  std::array<char, 32> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::fabs(number),
                                 std::chars_format::scientific)
                       .ptr;
  const std::string_view text(buffer.data(), static_cast<size_t>(end - buffer.data()));
  const size_t e = text.find('e');
  std::string digits(text.substr(0, 1));
  if (e > 2) digits += text.substr(2, e - 2);
  int exponent = 0;
  std::from_chars(text.data() + e + (text[e + 1] == '+' ? 2 : 1), end, exponent);

  if (std::signbit(number)) out += '-';
  if (exponent < -6 || exponent >= 21) {
    out += digits[0];
    if (digits.size() > 1) out.append(".").append(digits, 1);
    out += exponent < 0 ? "e-" : "e+";
    out += std::to_string(std::abs(exponent));
  } else if (exponent < 0) {
    out.append("0.").append(static_cast<size_t>(-exponent - 1), '0').append(digits);
  } else {
    const auto whole = static_cast<size_t>(exponent) + 1;
    if (digits.size() < whole) digits.append(whole - digits.size(), '0');
    out.append(digits, 0, whole);
    if (digits.size() > whole) out.append(".").append(digits, whole);
  }
}

}  // namespace plumb::object
