#include "object/field_manager.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "object/json.h"
#include "object/random_value.h"

namespace plumb::object {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Value json(std::string_view text) {
  auto value = parse_json(text);
  EXPECT_TRUE(value.ok()) << text;
  return std::move(value).value_or(Value());
}

// A Deployment with this spec, written as JSON.
Value deployment(std::string_view spec) {
  Value out = json(R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"}})");
  out.set("spec", json(spec));
  return out;
}

FieldManagerOptions deployments() {
  return {.api_version = "apps/v1",
          .kind = "Deployment",
          .subresource = "",
          .type = [](std::string_view version) -> std::optional<TypeRef> {
            const auto info = Schema::current().find(version, "Deployment");
            return info ? std::optional(info->type) : std::nullopt;
          },
          .convert = {},
          .reset = {}};
}

// A live object, and who writes to it: each write one second after the last.
class Cluster {
 public:
  explicit Cluster(FieldManagerOptions options = deployments()) : options_(std::move(options)) {}

  ApplyOutcome apply(const std::string& manager, const Value& object, bool force = false) {
    auto outcome = FieldManager(options_).apply(live, object, {manager, tick(), force});
    EXPECT_TRUE(outcome.ok()) << outcome.error().text();
    if (!outcome.ok()) return {};
    if (outcome->conflicts.empty()) live = outcome->object;
    return std::move(*outcome);
  }

  void update(const std::string& manager, const Value& object) {
    auto updated = FieldManager(options_).update(live, object, {manager, tick()});
    ASSERT_TRUE(updated.ok()) << updated.error().text();
    live = std::move(*updated);
  }

  std::vector<ManagedFieldsEntry> managers() const {
    auto entries = decode_managed_fields(live["metadata"]["managedFields"]);
    EXPECT_TRUE(entries.ok());
    return std::move(entries).value_or({});
  }

  FieldSet owned_by(std::string_view manager) const {
    FieldSet out;
    for (const ManagedFieldsEntry& entry : managers()) {
      if (entry.manager == manager) out = out.united(entry.fields);
    }
    return out;
  }

  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const ManagedFieldsEntry& entry : managers()) out.push_back(entry.manager);
    return out;
  }

  Value spec() const { return live["spec"]; }

  Value live;
  FieldManagerOptions& options() { return options_; }

 private:
  sys_seconds tick() { return sys_seconds(seconds(++now_)); }

  FieldManagerOptions options_;
  int now_ = 1000;
};

TEST(Apply, CreatesAndOwnsWhatItSays) {
  Cluster cluster;
  EXPECT_TRUE(cluster.apply("plumb", deployment(R"({"replicas":2})")).changed);
  EXPECT_EQ(cluster.spec(), json(R"({"replicas":2})"));
  EXPECT_THAT(cluster.owned_by("plumb").texts(), ElementsAre(".spec.replicas"));
}

TEST(Apply, NobodyOwnsIdentity) {
  Cluster cluster;
  Value object = deployment(R"({"replicas":2})");
  object.edit("metadata").set("namespace", "shop");
  object.edit("metadata").set("labels", json(R"({"app":"web"})"));
  cluster.apply("plumb", object);
  EXPECT_THAT(cluster.owned_by("plumb").texts(),
              ElementsAre(".metadata.labels.app", ".spec.replicas"));
}

TEST(Apply, SameValueIsShared) {
  Cluster cluster;
  cluster.apply("anna", deployment(R"({"replicas":2})"));
  const auto outcome = cluster.apply("bert", deployment(R"({"replicas":2})"));
  EXPECT_FALSE(outcome.changed);
  EXPECT_THAT(cluster.owned_by("anna").texts(), ElementsAre(".spec.replicas"));
  EXPECT_THAT(cluster.owned_by("bert").texts(), ElementsAre(".spec.replicas"));
}

TEST(Apply, OtherValueIsAConflict) {
  Cluster cluster;
  cluster.update("kubectl-client-side-apply", deployment(R"({"replicas":2})"));
  const Value before = cluster.live;
  const auto outcome = cluster.apply("plumb", deployment(R"({"replicas":3})"));
  EXPECT_TRUE(outcome.object.is_null());
  EXPECT_EQ(conflict_message(outcome.conflicts),
            "Apply failed with 1 conflict: conflict with \"kubectl-client-side-apply\" using "
            "apps/v1: .spec.replicas");
  EXPECT_EQ(cluster.live, before);
}

