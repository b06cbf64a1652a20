// Errors of system calls, with the code that fits and the C library's text (never translated).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace plumb::env {

// "rename /a to /b: No such file or directory", kNotFound; `doing` is the part before the colon.
base::Error errno_error(int number, std::string_view doing);

}  // namespace plumb::env
