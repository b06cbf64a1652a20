// The order in which go-yaml v2 writes the keys of a map.
#pragma once

#include <string_view>

namespace plumb::object {

// As people count: letters by code point, all else before letters, runs of digits by their value
// (a2 before a10). UTF-8 in, UTF-8 compared by characters.
bool yaml_key_less(std::string_view a, std::string_view b);

}  // namespace plumb::object