TEST(Apply, ConflictsAreListedByOwner) {
  Cluster cluster;
  cluster.update("scaler", deployment(R"({"replicas":2,"minReadySeconds":1})"));
  cluster.apply("anna", deployment(R"({"paused":true})"));
  const auto outcome =
      cluster.apply("plumb", deployment(R"({"replicas":3,"minReadySeconds":2,"paused":false})"));
  EXPECT_EQ(conflict_message(outcome.conflicts),
            "Apply failed with 3 conflicts: conflicts with \"anna\":\n"
            "- .spec.paused\n"
            "conflicts with \"scaler\" using apps/v1:\n"
            "- .spec.minReadySeconds\n"
            "- .spec.replicas");
}

TEST(Apply, AConflictNamesTheSubresource) {
  Cluster cluster;
  cluster.apply("anna", deployment(R"({"replicas":2})"));
  cluster.options().subresource = "scale";
  cluster.update("scaler", [&] {
    Value scaled = cluster.live;
    scaled.edit("spec").set("replicas", 5);
    return scaled;
  }());
  cluster.options().subresource = "";
  EXPECT_THAT(conflict_message(cluster.apply("anna", deployment(R"({"replicas":2})")).conflicts),
              HasSubstr("conflict with \"scaler\" with subresource \"scale\" using apps/v1: "
                        ".spec.replicas"));
}

TEST(Apply, ForceTakesTheFieldOver) {
  Cluster cluster;
  cluster.update("scaler", deployment(R"({"replicas":2,"paused":true})"));
  cluster.apply("plumb", deployment(R"({"replicas":3})"), true);
  EXPECT_EQ(cluster.spec(), json(R"({"paused":true,"replicas":3})"));
  EXPECT_THAT(cluster.owned_by("plumb").texts(), ElementsAre(".spec.replicas"));
  EXPECT_THAT(cluster.owned_by("scaler").texts(), ElementsAre(".spec", ".spec.paused"));
}

TEST(Apply, WhatItDropsGoes) {
  Cluster cluster;
  cluster.apply("plumb", deployment(R"({"replicas":2,"paused":true})"));
  cluster.apply("plumb", deployment(R"({"replicas":2})"));
  EXPECT_EQ(cluster.spec(), json(R"({"replicas":2})"));
}

TEST(Apply, WhatItDropsStaysWhereSomebodyElseOwnsIt) {
  Cluster cluster;
  cluster.apply("anna", deployment(R"({"replicas":2,"paused":true})"));
  cluster.apply("bert", deployment(R"({"paused":true})"));
  cluster.apply("anna", deployment(R"({"replicas":2})"));
  EXPECT_EQ(cluster.spec(), json(R"({"paused":true,"replicas":2})"));
  EXPECT_THAT(cluster.owned_by("anna").texts(), ElementsAre(".spec.replicas"));
}

TEST(Apply, DroppedItemsGoWithAllThatNobodyElseOwnsInThem) {
  constexpr const char* kTwo =
      R"({"template":{"spec":{"containers":[{"name":"a","image":"1"},{"name":"b","image":"1"}]}}})";
  constexpr const char* kOne = R"({"template":{"spec":{"containers":[{"name":"b","image":"1"}]}}})";
  Cluster cluster;
  cluster.apply("plumb", deployment(kTwo));
  cluster.apply("plumb", deployment(kOne));
  EXPECT_EQ(cluster.spec(), json(kOne));
}

TEST(Apply, AddsToListsOfOthers) {
  Cluster cluster;
  const auto with_finalizer = [](const char* name) {
    Value object = deployment("{}");
    object.edit("metadata").set("finalizers", Value::array({name}));
    return object;
  };
  cluster.apply("anna", with_finalizer("a"));
  cluster.apply("bert", with_finalizer("b"));
  EXPECT_EQ(to_json(cluster.live["metadata"]["finalizers"]), R"(["a","b"])");
  cluster.apply("anna", deployment("{}"));
  EXPECT_EQ(to_json(cluster.live["metadata"]["finalizers"]), R"(["b"])");
}

