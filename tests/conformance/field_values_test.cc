// Field sets and typed values against structured-merge-diff.
#include "object/field_values.h"

#include <gtest/gtest.h>

#include "object/json.h"
#include "tests/conformance/random_object.h"
#include "tests/conformance/reference.h"

namespace plumb::conformance {
namespace {

using object::FieldSet;
using object::Path;
using object::PathElement;

std::string text(const Value& value) { return object::to_json(value); }

bool is_valid(const Value& value, const Typing& typing) {
  return object::check_fields(value, typing.type).ok();
}

// Random sets whose paths share elements.
FieldSet random_set(RandomObject& random) {
  FieldSet set;
  for (int count = random.below(15); count > 0; --count) {
    Path path;
    for (int depth = 1 + random.below(4); depth > 0; --depth) {
      const std::string name(1, static_cast<char>('a' + random.below(3)));
      switch (random.below(8)) {
        case 0: path.push_back(PathElement::key(Value::object({{"name", name}}))); break;
        case 1:
          path.push_back(
              PathElement::key(Value::object({{"port", random.below(2000000)}, {"name", name}})));
          break;
        case 2: path.push_back(PathElement::value(name + "\"<\t\xC3\xA9")); break;
        case 3: path.push_back(PathElement::value(random.below(12) / 4.0)); break;
        case 4: path.push_back(PathElement::index(random.below(3))); break;
        default: path.push_back(PathElement::field(name));
      }
    }
    set.insert(path);
  }
  return set;
}

TEST(FieldSetReference, ReadsAndPrintsAlike) {
  if (!have_reference()) GTEST_SKIP() << kNoReference;
  RandomObject random(1);
  std::vector<Value> asked;
  for (int i = 0; i < 3000; ++i) {
    asked.push_back(
        Value::object({{"op", "fields_v1"}, {"fieldsV1", random_set(random).to_value()}}));
  }
  const auto answers = ask(asked);
  for (size_t i = 0; i < asked.size(); ++i) {
    const auto set = FieldSet::from_value(asked[i]["fieldsV1"]);
    ASSERT_TRUE(set.ok()) << set.error().text();
    const Value& theirs = answers[i]["ok"];
    Value paths = Value::array();
    for (const std::string& path : set->texts()) paths.push_back(path);
    EXPECT_EQ(text(set->to_value()), text(theirs["fieldsV1"]));
    EXPECT_EQ(text(set->leaves().to_value()), text(theirs["leaves"]));
    EXPECT_EQ(text(paths), text(theirs["paths"]));
    EXPECT_EQ(set->size(), theirs["size"].as_uint());
  }
}

TEST(FieldSetReference, CombinesAlike) {
  if (!have_reference()) GTEST_SKIP() << kNoReference;
  RandomObject random(2);
  std::vector<Value> asked;
  std::vector<FieldSet> ours;
  for (int i = 0; i < 2000; ++i) {
    const FieldSet a = random_set(random);
    const FieldSet b = random_set(random);
    const auto add = [&](const char* op, FieldSet result) {
      asked.push_back(Value::object(
          {{"op", "fields_set_op"}, {"op2", op}, {"a", a.to_value()}, {"b", b.to_value()}}));
      ours.push_back(std::move(result));
    };
    add("union", a.united(b));
    add("intersection", a.intersected(b));
    add("difference", a.without(b));
    add("recursive_difference", a.without_subtrees(b));
  }
  const auto answers = ask(asked);
  for (size_t i = 0; i < asked.size(); ++i) {
    EXPECT_EQ(text(ours[i].to_value()), text(answers[i]["ok"])) << text(asked[i]);
  }
}

TEST(TypedReference, FindsTheSameFieldsAndFaults) {
  if (!have_reference()) GTEST_SKIP() << kNoReference;
  for (const Typing& typing : typings()) {
    RandomObject random(3);
    std::vector<Value> values;
    std::vector<Value> asked;
    for (int i = 0; i < 500; ++i) {
      values.push_back(random.whole(typing));
      asked.push_back(typing.ask_for("fields_of", {{"value", values.back()}}));
    }
    const auto answers = ask(asked);
    int valid = 0;
    for (size_t i = 0; i < values.size(); ++i) {
      const auto checked = object::check_fields(values[i], typing.type);
      const Value* error = answers[i].find("error");
      ASSERT_EQ(checked.ok(), error == nullptr)
          << text(values[i]) << "\n"
          << text(answers[i]) << (checked.ok() ? "" : checked.error().text());
      if (!checked.ok()) {
        // Where there are several faults, theirs come in no order, and not all of them.
        if (!checked.error().message().starts_with("errors:")) {
          EXPECT_EQ(checked.error().message(), error->as_string());
        }
        continue;
      }
      ++valid;
      EXPECT_EQ(text(object::fields_of(values[i], typing.type).to_value()), text(answers[i]["ok"]))
          << text(values[i]);
    }
    EXPECT_GT(valid, 100) << typing.name;
  }
}

TEST(TypedReference, ComparesAndMergesAlike) {
  if (!have_reference()) GTEST_SKIP() << kNoReference;
  for (const Typing& typing : typings()) {
    RandomObject random(4);
    std::vector<std::pair<Value, Value>> pairs;
    std::vector<Value> asked;
    while (pairs.size() < 500) {
      const Value a = random.whole(typing);
      const Value b = random.once_in(10) ? random.whole(typing) : random.changed(a, typing);
      if (!is_valid(a, typing) || !is_valid(b, typing)) continue;
      pairs.emplace_back(a, b);
      for (const char* op : {"fields_compare", "typed_merge"}) {
        asked.push_back(typing.ask_for(op, {{"a", a}, {"b", b}}));
      }
    }
    const auto answers = ask(asked);
    for (size_t i = 0; i < pairs.size(); ++i) {
      const auto& [a, b] = pairs[i];
      const auto changes = object::compare_fields(a, b, typing.type);
      const Value compared = Value::object({{"added", changes.added.to_value()},
                                            {"modified", changes.modified.to_value()},
                                            {"removed", changes.removed.to_value()}});
      EXPECT_EQ(text(compared), text(answers[2 * i]["ok"])) << text(a) << "\n" << text(b);
      EXPECT_EQ(text(object::merge_fields(a, b, typing.type)), text(answers[2 * i + 1]["ok"]))
          << text(a) << "\n"
          << text(b);
    }
  }
}

TEST(TypedReference, RemovesAlike) {
  if (!have_reference()) GTEST_SKIP() << kNoReference;
  for (const Typing& typing : typings()) {
    RandomObject random(5);
    std::vector<std::pair<Value, FieldSet>> cases;
    std::vector<Value> asked;
    while (cases.size() < 500) {
      const Value value = random.whole(typing);
      const Value other = random.changed(value, typing);
      if (!is_valid(value, typing) || !is_valid(other, typing)) continue;
      FieldSet set = object::fields_of(other, typing.type);
      if (random.once_in(2)) set = object::fields_of(value, typing.type).without(set);
      asked.push_back(
          typing.ask_for("typed_remove", {{"value", value}, {"fieldsV1", set.to_value()}}));
      cases.emplace_back(value, std::move(set));
    }
    const auto answers = ask(asked);
    for (size_t i = 0; i < cases.size(); ++i) {
      const auto& [value, set] = cases[i];
      EXPECT_EQ(text(object::remove_fields(value, set, typing.type)), text(answers[i]["ok"]))
          << text(value) << "\n"
          << set.to_json();
    }
  }
}

// Without what is empty or null: of an object that is in the set itself, and of which nothing else
// is, ours keeps {} and theirs null.
Value without_hollows(const Value& value) {
  Value out = value;
  for (const Member& member : value.members()) {
    const Value inner = without_hollows(member.value);
    if (inner.is_null() || (inner.is_object() && inner.empty())) {
      out.erase(member.key());
    } else {
      out.set(member.key(), inner);
    }
  }
  return out;
}

// Leaves only, in both values: in a granular object that is itself in the set, ExtractItems looks
// up what is in it in the set of its parent.
TEST(TypedReference, ExtractsAlike) {
  if (!have_reference()) GTEST_SKIP() << kNoReference;
  for (const Typing& typing : typings()) {
    if (!typing.type) continue;
    RandomObject random(6);
    std::vector<std::pair<Value, FieldSet>> cases;
    std::vector<Value> asked;
    while (cases.size() < 500) {
      const Value value = random.whole(typing);
      const Value other = random.changed(value, typing);
      if (!is_valid(value, typing) || !is_valid(other, typing)) continue;
      FieldSet set = object::fields_of(other, typing.type).leaves();
      const FieldSet own = object::fields_of(value, typing.type);
      if (!set.intersected(own.without(own.leaves())).empty()) continue;
      asked.push_back(
          typing.ask_for("typed_extract", {{"value", value}, {"fieldsV1", set.to_value()}}));
      cases.emplace_back(value, std::move(set));
    }
    const auto answers = ask(asked);
    for (size_t i = 0; i < cases.size(); ++i) {
      const auto& [value, set] = cases[i];
      const Value ours = object::extract_fields(value, set, typing.type);
      EXPECT_EQ(text(without_hollows(ours)), text(without_hollows(answers[i]["ok"])))
          << text(value) << "\n"
          << set.to_json();
    }
  }
}

}  // namespace
}  // namespace plumb::conformance
