#include "object/field_set.h"

#include <ostream>
#include <random>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "object/json.h"

namespace plumb::object {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

FieldSet set_of(std::string_view fields_v1) {
  auto set = FieldSet::from_json(fields_v1);
  EXPECT_TRUE(set.ok()) << set.error().text();
  return set.ok() ? *set : FieldSet();
}

Value json(std::string_view text) { return parse_json(text).value_or(Value("bad test data")); }

struct CodecCase {
  std::string_view name;
  std::string_view text;
  std::string_view canonical;  // empty: as text
  std::vector<std::string> paths;
};
void PrintTo(const CodecCase& c, std::ostream* out) { *out << c.name; }

class FieldSetCodec : public testing::TestWithParam<CodecCase> {};

TEST_P(FieldSetCodec, ReadsAndWritesAsTheApiServer) {
  const CodecCase& c = GetParam();
  const FieldSet set = set_of(c.text);
  EXPECT_EQ(set.to_json(), c.canonical.empty() ? c.text : c.canonical);
  EXPECT_EQ(set.texts(), c.paths);
  EXPECT_EQ(set.size(), c.paths.size());
}

// The canonical texts and paths are what structured-merge-diff v6.3 answers.
const CodecCase kCodecCases[] = {
    {"empty", "{}", "", {}},
    {"null_is_empty", "null", "{}", {}},
    {"nested_fields", R"({"f:spec":{"f:replicas":{}}})", "", {".spec.replicas"}},
    {"field_and_what_is_below",
     R"({"f:labels":{".":{},"f:app":{}}})",
     "",
     {".labels", ".labels.app"}},
    {"members_come_before_children", R"({"f:a":{"f:b":{}},"f:c":{}})", "", {".c", ".a.b"}},
    {"dot_at_the_root_means_nothing", R"({".":{},"f:a":{".":{}}})", R"({"f:a":{}})", {".a"}},
    {"null_is_a_member", R"({"f:a":null})", R"({"f:a":{}})", {".a"}},
    {"key_fields_sorted_by_name",
     R"({"k:{\"protocol\":\"TCP\",\"port\":80}":{}})",
     R"({"k:{\"port\":80,\"protocol\":\"TCP\"}":{}})",
     {"[port=80,protocol=\"TCP\"]"}},
    {"unknown_kinds_are_skipped", R"({"x:1":{},"f:a":{"x:b":{}}})", R"({"f:a":{}})", {".a"}},
    {"values_in_their_own_order",
     R"({"i:3":{},"v:null":{},"v:{\"a\":1}":{},"v:[1]":{},"v:true":{},"v:\"b\"":{},"v:10":{},"v:2":{},"k:{\"n\":1}":{},"f:z":{}})",
     R"({"f:z":{},"k:{\"n\":1}":{},"v:2":{},"v:10":{},"v:\"b\"":{},"v:true":{},"v:[1]":{},"v:{\"a\":1}":{},"v:null":{},"i:3":{}})",
     {".z", "[n=1]", "[=2]", "[=10]", "[=\"b\"]", "[=true]", "[=[1]]", "[=a=1]", "[=null]", "[3]"}},
    {"numbers_as_doubles",
     R"({"k:{\"port\":1234567}":{},"v:1e21":{},"v:0.0000001":{}})",
     R"({"k:{\"port\":1234567}":{},"v:1e-07":{},"v:1e+21":{}})",
     {"[port=1.234567e+06]", "[=1e-07]", "[=1e+21]"}},
    {"angle_brackets_escaped_inside_values_only",
     R"({"f:a<b":{},"v:\"a<b\"":{}})",
     R"({"f:a<b":{},"v:\"a\\u003cb\"":{}})",
     {".a<b", "[=\"a<b\"]"}},
    {"control_characters", R"({"f:a\tb\b":{}})", R"({"f:a\tb\u0008":{}})", {".a\tb\b"}},
    {"indexes_with_sign",
     R"({"i:+5":{},"i:-4":{},"i:007":{}})",
     R"({"i:-4":{},"i:5":{},"i:7":{}})",
     {"[-4]", "[5]", "[7]"}},
    {"same_element_spelt_twice",
     R"({"v:1":{"f:a":{}},"v:1.0":{"f:b":{}}})",
     R"({"v:1":{"f:a":{},"f:b":{}}})",
     {"[=1].a", "[=1].b"}},
};
INSTANTIATE_TEST_SUITE_P(Cases, FieldSetCodec, testing::ValuesIn(kCodecCases),
                         [](const auto& info) { return std::string(info.param.name); });

