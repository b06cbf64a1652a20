#include <gtest/gtest.h>

#include "object/json.h"
#include "object/patch.h"

namespace plumb::object {
namespace {

Value json(std::string_view text) { return parse_json(text).value(); }

struct Merged {
  const char* document;
  const char* patch;
  const char* expected;
};

const Merged kMerged[] = {
    {R"({"a":1,"b":2})", R"({"a":3})", R"({"a":3,"b":2})"},
    {R"({"a":1})", R"({"b":2})", R"({"a":1,"b":2})"},
    {R"({"a":1,"b":2})", R"({"a":null})", R"({"b":2})"},
    {R"({"a":1})", R"({"x":null})", R"({"a":1})"},
    {R"({"a":[1,2]})", R"({"a":3})", R"({"a":3})"},
    {R"({"a":1})", R"({"a":[2]})", R"({"a":[2]})"},
    {R"({"a":{"b":1,"c":2}})", R"({"a":{"b":3,"c":null}})", R"({"a":{"b":3}})"},
    {R"({"a":[{"b":1}]})", R"({"a":[2]})", R"({"a":[2]})"},
    {R"([1,2])", R"([3])", R"([3])"},
    {R"({"a":1})", R"(["x"])", R"(["x"])"},
    {R"({"a":1})", "null", "null"},
    {R"({"a":1})", R"("text")", R"("text")"},
    {R"([1])", R"({"a":1,"b":null})", R"({"a":1})"},
    {"{}", R"({"a":{"b":{"c":null}}})", R"({"a":{"b":{}}})"},
    {R"({"a":null})", R"({"b":1})", R"({"a":null,"b":1})"},
    {R"({"a":null})", R"({"a":{"b":null,"c":1}})", R"({"a":{"c":1}})"},
    {R"({"a":1,"b":1,"c":1,"d":1,"e":1,"z":1})",
     R"({"a":null,"b":null,"c":null,"d":null,"e":null,"f":2,"g":2})", R"({"f":2,"g":2,"z":1})"},
    // Arrays that come new lose null members inside, arrays in the place of an object do not.
    {"{}", R"({"a":[null,{"b":null,"c":1}]})", R"({"a":[null,{"c":1}]})"},
    {R"({"a":{}})", R"({"a":[{"b":null}]})", R"({"a":[{"b":null}]})"},
};

TEST(MergePatch, Applies) {
  for (const Merged& row : kMerged) {
    EXPECT_EQ(to_json(apply_merge_patch(json(row.document), json(row.patch))), row.expected)
        << row.document << " + " << row.patch;
  }
}

TEST(MergePatch, LeavesItsArgumentsAlone) {
  const Value document = json(R"({"a":{"b":1}})");
  const Value patch = json(R"({"a":{"c":{"d":null}}})");
  EXPECT_EQ(to_json(apply_merge_patch(document, patch)), R"({"a":{"b":1,"c":{}}})");
  EXPECT_EQ(to_json(document), R"({"a":{"b":1}})");
  EXPECT_EQ(to_json(patch), R"({"a":{"c":{"d":null}}})");
}

const Merged kCreated[] = {
    {"{}", "{}", "{}"},
    {R"({"a":1})", R"({"a":1})", "{}"},
    {R"({"a":1})", R"({"b":2})", R"({"a":null,"b":2})"},
    {R"({"a":{"b":1,"c":2}})", R"({"a":{"b":1,"c":3}})", R"({"a":{"c":3}})"},
    {R"({"a":{"b":1}})", R"({"a":{}})", R"({"a":{"b":null}})"},
    {R"({"a":{"b":1}})", R"({"a":[1]})", R"({"a":[1]})"},
    {R"({"a":[1,{"b":1}]})", R"({"a":[1,{"b":2}]})", R"({"a":[1,{"b":2}]})"},
    {R"({"a":null})", R"({"a":null})", "{}"},
    {"[1]", "[2]", "[2]"},
};

TEST(MergePatch, IsCreatedFromTwoDocuments) {
  for (const Merged& row : kCreated) {
    EXPECT_EQ(to_json(create_merge_patch(json(row.document), json(row.patch))), row.expected)
        << row.document << " -> " << row.patch;
  }
}

}  // namespace
}  // namespace plumb::object
