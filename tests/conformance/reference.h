// Asks tests/reference, the Go program that answers with Kubernetes' own libraries.
#pragma once

#include <vector>

#include "object/value.h"

namespace plumb::conformance {

// True if the tool can be asked. Without Go it cannot; the test is then skipped by name:
//   if (!have_reference()) GTEST_SKIP() << kNoReference;
// In CI (CI=true) it must be there: the test goes on and fails.
bool have_reference();
inline constexpr const char* kNoReference =
    "needs Go (https://go.dev, 1.24 or newer, on PATH) to build tests/reference";

// The answers to `questions`, in order; each is {"ok": …} or {"error": "text"}. A failing test and
// no answers if the tool breaks.
std::vector<object::Value> ask(const std::vector<object::Value>& questions);
object::Value ask(const object::Value& question);

}  // namespace plumb::conformance
