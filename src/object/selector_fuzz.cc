// Any text as a label and as a field selector: an answer, and what is accepted prints to text that
// parses to the same selector.
#include <cstdlib>

#include "object/selector.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace plumb::object;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto labels = LabelSelector::parse(text); labels.ok()) {
    const auto again = LabelSelector::parse(labels->text());
    if (!again.ok() || !(*again == *labels)) std::abort();
    (void)labels->matches(Value::object({{"app", "web"}, {"n", "5"}}));
  }
  if (const auto fields = FieldSelector::parse(text); fields.ok()) {
    const auto again = FieldSelector::parse(fields->text());
    if (!again.ok() || again->requirements().size() != fields->requirements().size()) std::abort();
    (void)fields->matches([](std::string_view) { return "web"; });
  }
  return 0;
}