TEST(Apply, AtomicListHasOneOwner) {
  constexpr const char* kSpec =
      R"({"template":{"spec":{"containers":[{"name":"a","args":["%"]}]}}})";
  const auto with_args = [&](const char* arg) {
    std::string spec = kSpec;
    spec.replace(spec.find('%'), 1, arg);
    return deployment(spec);
  };
  Cluster cluster;
  cluster.apply("anna", with_args("x"));
  const auto outcome = cluster.apply("bert", with_args("y"));
  ASSERT_EQ(outcome.conflicts.size(), 1U);
  EXPECT_EQ(path_text(outcome.conflicts[0].path),
            ".spec.template.spec.containers[name=\"a\"].args");
}

TEST(Apply, WithoutChangeMovesNoTime) {
  Cluster cluster;
  cluster.apply("plumb", deployment(R"({"replicas":2})"));
  const Value before = cluster.live;
  EXPECT_FALSE(cluster.apply("plumb", deployment(R"({"replicas":2})")).changed);
  EXPECT_EQ(cluster.live, before);
  cluster.apply("plumb", deployment(R"({"replicas":3})"));
  EXPECT_EQ(cluster.managers().front().time, sys_seconds(seconds(1003)));
}

TEST(Apply, GivesWhatWasThereBeforeToBeforeFirstApply) {
  Cluster cluster;
  cluster.live = deployment(R"({"replicas":2,"paused":true})");
  cluster.live.edit("metadata").set("uid", "1");
  EXPECT_THAT(conflict_message(cluster.apply("plumb", deployment(R"({"replicas":3})")).conflicts),
              HasSubstr("\"before-first-apply\" using apps/v1: .spec.replicas"));
  cluster.apply("plumb", deployment(R"({"replicas":2})"));
  EXPECT_THAT(cluster.names(), ElementsAre("plumb", "before-first-apply"));
}

TEST(Apply, ResetFieldsAreNobodys) {
  Cluster cluster;
  cluster.options().reset["apps/v1"].insert(Path{PathElement::field("status")});
  Value object = deployment(R"({"replicas":2})");
  object.set("status", json(R"({"replicas":1})"));
  cluster.apply("plumb", object);
  EXPECT_THAT(cluster.owned_by("plumb").texts(), ElementsAre(".spec.replicas"));
}

TEST(Apply, KubectlTakesOverWhatItsClientSideApplySet) {
  Cluster cluster;
  Value object = deployment(R"({"replicas":2})");
  object.edit("metadata")
      .set("annotations",
           Value::object({{"kubectl.kubernetes.io/last-applied-configuration", to_json(object)}}));
  cluster.update("kubectl-client-side-apply", object);
  EXPECT_FALSE(cluster.apply("plumb", deployment(R"({"replicas":3})")).conflicts.empty());
  EXPECT_THAT(cluster.apply("kubectl", deployment(R"({"replicas":3})")).conflicts, IsEmpty());
  const Value& annotations = cluster.live["metadata"]["annotations"];
  EXPECT_THAT(
      std::string(annotations["kubectl.kubernetes.io/last-applied-configuration"].as_string()),
      HasSubstr(R"("spec":{"replicas":3})"));
}

TEST(Apply, FieldsAreFollowedAcrossVersions) {
  FieldManagerOptions options{.api_version = "example.com/v1",
                              .kind = "Thing",
                              .subresource = "",
                              .type = {},
                              .convert = {},
                              .reset = {}};
  // In v1 the field is `size`, in v2 `capacity`.
  options.convert = [](const Value& object, std::string_view version) -> base::Result<Value> {
    Value out = object;
    const bool to_v2 = version == "example.com/v2";
    if (const Value* field = object.find(to_v2 ? "size" : "capacity")) {
      out.set(to_v2 ? "capacity" : "size", *field);
      out.erase(to_v2 ? "size" : "capacity");
    }
    out.set("apiVersion", version);
    return out;
  };
  Cluster cluster(options);
  cluster.apply("anna", json(R"({"apiVersion":"example.com/v1","kind":"Thing","size":1})"));
  cluster.options().api_version = "example.com/v2";
  cluster.live = options.convert(cluster.live, "example.com/v2").value();
  const auto outcome =
      cluster.apply("bert", json(R"({"apiVersion":"example.com/v2","kind":"Thing","capacity":2})"));
  ASSERT_EQ(outcome.conflicts.size(), 1U);
  EXPECT_EQ(path_text(outcome.conflicts[0].path), ".size");
  cluster.apply("anna", json(R"({"apiVersion":"example.com/v2","kind":"Thing"})"));
  EXPECT_FALSE(cluster.live.contains("capacity"));
}

