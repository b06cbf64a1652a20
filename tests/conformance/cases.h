// The cases of ../shared/conformance: inputs and expected outputs taken from the systems that
// Plumbline takes over.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "object/value.h"

namespace plumb::conformance {

// The rows of a file of JSON lines, by its path under ../shared/conformance. None where that folder
// is missing; the test is then skipped by name:
//   if (!rows) GTEST_SKIP() << kNoCases;
// In CI (CI=true) it must be there: the test fails.
std::optional<std::vector<object::Value>> cases(const std::string& path);
inline constexpr const char* kNoCases = "needs ../shared/conformance beside the checkout";

}  // namespace plumb::conformance
