// The dates and times of YAML 1.1 that go-yaml v2 knows.
#pragma once

#include <string_view>

namespace plumb::object {

// Whether go-yaml takes a plain scalar for a date or a time. It stays a string, but needs quotes to
// be written.
bool is_yaml_timestamp(std::string_view text);

}  // namespace plumb::object
