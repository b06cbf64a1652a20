// Patches against the libraries of kube-apiserver and kubectl.
#include <functional>

#include <gtest/gtest.h>

#include "object/json.h"
#include "object/patch.h"
#include "object/pointer.h"
#include "object/random_object.h"
#include "object/random_value.h"
#include "object/schema.h"
#include "object/strategic_merge.h"
#include "tests/conformance/reference.h"

namespace plumb::conformance {
namespace {

using object::Member;
using object::RandomObject;
using object::RandomValue;
using object::Schema;
using object::to_json;
using object::TypeRef;
using object::Value;

using Ours = std::function<base::Result<Value>(const Value& question)>;

// Says whether the two answers, ours and theirs, are equal enough.
using Judge = std::function<bool(const Value& ours, const Value& theirs)>;

// Both must fail, or succeed and give the same. Returns how often both succeeded.
int compare(const std::vector<Value>& questions, const Ours& ours, const Judge& equal = {}) {
  const std::vector<Value> answers = ask(questions);
  int agreed = 0;
  int shown = 0;
  for (size_t i = 0; i < questions.size(); ++i) {
    const Value& answer = answers[i];
    if (answer["error"].as_string().starts_with("panic")) continue;  // a bug of theirs
    const auto result = ours(questions[i]);
    const auto agree = [&](const Value& theirs) {
      return equal ? equal(*result, theirs) : *result == theirs;
    };
    const bool same = result.ok() == answer.contains("ok") && (!result.ok() || agree(answer["ok"]));
    agreed += same && result.ok() ? 1 : 0;
    if (same) continue;
    ADD_FAILURE() << "question " << i << ": " << to_json(questions[i])
                  << "\n  ours:   " << (result.ok() ? to_json(*result) : result.error().text())
                  << "\n  theirs: " << to_json(answer);
    if (++shown == 3) break;
  }
  return agreed;
}

// A place in the document, or near one.
std::string random_pointer(RandomValue& random, const Value& document) {
  std::string pointer;
  const Value* at = &document;
  do {
    std::string token = random.below(12) == 0 ? "-" : random.below(8) == 0 ? "-1" : random.key();
    const auto size = static_cast<uint32_t>(at->size());
    if (at->is_array() && random.below(4) != 0) token = std::to_string(random.below(size + 1));
    if (at->is_object() && size > 0 && random.below(4) != 0) {
      token = at->members()[random.below(size)].key();
    }
    object::append_token(pointer, token);
    const Value* next = at->find(token);
    if (at->is_array() && object::array_index(token)) {
      next = &at->at(*object::array_index(token));
    }
    at = next;
  } while (at != nullptr && random.below(2) == 0);
  return pointer;
}

Value random_operation(RandomValue& random, const Value& document) {
  static constexpr const char* kOps[] = {"add", "remove", "replace", "move", "copy", "test", "no"};
  const std::string op = kOps[random.below(random.below(20) == 0 ? 7 : 6)];
  const std::string path = random_pointer(random, document);
  Value operation = Value::object({{"op", op}, {"path", path}});
  if (op == "move" || op == "copy") operation.set("from", random_pointer(random, document));
  if (op == "add" || op == "replace") {
    // Theirs does not take a null that a patch put there for equal to one that was there before.
    const Value value = random.value();
    operation.set("value", value.is_null() ? Value("was null") : value);
  }
  if (op == "test") {
    const auto place = object::Pointer::parse(path);
    const Value* there = object::find(document, *place);
    operation.set("value", there != nullptr && random.below(5) != 0 ? *there : random.value());
  }
  return operation;
}

TEST(JsonPatchReference, AppliesAlike) {
  if (!have_reference()) GTEST_SKIP() << kNoReference;
  RandomValue random(6902, {.depth = 3});
  std::vector<Value> questions;
  for (int i = 0; i < 8000; ++i) {
    const Value document = random.object();
    Value patch = Value::array();
    Value so_far = document;
    for (uint32_t n = random.below(4) + 1; n > 0; --n) {
      const Value operation = random_operation(random, so_far);
      patch.push_back(operation);
      so_far = object::apply_json_patch(so_far, Value::array({operation})).value_or(Value(so_far));
    }
    questions.push_back(Value::object({{"op", "json_patch"}, {"doc", document}, {"patch", patch}}));
  }
  const int agreed = compare(questions, [](const Value& question) {
    return object::apply_json_patch(question["doc"], question["patch"]);
  });
  EXPECT_GT(agreed, 2000);
}

TEST(JsonPatchReference, AgreesThatADiffGivesTheOther) {
  if (!have_reference()) GTEST_SKIP() << kNoReference;
  RandomValue random(3, {.depth = 3});
  std::vector<Value> questions;
  std::vector<Value> wanted;
  for (int i = 0; i < 4000; ++i) {
    const Value from = random.object();
    const Value to = random.object();
    questions.push_back(
        Value::object({{"op", "json_patch"}, {"doc", from}, {"patch", object::diff(from, to)}}));
    wanted.push_back(to);
  }
  const std::vector<Value> answers = ask(questions);
  for (size_t i = 0; i < answers.size(); ++i) {
    ASSERT_EQ(answers[i]["ok"], wanted[i]) << to_json(questions[i]) << to_json(answers[i]);
  }
}

TEST(MergePatchReference, AppliesAlike) {
  if (!have_reference()) GTEST_SKIP() << kNoReference;
  RandomValue random(7386);
  std::vector<Value> questions;
  for (int i = 0; i < 5000; ++i) {
    questions.push_back(Value::object(
        {{"op", "merge_patch"}, {"doc", random.object()}, {"patch", random.object()}}));
  }
  const int agreed = compare(questions, [](const Value& question) -> base::Result<Value> {
    return object::apply_merge_patch(question["doc"], question["patch"]);
  });
  EXPECT_EQ(agreed, 5000);
}

TEST(MergePatchReference, IsCreatedAlike) {
  if (!have_reference()) GTEST_SKIP() << kNoReference;
  RandomObject random(7387);
  const TypeRef type = Schema::current().find("v1", "Pod")->type;
  std::vector<Value> questions;
  for (int i = 0; i < 3000; ++i) {
    const Value a = random.object(type);
    questions.push_back(
        Value::object({{"op", "create_merge_patch"}, {"a", a}, {"b", random.changed(type, a)}}));
  }
  const int agreed = compare(questions, [](const Value& question) -> base::Result<Value> {
    return object::create_merge_patch(question["a"], question["b"]);
  });
  EXPECT_EQ(agreed, 3000);
}

struct KindName {
  const char* group;
  const char* version;
  const char* kind;
};

constexpr KindName kKinds[] = {
    {"apps", "v1", "Deployment"},
    {"", "v1", "Pod"},
    {"", "v1", "Service"},
    {"apps", "v1", "StatefulSet"},
    {"", "v1", "ServiceAccount"},
    {"networking.k8s.io", "v1", "Ingress"},
    {"batch", "v1", "CronJob"},
    {"", "v1", "Node"},
    {"", "v1", "Namespace"},
    {"admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration"},
    {"", "v1", "PersistentVolume"},
    {"rbac.authorization.k8s.io", "v1", "ClusterRole"},
};

Value question(const char* op, const KindName& kind) {
  return Value::object(
      {{"op", op}, {"group", kind.group}, {"version", kind.version}, {"kind", kind.kind}});
}

TypeRef type_of(const Value& question) {
  const auto found = Schema::current().find(
      question["group"].as_string(), question["version"].as_string(), question["kind"].as_string());
  EXPECT_TRUE(found.has_value()) << to_json(question);
  return found->type;
}

class StrategicReference : public testing::TestWithParam<bool> {
 protected:
  static constexpr int kRounds = 500;  // for each kind
};

// As the API server's decoder leaves it: without the directives that theirs forgets to take out.
Value decoded(const Value& value) {
  if (value.is_array()) {
    Value array = Value::array();
    for (const Value& item : value.items()) array.push_back(decoded(item));
    return array;
  }
  if (!value.is_object()) return value;
  Value object = Value::object();
  for (const Member& member : value.members()) {
    if (!member.key().starts_with('$')) object.set(member.key(), decoded(member.value));
  }
  return object;
}

TEST_P(StrategicReference, AppliesAlike) {
  if (!have_reference()) GTEST_SKIP() << kNoReference;
  RandomObject random(1, GetParam());
  std::vector<Value> questions;
  for (int i = 0; i < kRounds; ++i) {
    for (const KindName& kind : kKinds) {
      Value ask = question("strategic_merge", kind);
      const TypeRef type = type_of(ask);
      ask.set("original", random.object(type));
      ask.set("patch", random.patch(type, ask["original"]));
      questions.push_back(std::move(ask));
    }
  }
  const int agreed = compare(
      questions,
      [](const Value& question) {
        return apply_strategic_merge(question["original"], question["patch"], type_of(question));
      },
      [](const Value& ours, const Value& theirs) { return ours == decoded(theirs); });
  EXPECT_GT(agreed, kRounds * 5);
}

TEST_P(StrategicReference, CreatesTwoWayAlike) {
  if (!have_reference()) GTEST_SKIP() << kNoReference;
  RandomObject random(2, GetParam());
  std::vector<Value> questions;
  for (int i = 0; i < kRounds; ++i) {
    for (const KindName& kind : kKinds) {
      Value ask = question("strategic_two_way", kind);
      const TypeRef type = type_of(ask);
      ask.set("a", random.object(type));
      ask.set("b", random.changed(type, ask["a"]));
      questions.push_back(std::move(ask));
    }
  }
  const int agreed = compare(questions, [](const Value& question) {
    return create_strategic_patch(question["a"], question["b"], type_of(question));
  });
  EXPECT_GT(agreed, kRounds * 5);
}

std::vector<Value> three_way_questions(uint32_t seed, bool duplicates, bool overwrite, int rounds) {
  RandomObject random(seed, duplicates);
  std::vector<Value> questions;
  for (int i = 0; i < rounds; ++i) {
    for (const KindName& kind : kKinds) {
      Value ask = question("strategic_three_way", kind);
      const TypeRef type = type_of(ask);
      const Value original = random.object(type);
      ask.set("original", original);
      ask.set("modified", random.changed(type, original));
      ask.set("current", random.changed(type, original));
      ask.set("overwrite", overwrite);
      questions.push_back(std::move(ask));
    }
  }
  return questions;
}

base::Result<Value> our_three_way(const Value& question) {
  return create_three_way_patch({.original = question["original"],
                                 .modified = question["modified"],
                                 .current = question["current"],
                                 .overwrite = question["overwrite"].as_bool()},
                                type_of(question));
}

TEST_P(StrategicReference, CreatesThreeWayAlike) {
  if (!have_reference()) GTEST_SKIP() << kNoReference;
  const auto questions = three_way_questions(3, GetParam(), true, kRounds);
  EXPECT_GT(compare(questions, our_three_way), kRounds * 5);
}

// Theirs sorts the lists of the patch while it looks for conflicts, so only the verdict counts.
TEST_P(StrategicReference, FindsThreeWayConflictsAlike) {
  if (!have_reference()) GTEST_SKIP() << kNoReference;
  const auto questions = three_way_questions(4, GetParam(), false, kRounds);
  EXPECT_GT(compare(questions, our_three_way, [](auto&&...) { return true; }), kRounds / 2);
}

INSTANTIATE_TEST_SUITE_P(Lists, StrategicReference, testing::Bool(), [](const auto& info) {
  return info.param ? "WithDuplicates" : "WithoutDuplicates";
});

}  // namespace
}  // namespace plumb::conformance
