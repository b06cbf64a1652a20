#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "object/json.h"
#include "object/patch.h"

namespace plumb::object {
namespace {

using ::testing::HasSubstr;

Value json(std::string_view text) { return parse_json(text).value(); }

struct Applied {
  const char* name;
  const char* document;
  const char* patch;
  const char* expected;
};

// What RFC 6902's sections 4 and appendix A lay down.
const Applied kStandard[] = {
    {"add a member", R"({"a":1})", R"([{"op":"add","path":"/b","value":2}])", R"({"a":1,"b":2})"},
    {"add over a member", R"({"a":1})", R"([{"op":"add","path":"/a","value":[]}])", R"({"a":[]})"},
    {"add an item in the middle", R"({"l":[1,3]})", R"([{"op":"add","path":"/l/1","value":2}])",
     R"({"l":[1,2,3]})"},
    {"add an item at the end by index", "[1]", R"([{"op":"add","path":"/1","value":2}])", "[1,2]"},
    {"add an item at the end by dash", "[1]", R"([{"op":"add","path":"/-","value":[2]}])",
     "[1,[2]]"},
    {"add a nested object", R"({"a":1})", R"([{"op":"add","path":"/b","value":{"c":{}}}])",
     R"({"a":1,"b":{"c":{}}})"},
    {"add the whole document", R"({"a":1})", R"([{"op":"add","path":"","value":[1]}])", "[1]"},
    {"remove a member", R"({"a":1,"b":2})", R"([{"op":"remove","path":"/a"}])", R"({"b":2})"},
    {"remove a null", R"({"a":null})", R"([{"op":"remove","path":"/a"}])", "{}"},
    {"remove an item", "[1,2,3]", R"([{"op":"remove","path":"/1"}])", "[1,3]"},
    {"replace a member", R"({"a":1})", R"([{"op":"replace","path":"/a","value":"x"}])",
     R"({"a":"x"})"},
    {"replace an item", "[1,2]", R"([{"op":"replace","path":"/1","value":null}])", "[1,null]"},
    {"replace the whole document", "[1]", R"([{"op":"replace","path":"","value":{"a":1}}])",
     R"({"a":1})"},
    {"move a member", R"({"a":{"b":1},"c":{}})", R"([{"op":"move","from":"/a/b","path":"/c/d"}])",
     R"({"a":{},"c":{"d":1}})"},
    {"move an item", "[1,2,3,4]", R"([{"op":"move","from":"/1","path":"/3"}])", "[1,3,4,2]"},
    {"move onto itself", R"({"a":1})", R"([{"op":"move","from":"/a","path":"/a"}])", R"({"a":1})"},
    {"copy a member", R"({"a":[1]})", R"([{"op":"copy","from":"/a","path":"/b"}])",
     R"({"a":[1],"b":[1]})"},
    {"copies are apart", R"({"a":[1]})",
     R"([{"op":"copy","from":"/a","path":"/b"},{"op":"add","path":"/b/-","value":2}])",
     R"({"a":[1],"b":[1,2]})"},
    {"copy into itself", R"({"a":{}})", R"([{"op":"copy","from":"","path":"/a/b"}])",
     R"({"a":{"b":{"a":{}}}})"},
    {"test passes", R"({"a":{"b":[1,"x",null]}})",
     R"([{"op":"test","path":"/a","value":{"b":[1,"x",null]}}])", R"({"a":{"b":[1,"x",null]}})"},
    {"test compares numbers as numbers", R"({"a":1})", R"([{"op":"test","path":"/a","value":1.0}])",
     R"({"a":1})"},
    {"test the whole document", "[1]", R"([{"op":"test","path":"","value":[1]}])", "[1]"},
    {"escaped tokens", R"({"a/b":{"~1":1}})", R"([{"op":"test","path":"/a~1b/~01","value":1}])",
     R"({"a/b":{"~1":1}})"},
    {"members it does not know", R"({})", R"([{"op":"add","path":"/a","value":1,"xyz":2}])",
     R"({"a":1})"},
    {"no operation", "[1]", "[]", "[1]"},
};

// Where kube-apiserver goes beyond the RFC.
const Applied kLenient[] = {
    {"index from the end", "[1,2]", R"([{"op":"replace","path":"/-1","value":3}])", "[1,3]"},
    {"add from the end", "[1,2]", R"([{"op":"add","path":"/-1","value":3}])", "[1,2,3]"},
    {"add before the last", "[1,2]", R"([{"op":"add","path":"/-2","value":3}])", "[1,3,2]"},
    {"leading zero and plus", "[1,2]",
     R"([{"op":"remove","path":"/01"},{"op":"remove","path":"/+0"}])", "[]"},
    {"replace adds", "{}", R"([{"op":"replace","path":"/a","value":1}])", R"({"a":1})"},
    {"copy of nothing", "{}", R"([{"op":"copy","from":"/a","path":"/b"}])", R"({"b":null})"},
    {"test of nothing against null", "{}", R"([{"op":"test","path":"/a","value":null}])", "{}"},
    {"test of nothing against nothing", "{}", R"([{"op":"test","path":"/a"}])", "{}"},
    {"move an item into its follower", "[1,{}]", R"([{"op":"move","from":"/0","path":"/0/a"}])",
     R"([{"a":1}])"},
    {"add without a value", "{}", R"([{"op":"add","path":"/a"}])", R"({"a":null})"},
    {"tilde alone", R"({"a~b~2":1})", R"([{"op":"remove","path":"/a~b~2"}])", "{}"},
};

void expect_applied(const Applied& row) {
  const auto result = apply_json_patch(json(row.document), json(row.patch));
  ASSERT_TRUE(result.ok()) << row.name << ": " << result.error().text();
  EXPECT_EQ(to_json(*result), row.expected) << row.name;
}

TEST(JsonPatch, DoesWhatTheStandardSays) {
  for (const Applied& row : kStandard) expect_applied(row);
}

TEST(JsonPatch, AcceptsWhatTheApiServerAccepts) {
  for (const Applied& row : kLenient) expect_applied(row);
}

struct Refused {
  const char* document;
  const char* patch;
  base::Code code;
  const char* message;
};

const Refused kRefused[] = {
    {"{}", "{}", base::Code::kInvalid, "is an array of operations, not a value of type object"},
    {"{}", "[1]", base::Code::kInvalid, "operation 0: it is not an object"},
    {"{}", R"([{"op":"add"}])", base::Code::kInvalid, R"(operation 0 ("add"): it has no "path")"},
    {"{}", R"([{"op":"add","path":7}])", base::Code::kInvalid, R"("path" is not a string)"},
    {"{}", R"([{"op":"add","path":"a/b"}])", base::Code::kInvalid, "does not start with"},
    {"{}", R"([{"path":"/a"}])", base::Code::kInvalid, R"(it has no "op")"},
    {"{}", R"([{"op":"Add","path":"/a"}])", base::Code::kInvalid, R"(unknown op "Add")"},
    {"{}", R"([{"op":"move","path":"/a"}])", base::Code::kInvalid, R"(it has no "from")"},
    {"{}", R"([{"op":"add","path":"/a/b","value":1}])", base::Code::kNotFound,
     R"(operation 0 ("add" "/a/b"): there is no member "a")"},
    {R"({"a":1})", R"([{"op":"add","path":"/a/b","value":1}])", base::Code::kNotFound,
     R"(there is no "b" in a value of type integer)"},
    {R"({"a":null})", R"([{"op":"add","path":"/a/b","value":1}])", base::Code::kNotFound,
     R"(there is no "b" in a value of type null)"},
    {"[1]", R"([{"op":"add","path":"/2","value":1}])", base::Code::kNotFound,
     R"(there is no item "2" in an array of 1)"},
    {"[1]", R"([{"op":"add","path":"/-3","value":1}])", base::Code::kNotFound, R"("-3")"},
    {"[1]", R"([{"op":"add","path":"/x","value":1}])", base::Code::kNotFound, R"("x")"},
    {"[1]", R"([{"op":"add","path":"/+-1","value":1}])", base::Code::kNotFound, R"("+-1")"},
    {"[1]", R"([{"op":"remove","path":"/1"}])", base::Code::kNotFound, R"("1")"},
    {"[1]", R"([{"op":"remove","path":"/-"}])", base::Code::kNotFound, R"("-")"},
    {"{}", R"([{"op":"remove","path":"/a"}])", base::Code::kNotFound, R"(no member "a")"},
    {"{}", R"([{"op":"remove","path":""}])", base::Code::kInvalid, "cannot be removed"},
    {"[]", R"([{"op":"replace","path":"/0","value":1}])", base::Code::kNotFound, R"("0")"},
    {"{}", R"([{"op":"move","from":"/a","path":"/b"}])", base::Code::kNotFound, R"(no member "a")"},
    {R"({"a":{"b":1}})", R"([{"op":"move","from":"/a","path":"/a/b/c"}])", base::Code::kNotFound,
     R"(operation 0 ("move" "/a" "/a/b/c"): there is no member "a")"},
    {R"({"a":1})", R"([{"op":"move","from":"","path":"/a"}])", base::Code::kInvalid,
     "cannot be removed"},
    {"{}", R"([{"op":"copy","from":"/a/b","path":"/b"}])", base::Code::kNotFound, R"("a")"},
    {"[]", R"([{"op":"test","path":"/0","value":null}])", base::Code::kNotFound, R"("0")"},
    {R"({"a":"1"})", R"([{"op":"test","path":"/a","value":1}])", base::Code::kConflict,
     R"(operation 0 ("test" "/a"): test failed)"},
    {"{}", R"([{"op":"test","path":"/a","value":1}])", base::Code::kConflict, "test failed"},
};

TEST(JsonPatch, RefusesNamingOperationPathAndReason) {
  for (const Refused& row : kRefused) {
    const auto result = apply_json_patch(json(row.document), json(row.patch));
    ASSERT_FALSE(result.ok()) << row.patch;
    EXPECT_EQ(result.error().code(), row.code) << row.patch << result.error().text();
    EXPECT_THAT(result.error().message(), HasSubstr(row.message)) << row.patch;
  }
}

TEST(JsonPatch, AFailureLeavesTheDocumentAsItWas) {
  const Value document = json(R"({"a":{"b":[1]}})");
  const auto result = apply_json_patch(
      document, json(R"([{"op":"add","path":"/a/b/-","value":2},{"op":"remove","path":"/x"}])"));
  EXPECT_THAT(result.error().message(), HasSubstr("operation 1"));
  EXPECT_EQ(to_json(document), R"({"a":{"b":[1]}})");
}

TEST(JsonPatch, LimitsTheNumberOfOperations) {
  Value patch = Value::array();
  for (int i = 0; i < 10'000; ++i) patch.push_back(json(R"({"op":"test","path":"/a"})"));
  EXPECT_TRUE(apply_json_patch(Value::object(), patch).ok());
  patch.push_back(json(R"({"op":"test","path":"/a"})"));
  EXPECT_EQ(apply_json_patch(Value::object(), patch).error().code(), base::Code::kTooLarge);
}

TEST(JsonPatch, LimitsWhatCopiesAddUp) {
  // Doubles the document thirty times over.
  Value patch = Value::array();
  for (int i = 0; i < 30; ++i) patch.push_back(json(R"({"op":"copy","from":"","path":"/-"})"));
  const auto result = apply_json_patch(json("[1]"), patch);
  EXPECT_EQ(result.error().code(), base::Code::kTooLarge);
  EXPECT_THAT(result.error().message(), HasSubstr("copies more than 3145728 bytes"));
}

TEST(JsonPatch, LimitsTheDepthHoweverItGrows) {
  const Value document = json(R"({"x":{"x":{}},"y":{"y":{}}})");
  for (const char* operation : {R"({"op":"add","path":"/a","value":{"b":{"c":{"d":{}}}}})",
                                R"({"op":"copy","from":"/x","path":"/y/y/z"})",
                                R"({"op":"move","from":"/x","path":"/y/y/z"})"}) {
    const Value patch = Value::array({json(operation)});
    EXPECT_EQ(apply_json_patch(document, patch, {.depth = 4}).error().code(), base::Code::kTooLarge)
        << operation;
    EXPECT_TRUE(apply_json_patch(document, patch, {.depth = 5}).ok()) << operation;
  }
}

}  // namespace
}  // namespace plumb::object
