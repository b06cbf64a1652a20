// The two character classes that Go's natural order of keys asks for.
#pragma once

namespace plumb::object {

bool is_unicode_letter(char32_t code_point);  // category L
bool is_unicode_digit(char32_t code_point);   // category Nd

}  // namespace plumb::object
