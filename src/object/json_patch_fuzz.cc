// A document, a line break, and a patch for it: as JSON Patch, as JSON Merge Patch, and as a
// document to go to.
#include <cstdint>
#include <cstdlib>

#include "object/json.h"
#include "object/patch.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace plumb::object;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const size_t line = std::min(text.find('\n'), text.size());
  const auto document = parse_json(text.substr(0, line));
  const auto patch = parse_json(text.substr(std::min(line + 1, text.size())));
  if (!document.ok() || !patch.ok()) return 0;

  const auto patched = apply_json_patch(*document, *patch);
  for (const Value* other : {&*patch, patched.ok() ? &*patched : &*document}) {
    const auto again = apply_json_patch(*document, diff(*document, *other));
    if (!again.ok() || !(*again == *other)) std::abort();
  }
  const Value merged = apply_merge_patch(*document, *patch);
  // Applying it again changes nothing.
  if (!(apply_merge_patch(merged, *patch) == merged)) std::abort();
  (void)apply_merge_patch(*document, create_merge_patch(*document, *patch));
  return 0;
}
