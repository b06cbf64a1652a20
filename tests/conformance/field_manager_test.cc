// Server-side apply, step by step, against kube-apiserver's field manager.
#include "object/field_manager.h"

#include <gtest/gtest.h>

#include "object/json.h"
#include "tests/conformance/random_object.h"
#include "tests/conformance/reference.h"

namespace plumb::conformance {
namespace {

using object::FieldConflict;
using object::FieldManager;
using object::FieldManagerOptions;
using object::FieldManagerRequest;
using object::FieldSet;
using object::ManagedFieldsEntry;

std::string text(const Value& value) { return object::to_json(value); }

Value json(std::string_view text) {
  auto value = object::parse_json(text);
  EXPECT_TRUE(value.ok()) << text;
  return std::move(value).value_or(Value());
}

// The managedFields as the reference shows them: without times, sorted.
Value shown_managers(const Value& object) {
  auto entries = object::decode_managed_fields(object["metadata"]["managedFields"]);
  EXPECT_TRUE(entries.ok());
  std::ranges::sort(*entries, {}, [](const ManagedFieldsEntry& entry) {
    return std::tuple(to_string(entry.operation), entry.manager, entry.api_version,
                      entry.subresource);
  });
  Value out = Value::array();
  for (const ManagedFieldsEntry& entry : *entries) {
    Value item = Value::object({{"manager", entry.manager},
                                {"operation", to_string(entry.operation)},
                                {"apiVersion", entry.api_version},
                                {"fieldsV1", entry.fields.to_value()}});
    if (!entry.subresource.empty()) item.set("subresource", entry.subresource);
    out.push_back(std::move(item));
  }
  return out;
}

Value shown_conflicts(const std::vector<FieldConflict>& conflicts) {
  std::vector<std::pair<std::string, std::string>> sorted;
  for (const FieldConflict& conflict : conflicts) {
    sorted.emplace_back(conflict.owner.manager, object::path_text(conflict.path));
  }
  std::ranges::sort(sorted);
  Value out = Value::array();
  for (const auto& [manager, path] : sorted) {
    out.push_back(Value::object({{"manager", manager}, {"path", path}}));
  }
  return out;
}

// What can be compared: where a step fails, theirs keeps the version of the step before; where a
// value has several faults, theirs come in no order.
Value comparable(Value state) {
  Value& live = state.edit("live");
  live.erase("apiVersion");
  if (live["metadata"].is_object() && live["metadata"].empty()) live.erase("metadata");
  if (state["error"].as_string().find("errors:") != std::string_view::npos) {
    state.set("error", "several");
  }
  return state;
}

// Our side of the reference's `ssa`: takes the same steps, shows the same states.
class Replay {
 public:
  Replay(const Typing& typing, const Value& live, FieldSet reset)
      : typing_(typing), reset_(std::move(reset)), live_(live) {}

  const Value& live() const { return live_; }

  Value step(const Value& step) {
    FieldManagerOptions options;
    options.api_version = step["apiVersion"].as_string(typing_.api_version);
    options.kind = typing_.kind;
    options.subresource = step["subresource"].as_string();
    options.type = [this](std::string_view version) {
      const bool served = version == typing_.api_version || !typing_.type;
      return served ? std::optional(typing_.type) : std::nullopt;
    };
    if (options.subresource.empty()) options.reset[options.api_version] = reset_;
    // All in one second, as those of the reference.
    const FieldManagerRequest request{.manager = std::string(step["manager"].as_string()),
                                      .time = std::chrono::sys_seconds(std::chrono::hours(1)),
                                      .force = step["force"].as_bool()};
    live_.set("apiVersion", options.api_version);
    const FieldManager manager(options);
    return step["kind"].as_string() == "apply" ? apply(manager, step["object"], request)
                                               : update(manager, step["object"], request);
  }

 private:
  Value apply(const FieldManager& manager, const Value& object,
              const FieldManagerRequest& request) {
    auto outcome = manager.apply(live_, object, request);
    if (!outcome.ok()) return state(outcome.error().message());
    if (outcome->conflicts.empty()) {
      live_ = std::move(outcome->object);
      return state("");
    }
    Value out = state("conflict");
    out.set("conflicts", shown_conflicts(outcome->conflicts));
    return out;
  }

  Value update(const FieldManager& manager, const Value& object,
               const FieldManagerRequest& request) {
    auto updated = manager.update(live_, object, request);
    if (!updated.ok()) return state(updated.error().message());
    live_ = std::move(*updated);
    return state("");
  }

  Value state(std::string_view error) const {
    Value plain = live_;
    if (Value* metadata = plain.edit_if("metadata")) metadata->erase("managedFields");
    Value out = Value::object({{"live", plain}, {"managedFields", shown_managers(live_)}});
    if (!error.empty()) out.set("error", error);
    return out;
  }

  const Typing& typing_;
  const FieldSet reset_;
  Value live_;
};

// An object's history: managers who apply variants of one configuration, and update what is there.
class History {
 public:
  History(RandomObject& random, const Typing& typing, FieldSet reset)
      : random_(random),
        typing_(typing),
        base_(random.whole(typing)),
        start_(starting()),
        reset_(std::move(reset)),
        replay_(typing, start_, reset_) {}

  void run(int length) {
    for (int i = 0; i < length; ++i) {
      steps_.push_back(next_step());
      states_.push_back(replay_.step(steps_.at(static_cast<size_t>(i))));
    }
  }

  Value question() const {
    return typing_.ask_for("ssa",
                           {{"live", start_}, {"steps", steps_}, {"reset", reset_.to_value()}});
  }

