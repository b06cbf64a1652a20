// Values as Go's fmt package prints them, for messages that must read as kube-apiserver's do.
#pragma once

#include <string>
#include <string_view>

#include "object/value.h"

namespace plumb::object {

// %v: web, 3, 1e+06, true, <nil>, [a b], map[a:1 b:2].
void append_go_value(std::string& out, const Value& value);

// %#v: "web", 3, true, []interface {}{"a"}, map[string]interface {}{"a":1}.
std::string go_syntax(const Value& value);

// %q: double quotes, Go's escapes; characters that are not printable as \x, \u or \U.
void append_go_quoted(std::string& out, std::string_view text);

// %T: string, int64, float64, bool, []interface {}, map[string]interface {}, <nil>.
std::string_view go_type(const Value& value);

}  // namespace plumb::object
