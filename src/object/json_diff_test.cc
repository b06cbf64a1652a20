#include <gtest/gtest.h>

#include "object/json.h"
#include "object/patch.h"
#include "object/random_value.h"

namespace plumb::object {
namespace {

Value json(std::string_view text) { return parse_json(text).value(); }

struct Row {
  const char* from;
  const char* to;
  const char* patch;
};

const Row kDiffs[] = {
    {R"({"a":[1,{"b":2}]})", R"({"a":[1,{"b":2}]})", "[]"},
    {"1", "2", R"([{"op":"replace","path":"","value":2}])"},
    {R"({"a/b":1})", R"({"a/b":2})", R"([{"op":"replace","path":"/a~1b","value":2}])"},
    {R"({"a":1})", R"({"b":1})",
     R"([{"op":"remove","path":"/a"},{"op":"add","path":"/b","value":1}])"},
    {"[1,2,3,4]", "[1,3,4]", R"([{"op":"remove","path":"/1"}])"},
    {"[1,2,3]", "[0,1,2,3]", R"([{"op":"add","path":"/0","value":0}])"},
    {"[1,2,3,4,5]", "[1,9,3,5,6]",
     R"([{"op":"replace","path":"/1","value":9},{"op":"remove","path":"/3"},)"
     R"({"op":"add","path":"/4","value":6}])"},
    {R"([{"name":"a","v":1},{"name":"b","v":1}])", R"([{"name":"a","v":2},{"name":"b","v":1}])",
     R"([{"op":"replace","path":"/0/v","value":2}])"},
};

TEST(Diff, MentionsOnlyWhatChanged) {
  for (const Row& row : kDiffs) {
    EXPECT_EQ(to_json(diff(json(row.from), json(row.to))), row.patch) << row.from << row.to;
  }
}

// `value` with a few places changed, so that most of it is shared.
Value mutated(RandomValue& random, Value value) {
  if (random.below(6) == 0) return random.value();
  if (value.is_array() && !value.empty()) {
    const size_t at = random.below(static_cast<uint32_t>(value.size()));
    if (random.below(4) == 0) {
      value.erase(at);
    } else if (random.below(3) == 0) {
      value.insert(at, random.value());
    } else {
      value.edit(at) = mutated(random, value.at(at));
    }
  } else if (value.is_object() && !value.empty()) {
    const Member member = value.members()[random.below(static_cast<uint32_t>(value.size()))];
    if (random.below(4) == 0) {
      value.erase(member.key());
    } else {
      value.set(member.key(), mutated(random, member.value));
    }
    if (random.below(4) == 0) value.set(random.key(), random.value());
  }
  return value;
}

TEST(Diff, AppliedToTheOneGivesTheOther) {
  RandomValue random(6902);
  for (int i = 0; i < 3000; ++i) {
    const Value from = random.value();
    const Value to = i % 3 == 0 ? random.value() : mutated(random, mutated(random, from));
    const Value patch = diff(from, to);
    const auto result = apply_json_patch(from, patch);
    ASSERT_TRUE(result.ok()) << result.error().text() << to_json(patch);
    ASSERT_EQ(*result, to) << to_json(from) << '\n' << to_json(to) << '\n' << to_json(patch);
    ASSERT_EQ(patch.empty(), from == to);
  }
}

TEST(Diff, OfLongArraysFallsBackToPositions) {
  Value from = Value::array();
  Value to = Value::array();
  for (int i = 0; i < 2000; ++i) {
    from.push_back(i);
    to.push_back(i + 2000);
  }
  const Value patch = diff(from, to);
  EXPECT_EQ(patch.size(), 2000U);
  EXPECT_EQ(apply_json_patch(from, patch).value(), to);
}

// Without null members: a merge patch takes them for deletions.
Value without_nulls(const Value& value) {
  if (value.is_null()) return "was null";
  if (value.is_array()) {
    Value array = Value::array();
    for (const Value& item : value.items()) array.push_back(without_nulls(item));
    return array;
  }
  if (!value.is_object()) return value;
  Value object = Value::object();
  for (const Member& member : value.members()) {
    object.set(member.key(), without_nulls(member.value));
  }
  return object;
}

TEST(MergePatch, CreatedFromTwoDocumentsTurnsTheOneIntoTheOther) {
  RandomValue random(7386);
  for (int i = 0; i < 3000; ++i) {
    const Value from = random.value();
    const Value to = without_nulls(i % 3 == 0 ? random.value() : mutated(random, from));
    const Value patch = create_merge_patch(from, to);
    ASSERT_EQ(apply_merge_patch(from, patch), to) << to_json(from) << '\n'
                                                  << to_json(to) << '\n'
                                                  << to_json(patch);
  }
}

// RFC 7386's pseudocode, word for word, on documents whose arrays hold no null members.
Value merge_model(Value target, const Value& patch) {
  if (!patch.is_object()) return patch;
  if (!target.is_object()) target = Value::object();
  for (const Member& member : patch.members()) {
    if (member.value.is_null()) {
      target.erase(member.key());
    } else {
      target.set(member.key(), merge_model(target[member.key()], member.value));
    }
  }
  return target;
}

Value with_plain_arrays(const Value& value) {
  if (value.is_array()) return without_nulls(value);
  if (!value.is_object()) return value;
  Value object = Value::object();
  for (const Member& member : value.members()) {
    object.set(member.key(), with_plain_arrays(member.value));
  }
  return object;
}

TEST(MergePatch, AgreesWithTheStandardsPseudocode) {
  RandomValue random(1, {.width = 9});
  for (int i = 0; i < 3000; ++i) {
    const Value document = random.value();
    const Value patch = with_plain_arrays(i % 2 == 0 ? random.value() : mutated(random, document));
    ASSERT_EQ(apply_merge_patch(document, patch), merge_model(document, patch))
        << to_json(document) << '\n'
        << to_json(patch);
  }
}

}  // namespace
}  // namespace plumb::object
