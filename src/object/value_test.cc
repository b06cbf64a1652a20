#include "object/value.h"

#include <gtest/gtest.h>

#include "object/json.h"
#include "object/random_value.h"

namespace plumb::object {
namespace {

static_assert(sizeof(Value) == 16);
static_assert(sizeof(Member) == 32);

TEST(Value, KnowsItsKind) {
  EXPECT_EQ(Value().kind(), Kind::kNull);
  EXPECT_EQ(Value(nullptr).kind(), Kind::kNull);
  EXPECT_EQ(Value(true).kind(), Kind::kBool);
  EXPECT_EQ(Value(1).kind(), Kind::kInt);
  EXPECT_EQ(Value(uint64_t{1}).kind(), Kind::kInt);
  EXPECT_EQ(Value(UINT64_MAX).kind(), Kind::kUint);
  EXPECT_EQ(Value(1.0).kind(), Kind::kDouble);
  EXPECT_EQ(Value("").kind(), Kind::kString);
  EXPECT_EQ(Value::array().kind(), Kind::kArray);
  EXPECT_EQ(Value::object().kind(), Kind::kObject);
}

TEST(Value, NotANumberBecomesNull) {
  EXPECT_TRUE(Value(std::nan("")).is_null());
  EXPECT_TRUE(Value(INFINITY).is_null());
}

TEST(Value, StringsOfEveryLengthComeBack) {
  for (size_t length = 0; length < 40; ++length) {
    const std::string text(length, 'x');
    const Value value(text);
    const Value copy = value;
    EXPECT_EQ(value.as_string(), text);
    EXPECT_EQ(copy.as_string(), text);
    EXPECT_EQ(value.heap_bytes() == 0, length <= 14) << length;
  }
  EXPECT_EQ(Value(std::string_view("a\0b", 3)).as_string().size(), 3U);
}

TEST(Value, LenientReadingGivesTheEmptyAnswer) {
  const Value value = Value::object({{"a", Value::array({1, "x"})}});
  EXPECT_EQ(value["a"].at(1).as_string(), "x");
  EXPECT_TRUE(value["b"]["c"]["d"].is_null());
  EXPECT_TRUE(value["a"].at(9).is_null());
  EXPECT_EQ(value["a"].as_string("fallback"), "fallback");
  EXPECT_EQ(Value("7").as_int(), 0);
  EXPECT_TRUE(Value("text").items().empty());
  EXPECT_TRUE(Value("text").members().empty());
  EXPECT_EQ(Value(7).find("a"), nullptr);
}

TEST(Value, NumbersConvertOnlyWhereExact) {
  EXPECT_EQ(Value(3.0).as_int(), 3);
  EXPECT_EQ(Value(3.5).as_int(-1), -1);
  EXPECT_EQ(Value(1e300).as_int(-1), -1);
  EXPECT_EQ(Value(9223372036854775808.0).as_int(-1), -1);
  EXPECT_EQ(Value(9223372036854775808.0).as_uint(), 9223372036854775808U);
  EXPECT_EQ(Value(-1).as_uint(7), 7U);
  EXPECT_EQ(Value(UINT64_MAX).as_int(7), 7);
  EXPECT_EQ(Value(UINT64_MAX).as_uint(), UINT64_MAX);
  EXPECT_EQ(Value(-3).as_double(), -3.0);
}

TEST(Value, MembersAreSortedAndKeysUnique) {
  Value value;
  for (const char* key : {"b", "a", "c", "a", "B", "10", "9"}) value.set(key, key);
  EXPECT_EQ(to_json(value), R"({"10":"10","9":"9","B":"B","a":"a","b":"b","c":"c"})");
  EXPECT_EQ(Value::object({{"k", 1}, {"j", 2}, {"k", 3}}), Value::object({{"j", 2}, {"k", 3}}));
}

TEST(Value, MakeObjectNamesTheFirstDuplicate) {
  for (const size_t count : {size_t{3}, size_t{40}}) {  // insertion sort, and beyond
    std::vector<Member> members;
    for (size_t i = count; i > 0; --i) members.emplace_back(Text("key" + std::to_string(i)), i);
    members.emplace_back(Text("key2"), "again");
    Text duplicate;
    const Value value = Value::make_object(members, &duplicate);
    EXPECT_EQ(duplicate.view(), "key2");
    EXPECT_EQ(value.size(), count);
    EXPECT_EQ(value["key2"].as_string(), "again");
  }
}

TEST(Value, ACopyDoesNotSeeEditsOfTheOriginal) {
  Value original = parse_json(R"({"a":{"b":[1,2,{"c":"d"}]},"e":5})").value();
  const Value copy = original;
  original.edit("a").edit("b").edit(2).set("c", "changed");
  original.edit("a").edit("b").push_back(3);
  original.erase("e");
  EXPECT_EQ(to_json(copy), R"({"a":{"b":[1,2,{"c":"d"}]},"e":5})");
  EXPECT_EQ(to_json(original), R"({"a":{"b":[1,2,{"c":"changed"},3]}})");
}

TEST(Value, ACopySharesItsBlocksUntilAnEdit) {
  Value original = parse_json(R"({"a":{"x":[1,2,3]},"b":{"y":[4]}})").value();
  Value copy = original;
  EXPECT_EQ(copy.members().data(), original.members().data());
  copy.edit("a").set("z", 1);
  EXPECT_NE(copy.members().data(), original.members().data());
  EXPECT_EQ(copy["b"].members().data(), original["b"].members().data());
  EXPECT_EQ(copy["a"]["x"].items().data(), original["a"]["x"].items().data());
}

TEST(Value, MayBeReplacedByItsOwnPart) {
  Value value = parse_json(R"({"a":{"b":{"c":[1,2]}}})").value();
  value = value["a"];
  value = std::move(value.edit("b"));
  EXPECT_EQ(to_json(value), R"({"c":[1,2]})");
  value.set("copy", value);
  EXPECT_EQ(to_json(value), R"({"c":[1,2],"copy":{"c":[1,2]}})");
  const Value& itself = value;
  value = itself;
  EXPECT_EQ(value.size(), 2U);
}

TEST(Value, MayBeEditedAtAKeyThatItHoldsItself) {
  const std::string key = "a key that lives in a block of its own";
  Value text(key);
  text.edit(text.as_string()) = 1;
  EXPECT_EQ(text, Value::object({{key, 1}}));
  Value object = Value::object({{"k", key}});
  object.set(object["k"].as_string(), 2);
  EXPECT_EQ(object, Value::object({{key, 2}, {"k", key}}));
  EXPECT_TRUE(object.erase(object.members()[0].key()));
  EXPECT_EQ(object, Value::object({{"k", key}}));
}

TEST(Value, EditingTurnsWhatItIsIntoWhatIsAsked) {
  Value value = "text";
  value.edit("a").push_back(1);
  EXPECT_EQ(to_json(value), R"({"a":[1]})");
  value.edit("a").insert(0, "first");
  value.edit("a").insert(2, "last");
  value.edit("a").erase(1);
  EXPECT_EQ(to_json(value), R"({"a":["first","last"]})");
  EXPECT_EQ(value.edit_if("b"), nullptr);
  EXPECT_FALSE(value.erase("b"));
  EXPECT_TRUE(value.erase("a"));
  EXPECT_EQ(to_json(value), "{}");
}

TEST(Value, AMovedFromValueIsNull) {
  Value value = "a text that is longer than fourteen";
  const Value taken = std::move(value);
  EXPECT_TRUE(value.is_null());  // NOLINT(bugprone-use-after-move): that is what is tested
  EXPECT_EQ(taken.as_string().size(), 35U);
  Text text("another text that is longer than fourteen");
  const Text kept = std::move(text);
  EXPECT_EQ(text.view(), "");  // NOLINT(bugprone-use-after-move): that is what is tested
}

TEST(Value, EqualNumbersAreEqualWhateverTheirKind) {
  const Value numbers[] = {0,
                           1,
                           1.0,
                           -1,
                           -1.0,
                           1.5,
                           INT64_MAX,
                           9223372036854775807.0,
                           UINT64_MAX,
                           18446744073709551615.0,
                           9007199254740993,
                           9007199254740992.0,
                           -0.0};
  const auto exact = [](const Value& v) {
    return v.kind() == Kind::kDouble ? static_cast<long double>(v.as_double())
           : v.kind() == Kind::kUint ? static_cast<long double>(v.as_uint())
                                     : static_cast<long double>(v.as_int());
  };
  for (const Value& a : numbers) {
    for (const Value& b : numbers) {
      EXPECT_EQ(a == b, exact(a) == exact(b)) << to_json(a) << " " << to_json(b);
      EXPECT_EQ(a == b, a.fingerprint() == b.fingerprint()) << to_json(a) << " " << to_json(b);
    }
  }
}

TEST(Value, DifferentKindsAreNotEqual) {
  const Value values[] = {nullptr, false, 0, "", Value::array(), Value::object(), "0", "false"};
  for (size_t i = 0; i < std::size(values); ++i) {
    for (size_t j = 0; j < std::size(values); ++j) EXPECT_EQ(values[i] == values[j], i == j);
  }
}

// An object against std::map, under random edits and copies.
TEST(ValueProperty, AnObjectBehavesAsAMap) {
  RandomValue random(1);
  for (int round = 0; round < 200; ++round) {
    Value value = Value::object();
    std::map<std::string, Value> model;
    for (int step = 0; step < 60; ++step) {
      const std::string key = random.key();
      const Value before = value;
      const auto model_before = model;
      if (random.below(3) == 0) {
        EXPECT_EQ(value.erase(key), model.erase(key) == 1);
      } else {
        const Value item = random.scalar();
        value.set(key, item);
        model[key] = item;
      }
      const auto same = [](const Value& object, const std::map<std::string, Value>& map) {
        return std::equal(object.members().begin(), object.members().end(), map.begin(), map.end(),
                          [](const Member& m, const auto& e) {
                            return m.key() == e.first && m.value == e.second;
                          });
      };
      ASSERT_TRUE(same(value, model));
      ASSERT_TRUE(same(before, model_before));
    }
  }
}

TEST(ValueProperty, FingerprintFollowsEquality) {
  RandomValue random(2, {.depth = 2, .width = 2});
  std::vector<Value> values;
  for (int i = 0; i < 300; ++i) values.push_back(random.value());
  for (const Value& a : values) {
    EXPECT_EQ(a.fingerprint(), Value(a).fingerprint());
    for (const Value& b : values) EXPECT_EQ(a == b, a.fingerprint() == b.fingerprint());
  }
}

}  // namespace
}  // namespace plumb::object
