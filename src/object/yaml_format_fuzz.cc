// Any text: the formatter either refuses it or gives a text that it leaves as it is. Its own check,
// an internal error, never fires.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "object/yaml_format.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto once = plumb::object::format_yaml(text);
  if (!once.ok()) {
    if (once.error().code() == plumb::base::Code::kInternal) std::abort();
    return 0;
  }
  const auto twice = plumb::object::format_yaml(*once);
  if (!twice.ok() || *twice != *once) std::abort();
  return 0;
}
