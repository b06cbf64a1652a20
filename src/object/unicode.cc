#include "object/unicode.h"

#include <algorithm>
#include <span>

namespace plumb::object {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

#include "object/unicode_table.inc"

bool contains(std::span<const Range> ranges, char32_t code_point) {
  const auto after = std::upper_bound(ranges.begin(), ranges.end(), code_point,
                                      [](char32_t c, const Range& r) { return c < r.first; });
  return after != ranges.begin() && code_point <= after[-1].last;
}

}  // namespace

bool is_unicode_letter(char32_t code_point) {
  if (code_point < 0x80) return (code_point | 0x20) >= U'a' && (code_point | 0x20) <= U'z';
  return contains(kLetters, code_point);
}

bool is_unicode_digit(char32_t code_point) {
  if (code_point < 0x80) return code_point >= U'0' && code_point <= U'9';
  return contains(kDigits, code_point);
}

}  // namespace plumb::object