struct RefusedCase {
  std::string_view name;
  std::string_view text;
  std::string_view message;
  std::string_view field;  // where
};
void PrintTo(const RefusedCase& c, std::ostream* out) { *out << c.name; }

class FieldSetRefuses : public testing::TestWithParam<RefusedCase> {};

TEST_P(FieldSetRefuses, NamingThePathAndTheReason) {
  const auto set = FieldSet::from_json(GetParam().text);
  ASSERT_FALSE(set.ok());
  EXPECT_THAT(set.error().message(), HasSubstr(GetParam().message));
  EXPECT_EQ(set.error().place().field, GetParam().field);
}

const RefusedCase kRefusedCases[] = {
    {"array", "[]", "is array, want an object", ""},
    {"number_below", R"({"f:spec":{"f:a":3}})", "is integer, want an object", ".spec.a"},
    {"no_colon", R"({"f:spec":{"fx":{}}})", "no colon", ".spec"},
    {"one_character", R"({"f":{}})", "at least 2 characters", ""},
    {"index_in_letters", R"({"i:x":{}})", "index \"x\" is not a number", ""},
    {"value_without_json", R"({"v:":{}})", "key \"v:\"", ""},
    {"text_after_a_value", R"({"v:1 2":{}})", "key \"v:1 2\"", ""},
    {"key_that_is_no_object", R"({"k:[1]":{}})", "want an object of key fields", ""},
};
INSTANTIATE_TEST_SUITE_P(Cases, FieldSetRefuses, testing::ValuesIn(kRefusedCases),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(FieldSet, DepthIsLimited) {
  std::string text = "{}";
  for (int i = 0; i < 5; ++i) text = R"({"f:a":)" + text + "}";
  EXPECT_TRUE(FieldSet::from_json(text, {.depth = 5}).ok());
  const auto set = FieldSet::from_json(text, {.depth = 4});
  ASSERT_FALSE(set.ok());
  EXPECT_EQ(set.error().code(), base::Code::kTooLarge);
}

TEST(FieldSet, NumberOfElementsIsLimited) {
  const std::string_view text = R"({"f:a":{"f:b":{}},"f:c":{}})";
  EXPECT_TRUE(FieldSet::from_json(text, {.elements = 3}).ok());
  const auto set = FieldSet::from_json(text, {.elements = 2});
  ASSERT_FALSE(set.ok());
  EXPECT_EQ(set.error().code(), base::Code::kTooLarge);
}

TEST(FieldSet, ParentsAreNotContainedByTheirChildren) {
  const FieldSet set = set_of(R"({"f:a":{"f:b":{}}})");
  const Path a = {PathElement::field("a")};
  const Path ab = {PathElement::field("a"), PathElement::field("b")};
  EXPECT_FALSE(set.contains(a));
  EXPECT_TRUE(set.contains(ab));
  EXPECT_FALSE(set.contains({}));
}

struct AlgebraCase {
  std::string_view name;
  std::string_view a;
  std::string_view b;
  std::string_view united;
  std::string_view intersected;
  std::string_view without;
  std::string_view without_subtrees;
};
void PrintTo(const AlgebraCase& c, std::ostream* out) { *out << c.name; }

class FieldSetAlgebra : public testing::TestWithParam<AlgebraCase> {};

TEST_P(FieldSetAlgebra, Holds) {
  const AlgebraCase& c = GetParam();
  const FieldSet a = set_of(c.a);
  const FieldSet b = set_of(c.b);
  EXPECT_EQ(a.united(b).to_json(), c.united);
  EXPECT_EQ(a.intersected(b).to_json(), c.intersected);
  EXPECT_EQ(a.without(b).to_json(), c.without);
  EXPECT_EQ(a.without_subtrees(b).to_json(), c.without_subtrees);
}

const AlgebraCase kAlgebraCases[] = {
    {"apart", R"({"f:a":{}})", R"({"f:b":{}})", R"({"f:a":{},"f:b":{}})", "{}", R"({"f:a":{}})",
     R"({"f:a":{}})"},
    {"same", R"({"f:a":{"f:b":{}}})", R"({"f:a":{"f:b":{}}})", R"({"f:a":{"f:b":{}}})",
     R"({"f:a":{"f:b":{}}})", "{}", "{}"},
    {"parent_against_child", R"({"f:a":{"f:b":{}}})", R"({"f:a":{}})",
     R"({"f:a":{".":{},"f:b":{}}})", "{}", R"({"f:a":{"f:b":{}}})", "{}"},
    {"child_against_parent", R"({"f:a":{}})", R"({"f:a":{"f:b":{}}})",
     R"({"f:a":{".":{},"f:b":{}}})", "{}", R"({"f:a":{}})", R"({"f:a":{}})"},
};
INSTANTIATE_TEST_SUITE_P(Cases, FieldSetAlgebra, testing::ValuesIn(kAlgebraCases),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(FieldSet, LeavesAreWhatHasNothingBelow) {
  EXPECT_THAT(set_of(R"({"f:a":{".":{},"f:b":{}},"f:c":{}})").leaves().texts(),
              ElementsAre(".c", ".a.b"));
}

// --- against a naive model: a set of paths as text ---

class RandomSets : public testing::Test {
 protected:
  PathElement element() {
    switch (pick(8)) {
      case 0: return PathElement::key(Value::object({{"name", Value(letter())}}));
      case 1:
        return PathElement::key(
            Value::object({{"port", Value(pick(3))}, {"name", Value(letter())}}));
      case 2: return PathElement::value(Value(letter()));
      case 3: return PathElement::value(Value(pick(12)));
      case 4: return PathElement::index(pick(3));
      default: return PathElement::field(letter());
    }
  }

  Path path() {
    Path out;
    for (int depth = 1 + pick(4); depth > 0; --depth) out.push_back(element());
    return out;
  }

  std::pair<FieldSet, std::set<std::string>> pair() {
    std::pair<FieldSet, std::set<std::string>> out;
    for (int count = pick(20); count > 0; --count) {
      const Path chosen = path();
      out.first.insert(chosen);
      out.second.insert(path_text(chosen));
    }
    return out;
  }

  int pick(int below) { return static_cast<int>(random_() % static_cast<uint32_t>(below)); }
  std::string letter() { return std::string(1, static_cast<char>('a' + pick(3))); }

  std::mt19937 random_{20260711};
};

std::set<std::string> paths_of(const FieldSet& set) {
  const auto texts = set.texts();
  return {texts.begin(), texts.end()};
}

bool is_below(std::string_view path, std::string_view ancestor) {
  return path.starts_with(ancestor) &&
         (path.size() == ancestor.size() || path[ancestor.size()] == '.' ||
          path[ancestor.size()] == '[');
}

TEST_F(RandomSets, AgreeWithTheNaiveModel) {
  for (int round = 0; round < 2000; ++round) {
    const auto [a, model_a] = pair();
    const auto [b, model_b] = pair();
    ASSERT_EQ(paths_of(a), model_a);
    ASSERT_EQ(a.size(), model_a.size());

    std::set<std::string> united = model_a;
    united.insert(model_b.begin(), model_b.end());
    ASSERT_EQ(paths_of(a.united(b)), united);

    std::set<std::string> intersected;
    std::set<std::string> without;
    std::set<std::string> without_subtrees;
    std::set<std::string> leaves;
    for (const std::string& path : model_a) {
      (model_b.contains(path) ? intersected : without).insert(path);
      const auto covers = [&](const std::string& other) { return is_below(path, other); };
      if (std::ranges::none_of(model_b, covers)) without_subtrees.insert(path);
      const auto extends = [&](const std::string& other) {
        return other != path && is_below(other, path);
      };
      if (std::ranges::none_of(model_a, extends)) leaves.insert(path);
    }
    ASSERT_EQ(paths_of(a.intersected(b)), intersected);
    ASSERT_EQ(paths_of(a.without(b)), without);
    ASSERT_EQ(paths_of(a.without_subtrees(b)), without_subtrees);
    ASSERT_EQ(paths_of(a.leaves()), leaves);
  }
}

TEST_F(RandomSets, ObeyTheLawsOfSets) {
  for (int round = 0; round < 1000; ++round) {
    const FieldSet a = pair().first;
    const FieldSet b = pair().first;
    ASSERT_EQ(a.united(b), b.united(a));
    ASSERT_EQ(a.intersected(b), b.intersected(a));
    ASSERT_EQ(a.without(b).united(a.intersected(b)), a);
    ASSERT_EQ(a.united(b).without(b), a.without(b));
    ASSERT_TRUE(a.without(a).empty());
    ASSERT_TRUE(a.without_subtrees(a).empty());
    ASSERT_EQ(a.leaves().leaves(), a.leaves());
  }
}

TEST_F(RandomSets, SurviveEncoding) {
  for (int round = 0; round < 1000; ++round) {
    const FieldSet set = pair().first;
    ASSERT_EQ(set_of(set.to_json()), set) << set.to_json();
    const auto from_value = FieldSet::from_value(set.to_value());
    ASSERT_TRUE(from_value.ok());
    ASSERT_EQ(*from_value, set);
    ASSERT_EQ(set_of(set.to_json()).to_json(), set.to_json());
  }
}

TEST_F(RandomSets, ContainExactlyTheirPaths) {
  for (int round = 0; round < 500; ++round) {
    const auto [set, model] = pair();
    for (int i = 0; i < 20; ++i) {
      const Path probe = path();
      ASSERT_EQ(set.contains(probe), model.contains(path_text(probe)));
    }
    set.for_each([&](std::span<const PathElement> path) { ASSERT_TRUE(set.contains(path)); });
  }
}

TEST(PathElement, ValuesAreOrderedNumbersStringsBooleansArraysObjectsNull) {
  const std::vector<std::string> sorted = {
      "-1",         "1",   "1.5", "2",     "10",  "\"\"", "\"a\"",      "false",
      "true",       "[]",  "[1]", "[1,2]", "[2]", "{}",   R"({"a":1})", R"({"a":1,"b":0})",
      R"({"b":0})", "null"};
  for (size_t i = 0; i < sorted.size(); ++i) {
    for (size_t j = 0; j < sorted.size(); ++j) {
      EXPECT_EQ(compare_values(json(sorted[i]), json(sorted[j])), i <=> j)
          << sorted[i] << " and " << sorted[j];
    }
  }
  EXPECT_TRUE(std::is_eq(compare_values(Value(1), Value(1.0))));
}

TEST(PathElement, PrintsAsInMessagesOfTheApiServer) {
  const Path path = {PathElement::field("spec"), PathElement::field("containers"),
                     PathElement::key(Value::object({{"name", Value("we\"b\n")}})),
                     PathElement::field("image")};
  EXPECT_EQ(path_text(path), R"(.spec.containers[name="we\"b\n"].image)");
}

}  // namespace
}  // namespace plumb::object