TEST(Apply, ForgetsManagersOfVersionsThatAreServedNoMore) {
  Cluster cluster;
  cluster.update("old", deployment(R"({"paused":true})"));
  Value& managed = cluster.live.edit("metadata").edit("managedFields").edit(0);
  managed.set("apiVersion", "apps/v1beta1");
  EXPECT_THAT(cluster.apply("plumb", deployment(R"({"paused":false})")).conflicts, IsEmpty());
  EXPECT_THAT(cluster.names(), ElementsAre("plumb"));
}

TEST(Apply, RefusesWhatTheApiServerRefuses) {
  Value with_managers = deployment("{}");
  with_managers.edit("metadata").set("managedFields", Value::array());
  const std::pair<Value, std::string_view> cases[] = {
      {json(R"({"apiVersion":"v1","kind":"Pod"})"), "invalid object type: /v1, Kind=Pod"},
      {with_managers, "metadata.managedFields must be nil"},
      {deployment(R"({"replicas":"two"})"),
       "failed to create typed patch object (/web; apps/v1, Kind=Deployment): .spec.replicas: "
       "expected numeric (int or float), got string"},
  };
  for (const auto& [object, message] : cases) {
    const auto outcome = FieldManager(deployments()).apply(Value(), object, {"plumb", {}});
    ASSERT_FALSE(outcome.ok()) << message;
    EXPECT_EQ(outcome.error().message(), message);
  }
}

TEST(Update, TakesWhatItChanges) {
  Cluster cluster;
  cluster.apply("plumb", deployment(R"({"replicas":2,"paused":true})"));
  Value scaled = cluster.live;
  scaled.edit("spec").set("replicas", 5);
  cluster.update("scaler", scaled);
  EXPECT_THAT(cluster.owned_by("plumb").texts(), ElementsAre(".spec.paused"));
  EXPECT_THAT(cluster.owned_by("scaler").texts(), ElementsAre(".spec.replicas"));
}

TEST(Update, WhatItRemovesIsNobodys) {
  Cluster cluster;
  cluster.apply("plumb", deployment(R"({"replicas":2,"paused":true})"));
  Value less = cluster.live;
  less.edit("spec").erase("paused");
  cluster.update("anna", less);
  EXPECT_THAT(cluster.names(), ElementsAre("plumb"));
  EXPECT_THAT(cluster.owned_by("plumb").texts(), ElementsAre(".spec.replicas"));
}

TEST(Update, WithoutChangeChangesNothing) {
  Cluster cluster;
  cluster.apply("plumb", deployment(R"({"replicas":2})"));
  const Value before = cluster.live;
  cluster.update("anna", before);
  EXPECT_EQ(cluster.live, before);
}

TEST(Update, OfAClientThatDropsManagedFieldsKeepsThem) {
  Cluster cluster;
  cluster.apply("plumb", deployment(R"({"replicas":2})"));
  cluster.update("anna", deployment(R"({"replicas":2})"));
  EXPECT_THAT(cluster.names(), ElementsAre("plumb"));
}

TEST(Update, WithAnEmptyListStopsTracking) {
  for (const char* list : {"[]", "[{}]"}) {
    Cluster cluster;
    cluster.apply("plumb", deployment(R"({"replicas":2})"));
    cluster.live.edit("metadata").set("uid", "1");
    Value reset = cluster.live;
    reset.edit("metadata").set("managedFields", json(list));
    cluster.update("anna", reset);
    EXPECT_FALSE(cluster.live["metadata"].contains("managedFields"));
  }
}

TEST(Update, OfWhatNobodyTracksStaysSo) {
  Cluster cluster;
  cluster.live = deployment(R"({"replicas":2})");
  cluster.live.edit("metadata").set("uid", "1");
  Value scaled = cluster.live;
  scaled.edit("spec").set("replicas", 5);
  cluster.update("scaler", scaled);
  EXPECT_FALSE(cluster.live["metadata"].contains("managedFields"));
}

