// YAML cases taken from the tests of go-yaml v2 and sigs.k8s.io/yaml (../shared/conformance/helm).
#include <gtest/gtest.h>

#include "object/json.h"
#include "object/yaml.h"
#include "tests/conformance/cases.h"

namespace plumb::conformance {
namespace {

using object::Value;

Value read(const Value& text) {
  const auto value = object::parse_first_yaml(text.as_string());
  EXPECT_TRUE(value.ok()) << value.error().text();
  return value.ok() ? *value : Value();
}

// Helm's toYaml trims the newline at the end.
std::string trimmed_yaml(const Value& value) {
  std::string text = object::to_yaml(value);
  text.pop_back();
  return text;
}

TEST(YamlCases, ReadAndWriteAsExpected) {
  const auto rows = cases("helm/yaml.jsonl");
  if (!rows) GTEST_SKIP() << kNoCases;
  int beyond_json = 0;
  for (const Value& row : *rows) {
    SCOPED_TRACE(row["id"].as_string());
    if (row.contains("expectError")) {
      EXPECT_FALSE(object::parse_first_yaml(row["yaml"].as_string()).ok());
    } else if (row.contains("jsonToYaml")) {
      EXPECT_EQ(read(row["yaml"]), *object::parse_json(row["json"].as_string()));
      const Value& back = row["jsonToYaml"];
      EXPECT_EQ(object::to_yaml(*object::parse_json(back["json"].as_string())),
                back["expected"].as_string());
    } else if (row.contains("expectedValue")) {
      EXPECT_EQ(read(row["data"]), row["expectedValue"]);
    } else if (read(row["expected"]) == row["data"]) {
      EXPECT_EQ(trimmed_yaml(row["data"]), row["expected"].as_string());
    } else {
      ++beyond_json;
    }
  }
  EXPECT_EQ(rows->size(), 68u);
  // Data of a Go type that JSON can't tell from a string: a json.Number is written as a number.
  EXPECT_LE(beyond_json, 1);
}

}  // namespace
}  // namespace plumb::conformance
