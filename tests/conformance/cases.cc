#include "tests/conformance/cases.h"

#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

#include "object/json.h"

namespace plumb::conformance {

std::optional<std::vector<object::Value>> cases(const std::string& path) {
  std::ifstream file(PLUMB_SOURCE_DIR "/../shared/conformance/" + path);
  if (!file) {
    const char* ci = std::getenv("CI");
    if (ci != nullptr && std::string_view(ci) == "true") ADD_FAILURE() << path << " is missing";
    return std::nullopt;
  }
  std::vector<object::Value> rows;
  for (std::string line; std::getline(file, line);) {
    auto row = object::parse_json(line);
    EXPECT_TRUE(row.ok()) << line;
    if (row.ok()) rows.push_back(*std::move(row));
  }
  return rows;
}

}  // namespace plumb::conformance
