#include "object/pointer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "object/field_path.h"
#include "object/json.h"

namespace plumb::object {
namespace {

using ::testing::HasSubstr;

Value json(std::string_view text) { return parse_json(text).value(); }

TEST(Pointer, ReadsEveryKindOfToken) {
  const Value document =
      json(R"({"list":[10,{"x":11}],"":12,"a/b":13,"m~n":14,"c%d":15," ":16,"~1":17,"k":{"":18}})");
  const std::pair<std::string_view, int> table[] = {
      {"/list/0", 10}, {"/list/1/x", 11}, {"/", 12},    {"/a~1b", 13}, {"/m~0n", 14},
      {"/c%d", 15},    {"/ ", 16},        {"/~01", 17}, {"/k/", 18},
  };
  for (const auto& [text, expected] : table) {
    const auto pointer = Pointer::parse(text);
    ASSERT_TRUE(pointer.ok()) << text;
    const Value* found = find(document, *pointer);
    ASSERT_NE(found, nullptr) << text;
    EXPECT_EQ(found->as_int(), expected) << text;
    EXPECT_EQ(pointer->text(), text);
  }
  EXPECT_EQ(find(document, Pointer()), &document);
}

TEST(Pointer, MustStartWithASlash) {
  EXPECT_THAT(Pointer::parse("a/b").error().message(), HasSubstr("does not start with"));
}

TEST(Pointer, AnEscapeThatIsNoneIsRefusedOrTakenAsItIs) {
  for (const char* text : {"/a~", "/a~2", "/~"}) {
    EXPECT_FALSE(Pointer::parse(text).ok()) << text;
    EXPECT_EQ(Pointer::parse(text, Escapes::kLenient)->tokens()[0], std::string(text).substr(1));
  }
}

TEST(Pointer, IndexesHaveNoSignAndNoLeadingZero) {
  EXPECT_EQ(array_index("0"), 0U);
  EXPECT_EQ(array_index("12"), 12U);
  for (const char* text : {"", "-", "-1", "+1", "01", "1 ", "0x1", "99999999999999999999"}) {
    EXPECT_EQ(array_index(text), std::nullopt) << text;
  }
}

TEST(Pointer, ErrorsNameTheTokenAndWhatStoodThere) {
  const Value document = json(R"({"spec":{"items":[1,2],"name":"x"}})");
  const std::pair<std::string_view, std::string_view> table[] = {
      {"/spec/size", R"(there is no member "size" at "/spec", looking for "/spec/size")"},
      {"/spec/items/2", R"(there is no item "2" in an array of 2 at "/spec/items")"},
      {"/spec/items/-", R"("-" is not an index into an array at "/spec/items")"},
      {"/spec/name/x/y", R"(there is no "x" in a value of type string at "/spec/name")"},
  };
  for (const auto& [text, message] : table) {
    const auto found = get(document, *Pointer::parse(text));
    ASSERT_FALSE(found.ok()) << text;
    EXPECT_EQ(found.error().code(), base::Code::kNotFound);
    EXPECT_THAT(found.error().message(), HasSubstr(message));
  }
}

TEST(Pointer, EditWritesWithoutTouchingCopies) {
  Value document = json(R"({"a":[{"b":1}]})");
  const Value copy = document;
  *edit(document, *Pointer::parse("/a/0/b")).value() = 2;
  EXPECT_EQ(document, json(R"({"a":[{"b":2}]})"));
  EXPECT_EQ(copy, json(R"({"a":[{"b":1}]})"));
  EXPECT_FALSE(edit(document, *Pointer::parse("/a/1/b")).ok());
  EXPECT_EQ(document, json(R"({"a":[{"b":2}]})"));
}

TEST(Pointer, ContainsItselfAndAllBelow) {
  const Pointer above = *Pointer::parse("/a");
  EXPECT_TRUE(above.contains(above));
  EXPECT_TRUE(above.contains(above.child("b")));
  EXPECT_TRUE(Pointer().contains(above));
  EXPECT_FALSE(above.contains(*Pointer::parse("/ab")));
  EXPECT_FALSE(above.child("b").contains(above));
}

TEST(FieldPath, WritesPlacesAsKubernetesDoes) {
  const FieldPath root;
  EXPECT_EQ(root.text(), "");
  const FieldPath spec = root.child("spec");
  const FieldPath containers = spec.child("containers");
  const FieldPath first = containers.index(0);
  EXPECT_EQ(first.child("image").text(), "spec.containers[0].image");
  const FieldPath labels = spec.child("labels");
  EXPECT_EQ(labels.child("app.kubernetes.io/name").text(),
            R"(spec.labels["app.kubernetes.io/name"])");
  EXPECT_EQ(root.child("").text(), R"([""])");
  EXPECT_EQ(root.child("a\"b").text(), R"(["a\"b"])");
  EXPECT_EQ(labels.child("plain-name_1").text(), "spec.labels.plain-name_1");
}

}  // namespace
}  // namespace plumb::object
