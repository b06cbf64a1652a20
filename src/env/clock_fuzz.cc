// RFC 3339: whatever is read as a time within the years that can be written reads back the same.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "env/clock.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using plumb::env::parse_rfc3339;
  const auto time = parse_rfc3339({reinterpret_cast<const char*>(data), size});
  if (!time.ok()) return 0;
  const auto first = parse_rfc3339("0000-01-01T00:00:00Z");
  const auto last = parse_rfc3339("9999-12-31T23:59:59.999999Z");
  if (*time < *first || *time > *last) return 0;  // an offset led out of the four-digit years
  const auto again = parse_rfc3339(format_rfc3339_micro(*time));
  if (!again.ok() || *again != *time) std::abort();
  return 0;
}