  // How many steps were neither refused nor in conflict.
  int compare(const Value& answer) const {
    const Value& theirs = answer["ok"];
    EXPECT_EQ(theirs.size(), states_.size()) << text(answer);
    int good = 0;
    for (size_t i = 0; i < states_.size(); ++i) {
      const Value ours = comparable(states_.at(i));
      EXPECT_EQ(text(ours), text(comparable(theirs.at(i))))
          << typing_.name << ", step " << i << " of " << text(question());
      if (testing::Test::HasFailure()) break;
      good += ours.contains("error") ? 0 : 1;
    }
    return good;
  }

 private:
  // Mostly nothing; now and then an object that is there and that nobody tracks.
  Value starting() {
    const bool valid = object::check_fields(base_, typing_.type).ok();
    if (!valid || !random_.once_in(4)) {
      return Value::object({{"apiVersion", typing_.api_version}, {"kind", typing_.kind}});
    }
    Value out = base_;
    if (random_.once_in(3)) {
      out.set("metadata", Value::object({{"uid", "1"}}));
    }
    return out;
  }

  Value next_step() {
    static constexpr const char* kManagers[] = {"anna", "bert", "cleo", "plumb"};
    const bool apply = random_.below(3) != 0;
    // Without a schema, another version is but another label.
    const std::string version =
        !typing_.type && random_.once_in(3) ? "example.com/v2" : typing_.api_version;
    Value object = random_.changed(apply ? base_ : replay_.live(), typing_);
    if (!random_.once_in(20)) object.set("apiVersion", version);
    if (apply && random_.once_in(3)) base_ = object;
    return Value::object({{"kind", apply ? "apply" : "update"},
                          {"manager", kManagers[random_.below(4)]},
                          {"object", object},
                          {"force", random_.once_in(2)},
                          {"apiVersion", version},
                          {"subresource", random_.once_in(8) ? "status" : ""}});
  }

  RandomObject& random_;
  const Typing& typing_;
  Value base_;
  const Value start_;
  const FieldSet reset_;
  Replay replay_;
  Value steps_ = Value::array();
  Value states_ = Value::array();
};

TEST(FieldManagerReference, GoesThroughTheSameStates) {
  if (!have_reference()) GTEST_SKIP() << kNoReference;
  const FieldSet status = FieldSet::from_json(R"({"f:status":{}})").value_or(FieldSet());
  for (const Typing& typing : typings()) {
    RandomObject random(7);
    std::vector<History> histories;
    std::vector<Value> asked;
    for (int i = 0; i < 60; ++i) {
      histories.emplace_back(random, typing, random.once_in(2) ? status : FieldSet());
      histories.back().run(12);
      asked.push_back(histories.back().question());
    }
    const auto answers = ask(asked);
    int good = 0;
    for (size_t i = 0; i < histories.size(); ++i) {
      good += histories[i].compare(answers[i]);
      ASSERT_FALSE(HasFailure());
    }
    EXPECT_GT(good, 300) << typing.name;
  }
}

void expect_same_states(const Typing& typing, const Value& live, const Value& steps) {
  Replay replay(typing, live, {});
  const Value answer = ask(typing.ask_for("ssa", {{"live", live}, {"steps", steps}}));
  ASSERT_EQ(answer["ok"].size(), steps.size()) << text(answer);
  for (size_t i = 0; i < steps.size(); ++i) {
    EXPECT_EQ(text(comparable(replay.step(steps.at(i)))), text(comparable(answer["ok"].at(i))))
        << "step " << i;
  }
}

TEST(FieldManagerReference, MergesTheOldestUpdates) {
  if (!have_reference()) GTEST_SKIP() << kNoReference;
  Value steps = Value::array();
  Value data = Value::object();
  for (int i = 0; i < 25; ++i) {
    const std::string version = i % 3 == 0 ? "example.com/v2" : "example.com/v1";
    data.set("k" + std::to_string(i), i);
    steps.push_back(Value::object(
        {{"kind", "update"},
         {"manager", "m" + std::to_string(10 + i)},
         {"apiVersion", version},
         {"object", Value::object({{"apiVersion", version}, {"kind", "Thing"}, {"data", data}})}}));
  }
  const Value live = Value::object({{"apiVersion", "example.com/v1"}, {"kind", "Thing"}});
  expect_same_states(deduced(), live, steps);
}

TEST(FieldManagerReference, LetsKubectlTakeOverFromItsClientSideApply) {
  if (!have_reference()) GTEST_SKIP() << kNoReference;
  constexpr const char* kLastApplied =
      R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","annotations":{}},)"
      R"("spec":{"replicas":2,"minReadySeconds":1}})";
  Value live = json(kLastApplied);
  live.edit("metadata")
      .edit("annotations")
      .set("kubectl.kubernetes.io/last-applied-configuration", kLastApplied);
  Value scaled = live;
  scaled.edit("spec").set("replicas", 5);

  const auto apply = [&](const char* manager, const char* spec, bool force) {
    Value object = json(
        R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","annotations":{"a":"<b>"}}})");
    object.set("spec", json(spec));
    return Value::object(
        {{"kind", "apply"}, {"manager", manager}, {"object", object}, {"force", force}});
  };
  const Typing typing = builtin("apps", "v1", "Deployment");
  const char* const two = R"({"replicas":3,"minReadySeconds":7})";
  expect_same_states(typing, live, Value::array({apply("kubectl", two, false)}));
  expect_same_states(typing, live, Value::array({apply("another", two, false)}));
  expect_same_states(typing, scaled,
                     Value::array({apply("kubectl", two, false), apply("kubectl", two, true),
                                   apply("kubectl", two, false)}));
}

}  // namespace
}  // namespace plumb::conformance