TEST(Update, TheOldestOfMoreThanTenAreMerged) {
  Cluster cluster;
  Value object = deployment(R"({"selector":{},"template":{}})");
  Value& labels = object.edit("metadata").edit("labels");
  labels = Value::object();
  for (int i = 0; i < 13; ++i) {
    object.edit("metadata").edit("labels").set("l" + std::to_string(i), "x");
    cluster.update("m" + std::to_string(10 + i), object);
  }
  EXPECT_THAT(cluster.names(), ElementsAre("ancient-changes", "m14", "m15", "m16", "m17", "m18",
                                           "m19", "m20", "m21", "m22"));
  EXPECT_TRUE(cluster.owned_by("ancient-changes")
                  .contains(Path{PathElement::field("metadata"), PathElement::field("labels"),
                                 PathElement::field("l3")}));
}

// --- laws, on random documents ---

class OwnershipLaws : public testing::Test {
 protected:
  static constexpr std::string_view kVersion = "example.com/v1";

  static FieldManagerOptions things() {
    return {.api_version = std::string(kVersion),
            .kind = "Thing",
            .subresource = "",
            .type = {},
            .convert = {},
            .reset = {}};
  }

  Value thing() {
    return Value::object(
        {{"apiVersion", kVersion}, {"kind", "Thing"}, {"a", document()}, {"b", document()}});
  }

  // Few keys and few values, so that documents overlap.
  Value document(int depth = 0) {
    if (depth > 2 || random_.below(3) == 0) return random_.below(3);
    Value out = Value::object();
    for (uint32_t i = 1 + random_.below(3); i > 0; --i) {
      out.set(std::string(1, static_cast<char>('a' + random_.below(3))), document(depth + 1));
    }
    return out;
  }

  static FieldSet ownable(const Value& object) {
    FieldSet identity;
    identity.insert(Path{PathElement::field("apiVersion")});
    identity.insert(Path{PathElement::field("kind")});
    return fields_of(object, TypeRef()).without(identity);
  }

  static Value without_managers(Value object) {
    object.erase("metadata");
    return object;
  }

  RandomValue random_{7};
};

TEST_F(OwnershipLaws, AfterAForcedApplyOneOwnsExactlyWhatOneApplied) {
  for (int round = 0; round < 300; ++round) {
    Cluster cluster(things());
    cluster.apply("anna", thing(), true);
    cluster.apply("bert", thing(), true);
    const Value mine = thing();
    cluster.apply("plumb", mine, true);
    ASSERT_EQ(cluster.owned_by("plumb"), ownable(mine));
    ASSERT_EQ(extract_fields(cluster.live, ownable(mine).leaves(), TypeRef()),
              extract_fields(mine, ownable(mine).leaves(), TypeRef()));
  }
}

TEST_F(OwnershipLaws, ApplyingAgainDoesNothing) {
  for (int round = 0; round < 300; ++round) {
    Cluster cluster(things());
    cluster.apply("anna", thing(), true);
    const Value mine = thing();
    cluster.apply("plumb", mine, true);
    const Value before = cluster.live;
    ASSERT_FALSE(cluster.apply("plumb", mine).changed);
    ASSERT_EQ(cluster.live, before);
  }
}

TEST_F(OwnershipLaws, ADroppedFieldGoesIffNobodyElseOwnsIt) {
  for (int round = 0; round < 300; ++round) {
    Cluster cluster(things());
    const Value theirs = thing();
    const Value mine = thing();
    cluster.apply("plumb", mine, true);
    cluster.apply("anna", theirs, true);
    const FieldSet hers = cluster.owned_by("anna");
    cluster.apply("plumb", Value::object({{"apiVersion", kVersion}, {"kind", "Thing"}}));
    ASSERT_EQ(ownable(without_managers(cluster.live)), hers);
    ASSERT_THAT(cluster.names(), ElementsAre("anna"));
  }
}

TEST_F(OwnershipLaws, ThereIsAConflictIffAnOwnedValueWouldChange) {
  int conflicts = 0;
  for (int round = 0; round < 500; ++round) {
    Cluster cluster(things());
    const Value theirs = thing();
    cluster.apply("anna", theirs);
    const Value mine = thing();
    const Value merged = merge_fields(theirs, mine, TypeRef());
    const bool differs =
        !compare_fields(theirs, merged, TypeRef()).modified.intersected(ownable(theirs)).empty();
    ASSERT_EQ(!cluster.apply("plumb", mine).conflicts.empty(), differs);
    conflicts += differs ? 1 : 0;
  }
  EXPECT_GT(conflicts, 100);
  EXPECT_LT(conflicts, 500);
}

}  // namespace
}  // namespace plumb::object
