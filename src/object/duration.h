// Durations as Go writes them, and with it Kubernetes and every system we take over: "1h30m",
// "1.5s".
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace plumb::object {

// time.ParseDuration: signed decimal numbers with units ns, us, µs, ms, s, m, h; a unit is needed
// except for "0". Beyond ±292 years it is an error.
base::Result<std::chrono::nanoseconds> parse_duration(std::string_view text);

// time.Duration.String: "1h30m0s", "1.5s", "100ms", "0s".
std::string format_duration(std::chrono::nanoseconds duration);

}  // namespace plumb::object
