// What must hold for strategic merge patches of any objects.
#include <algorithm>

#include <gtest/gtest.h>

#include "object/json.h"
#include "object/patch.h"
#include "object/random_object.h"
#include "object/schema.h"
#include "object/strategic_merge.h"

namespace plumb::object {
namespace {

constexpr std::pair<const char*, const char*> kKinds[] = {
    {"apps/v1", "Deployment"}, {"v1", "Pod"}, {"v1", "Service"}, {"batch/v1", "CronJob"}};

template <typename Law>
void for_random_objects(uint32_t seed, Law law) {
  RandomObject random(seed);
  for (int i = 0; i < 400; ++i) {
    for (const auto& [version, kind] : kKinds) {
      law(random, Schema::current().find(version, kind)->type);
      if (testing::Test::HasFatalFailure()) return;
    }
  }
}

// Lists of scalars that merge are sets: a patch does not always carry their order over, so it does
// not count.
Value normal(TypeRef type, const Value& value) {
  if (value.is_object()) {
    Value object = Value::object();
    for (const Member& member : value.members()) {
      object.set(member.key(), normal(type.child(member.key()), member.value));
    }
    return object;
  }
  if (!value.is_array()) return value;
  std::vector<Value> items;
  for (const Value& item : value.items()) items.push_back(normal(type.element(), item));
  if (type.patch_merges() && type.merge_key().empty()) {
    std::ranges::sort(items, {}, [](const Value& item) { return to_json(item); });
  }
  return Value::make_array(items);
}

TEST(StrategicLaws, ApplyingTheDifferenceGivesTheOther) {
  for_random_objects(1, [](RandomObject& random, TypeRef type) {
    const Value from = random.object(type);
    const Value to = random.changed(type, from);
    const Value patch = create_strategic_patch(from, to, type).value();
    const auto result = apply_strategic_merge(from, patch, type);
    ASSERT_TRUE(result.ok()) << result.error().text() << to_json(patch);
    ASSERT_EQ(normal(type, *result), normal(type, to)) << to_json(from) << '\n' << to_json(patch);
  });
}

TEST(StrategicLaws, EqualObjectsDifferInNothingButOrders) {
  for_random_objects(2, [](RandomObject& random, TypeRef type) {
    const Value object = random.object(type);
    const Value patch = create_strategic_patch(object, object, type).value();
    ASSERT_EQ(apply_strategic_merge(object, patch, type).value(), object) << to_json(patch);
  });
}

TEST(StrategicLaws, AnEmptyPatchChangesNothing) {
  for_random_objects(3, [](RandomObject& random, TypeRef type) {
    const Value object = random.object(type);
    ASSERT_EQ(apply_strategic_merge(object, Value::object(), type).value(), object);
  });
}

// Where no list merges, strategic merge is RFC 7386.
TEST(StrategicLaws, WithoutASchemaItIsAMergePatch) {
  for_random_objects(4, [](RandomObject& random, TypeRef type) {
    const Value object = random.object(type);
    const Value patch = create_merge_patch(object, random.changed(type, object));
    ASSERT_EQ(apply_strategic_merge(object, patch, TypeRef(), UnknownTypes::kMergePatch).value(),
              apply_merge_patch(object, patch))
        << to_json(object) << '\n'
        << to_json(patch);
  });
}

// Nobody else changed anything: three-way is two-way.
TEST(StrategicLaws, ThreeWayOnAnUntouchedObjectGivesWhatIsWanted) {
  for_random_objects(5, [](RandomObject& random, TypeRef type) {
    const Value original = random.object(type);
    const Value modified = random.changed(type, original);
    const Value patch =
        create_three_way_patch(
            {.original = original, .modified = modified, .current = original, .overwrite = false},
            type)
            .value();
    const Value result = apply_strategic_merge(original, patch, type).value();
    ASSERT_EQ(normal(type, result), normal(type, modified)) << to_json(original) << '\n'
                                                            << to_json(patch);
  });
}

// Applying again finds nothing left to do but to say orders again.
TEST(StrategicLaws, ThreeWayIsIdempotent) {
  for_random_objects(6, [](RandomObject& random, TypeRef type) {
    const Value original = random.object(type);
    const Value modified = random.changed(type, original);
    const Value current = random.changed(type, original);
    const auto apply = [&](const Value& last, const Value& live) {
      const Value patch =
          create_three_way_patch({.original = last, .modified = modified, .current = live}, type)
              .value();
      return apply_strategic_merge(live, patch, type);
    };
    const auto once = apply(original, current);
    ASSERT_TRUE(once.ok()) << once.error().text();
    const auto twice = apply(modified, *once);
    ASSERT_TRUE(twice.ok()) << twice.error().text();
    ASSERT_EQ(to_json(*twice), to_json(*once));
  });
}

// Whatever the patch, the outcome is an object or an error that names no value.
TEST(StrategicLaws, AnyPatchIsAppliedOrRefused) {
  int applied = 0;
  for_random_objects(7, [&](RandomObject& random, TypeRef type) {
    const Value object = random.object(type);
    const Value patch = random.patch(type, object);
    const auto result = apply_strategic_merge(object, patch, type);
    applied += result.ok() ? 1 : 0;
    ASSERT_TRUE(!result.ok() || result->is_object());
    ASSERT_TRUE(result.ok() || result.error().code() == base::Code::kInvalid);
  });
  EXPECT_GT(applied, 1000);
}

}  // namespace
}  // namespace plumb::object
