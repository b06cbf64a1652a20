#include "object/yaml_key_order.h"

#include "base/text.h"
#include "object/unicode.h"

namespace plumb::object {
namespace {

struct Character {
  char32_t code = 0;
  size_t length = 1;
};

// Of well-formed UTF-8; anything else counts byte by byte.
Character decode(std::string_view text, size_t at) {
  const auto lead = static_cast<uint8_t>(text[at]);
  if (lead < 0x80) return {lead, 1};
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC0 || at + length > text.size()) return {lead, 1};
  char32_t code = lead & (0x7FU >> length);
  for (size_t k = 1; k < length; ++k)
    code = code << 6 | (static_cast<uint8_t>(text[at + k]) & 0x3FU);
  return {code, length};
}

size_t character_start(std::string_view text, size_t at) {
  while (at > 0 && (text[at] & 0xC0) == 0x80) --at;
  return at;
}

// The digits from `at` on, as a number that grows from `number`; moves `at` behind them and counts
// them. Digits outside ASCII count by their distance from '0', and all of it wraps, as in go-yaml.
uint64_t read_number(std::string_view text, size_t& at, size_t& count, uint64_t number) {
  while (at < text.size()) {
    const Character c = decode(text, at);
    if (!is_unicode_digit(c.code)) break;
    number = number * 10 + (c.code - U'0');
    at += c.length;
    ++count;
  }
  return number;
}

// Whether, in a run of digits before `at`, one that is not 0 comes before any other.
bool continues_number(std::string_view text, size_t at) {
  while (at > 0) {
    at = character_start(text, at - 1);
    const Character c = decode(text, at);
    if (!is_unicode_digit(c.code)) return false;
    if (c.code != U'0') return true;
  }
  return false;
}

}  // namespace

bool yaml_key_less(std::string_view a, std::string_view b) {
  const auto [in_a, in_b] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (in_a == a.end() || in_b == b.end()) return in_a == a.end() && in_b != b.end();
  const size_t at = character_start(a, static_cast<size_t>(in_a - a.begin()));
  const Character ca = decode(a, at);
  const Character cb = decode(b, at);
  const bool letter_a = is_unicode_letter(ca.code);
  const bool letter_b = is_unicode_letter(cb.code);
  if (letter_a && letter_b) return ca.code < cb.code;
  if (letter_a || letter_b) return letter_b;

  const bool zero = ca.code == U'0' || cb.code == U'0';
  const uint64_t start = zero && continues_number(a, at) ? 1 : 0;
  size_t end_a = at;
  size_t end_b = at;
  size_t digits_a = 0;
  size_t digits_b = 0;
  const auto number_a = static_cast<int64_t>(read_number(a, end_a, digits_a, start));
  const auto number_b = static_cast<int64_t>(read_number(b, end_b, digits_b, start));
  if (number_a != number_b) return number_a < number_b;
  if (digits_a != digits_b) return digits_a < digits_b;
  return ca.code < cb.code;
}

}  // namespace plumb::object
