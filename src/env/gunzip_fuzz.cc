// Any bytes: gunzip answers, never gives more than asked for at once, and what it makes of the
// input does not depend on how that is cut.
#include <algorithm>
#include <cstdlib>
#include <optional>

#include "env/gunzip.h"

namespace {

constexpr size_t kMost = 1 << 20;

// The text; nullopt if it is damaged or cut off; at most kMost of it.
std::optional<std::string> gunzip(std::string_view compressed, size_t step, size_t limit) {
  plumb::env::Gunzip gunzip;
  std::string out;
  for (; !compressed.empty(); compressed.remove_prefix(std::min(step, compressed.size()))) {
    gunzip.put(std::string(compressed.substr(0, step)));
    while (out.size() < kMost) {
      const auto text = gunzip.take(limit);
      if (!text.ok()) return std::nullopt;
      if (text->size() > limit) std::abort();
      if (text->empty()) break;
      out += *text;
    }
    if (out.size() >= kMost) return out.substr(0, kMost);
  }
  if (!gunzip.finish().ok()) return std::nullopt;
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto whole = gunzip(bytes, bytes.size() + 1, 4096);
  const auto pieces = gunzip(bytes, 7, 100);
  // Damage behind the first kMost bytes may be seen by one and not by the other.
  if (whole && pieces && *whole != *pieces) std::abort();
  return 0;
}
