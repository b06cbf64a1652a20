// Any bytes: parsing answers; what it accepts prints to text that parses to the same Value.
#include <cstdlib>

#include "object/json.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace plumb::object;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto value = parse_json(text);
  (void)parse_json(text, {.depth = 8, .duplicates = Duplicates::kReject});
  if (!value.ok()) return 0;
  const auto back = parse_json(to_json(*value));
  if (!back.ok() || !(*back == *value)) std::abort();
  return 0;
}
