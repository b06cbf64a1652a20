#include "object/strategic_merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "object/json.h"
#include "object/schema.h"

namespace plumb::object {
namespace {

using ::testing::HasSubstr;

Value json(std::string_view text) { return parse_json(text).value(); }

// Type of Pod, but for the kinds that a row names.
TypeRef pod() { return Schema::current().find("v1", "Pod")->type; }
TypeRef pod_spec() { return pod().field("spec"); }

struct Row {
  const char* name;
  const char* original;
  const char* patch;
  const char* expected;
};

// Members of a PodSpec.
const Row kApplied[] = {
    {"scalars and maps merge, null deletes",
     R"({"nodeName":"a","hostname":"x","nodeSelector":{"a":"1","b":"2"}})",
     R"({"nodeName":"b","hostname":null,"nodeSelector":{"b":null,"c":"3"}})",
     R"({"nodeName":"b","nodeSelector":{"a":"1","c":"3"}})"},
    {"null of what is not there is nothing", "{}", R"({"hostname":null,"nodeSelector":{"a":null}})",
     R"({"nodeSelector":{}})"},
    {"items merge by key and new ones come first", R"({"containers":[{"name":"a","image":"1"}]})",
     R"({"containers":[{"name":"b","image":"2"},{"name":"a","tty":true}]})",
     R"({"containers":[{"image":"2","name":"b"},{"image":"1","name":"a","tty":true}]})"},
    {"items that the patch leaves out stay in their order",
     R"({"containers":[{"name":"a"},{"name":"b"},{"name":"c"}]})",
     R"({"containers":[{"name":"c","tty":true}]})",
     R"({"containers":[{"name":"a"},{"name":"b"},{"name":"c","tty":true}]})"},
    {"lists without strategy are replaced", R"({"containers":[{"name":"a","args":["x","y"]}]})",
     R"({"containers":[{"name":"a","args":["z"]}]})",
     R"({"containers":[{"args":["z"],"name":"a"}]})"},
    {"an item is deleted by its key", R"({"containers":[{"name":"a"},{"name":"b"}]})",
     R"({"containers":[{"name":"a","$patch":"delete"},{"name":"z","$patch":"delete"}]})",
     R"({"containers":[{"name":"b"}]})"},
    {"a list is replaced by directive", R"({"containers":[{"name":"a"},{"name":"b"}]})",
     R"({"containers":[{"name":"c"},{"$patch":"replace"}]})", R"({"containers":[{"name":"c"}]})"},
    {"an object is replaced by directive", R"({"securityContext":{"runAsUser":1,"fsGroup":2}})",
     R"({"securityContext":{"$patch":"replace","runAsUser":3}})",
     R"({"securityContext":{"runAsUser":3}})"},
    {"an object is emptied by directive", R"({"securityContext":{"runAsUser":1}})",
     R"({"securityContext":{"$patch":"delete"}})", R"({"securityContext":{}})"},
    {"retained keys stay, all others go",
     R"({"volumes":[{"name":"v","emptyDir":{},"hostPath":{"path":"/"}}]})",
     R"({"volumes":[{"name":"v","$retainKeys":["name","secret"],"secret":{"secretName":"s"}}]})",
     R"({"volumes":[{"name":"v","secret":{"secretName":"s"}}]})"},
    {"an order is set, what it does not name keeps its place",
     R"({"containers":[{"name":"a"},{"name":"b"},{"name":"x"},{"name":"c"}]})",
     R"({"$setElementOrder/containers":[{"name":"c"},{"name":"a"},{"name":"b"}]})",
     R"({"containers":[{"name":"x"},{"name":"c"},{"name":"a"},{"name":"b"}]})"},
    {"an order is set over merged items", R"({"containers":[{"name":"a"},{"name":"b"}]})",
     R"({"$setElementOrder/containers":[{"name":"b"},{"name":"n"},{"name":"a"}],)"
     R"("containers":[{"name":"n","tty":true}]})",
     R"({"containers":[{"name":"b"},{"name":"n","tty":true},{"name":"a"}]})"},
    {"new objects lose null members, new list items keep them", R"({"containers":[{"name":"a"}]})",
     R"({"affinity":{"podAffinity":null},"containers":[{"name":"b","image":null}]})",
     R"({"affinity":{},"containers":[{"image":null,"name":"b"},{"name":"a"}]})"},
    {"no directive survives in what comes whole", R"({"containers":[{"name":"a"}]})",
     R"({"securityContext":{"$retainKeys":["runAsUser"],"runAsUser":1},"affinity":{"$patch":"delete"},)"
     R"("containers":[{"name":"b","$setElementOrder/env":[{"name":"E"}],"env":[{"name":"E"}]}]})",
     R"({"containers":[{"env":[{"name":"E"}],"name":"b"},{"name":"a"}],)"
     R"("securityContext":{"runAsUser":1}})"},
    {"values of another type are replaced", R"({"hostname":{"a":1}})", R"({"hostname":"x"})",
     R"({"hostname":"x"})"},
    {"the same key twice in a patch merges into one", "{\"containers\":[{\"name\":\"z\"}]}",
     R"({"containers":[{"name":"a","tty":true},{"name":"a","image":"1"}]})",
     R"({"containers":[{"image":"1","name":"a","tty":true},{"name":"z"}]})"},
};

TEST(StrategicMerge, Applies) {
  for (const Row& row : kApplied) {
    const auto result = apply_strategic_merge(json(row.original), json(row.patch), pod_spec());
    ASSERT_TRUE(result.ok()) << row.name << ": " << result.error().text();
    EXPECT_EQ(to_json(*result), row.expected) << row.name;
  }
}

TEST(StrategicMerge, AddsAndDeletesItemsOfScalarLists) {
  const Value result =
      apply_strategic_merge(json(R"({"metadata":{"finalizers":["a","b","c"]}})"),
                            json(R"({"metadata":{"$deleteFromPrimitiveList/finalizers":["b"],)"
                                 R"("$setElementOrder/finalizers":["c","d","a"],)"
                                 R"("finalizers":["d","a"]}})"),
                            pod())
          .value();
  EXPECT_EQ(to_json(result), R"({"metadata":{"finalizers":["c","d","a"]}})");
}

TEST(StrategicMerge, NothingYetIsAnEmptyObject) {
  EXPECT_EQ(to_json(*apply_strategic_merge(nullptr, json(R"({"nodeName":"a"})"), pod_spec())),
            R"({"nodeName":"a"})");
}

TEST(StrategicMerge, LeavesItsArgumentsAloneAndSharesWhatStays) {
  const Value original =
      json(R"({"containers":[{"name":"a","env":[{"name":"E","value":"a long enough value"}]}]})");
  const std::string before = to_json(original);
  const Value patch = json(R"({"hostname":"x"})");
  const Value result = apply_strategic_merge(original, patch, pod_spec()).value();
  EXPECT_EQ(to_json(original), before);
  EXPECT_EQ(original["containers"].items().data(), result["containers"].items().data());
}

struct Failure {
  const char* original;
  const char* patch;
  const char* field;
  const char* message;
};

const Failure kRefused[] = {
    {R"({"containers":[{"name":"a"}]})", R"({"containers":[{"image":"x"}]})", "containers[0]",
     "map does not contain declared merge key: name"},
    {R"({"containers":[{"image":"x"}]})", R"({"containers":[{"name":"a"}]})", "containers[0]",
     "map does not contain declared merge key: name"},
    {R"({"containers":[{"name":"a"}]})", R"({"containers":[{"name":["x"]}]})", "containers[0]",
     "merge key name is not a scalar"},
    {R"({"containers":[{"name":"a"}]})", R"({"containers":["a"]})", "containers",
     "list element types are not identical"},
    {R"({"containers":[{"name":"a"}]})", R"({"containers":[null]})", "containers", "identical"},
    {R"({"containers":[[]]})", R"({"containers":[[]]})", "containers", "lists of lists"},
    {R"({"containers":[{"name":"a"}]})", R"({"containers":[{"name":"a","$patch":"merge"}]})",
     "containers[0]", "unknown $patch"},
    {R"({"affinity":{}})", R"({"affinity":{"$patch":"merge"}})", "affinity.$patch",
     R"(unknown patch type: "merge")"},
    {R"({"volumes":[{"name":"v"}]})", R"({"volumes":[{"name":"v","$retainKeys":["secret"]}]})",
     "volumes[0].$retainKeys", "invalid patch format of retainKeys"},
    {R"({"nodeSelector":{}})", R"({"nodeSelector":{"$retainKeys":"a"}})",
     "nodeSelector.$retainKeys", "invalid patch format of retainKeys"},
    {"{}", R"({"$setElementOrder":[]})", "$setElementOrder", "want \"$setElementOrder/FIELD\""},
    {"{}", R"({"$setElementOrder/containers":{}})", R"(["$setElementOrder/containers"])",
     "expected a list, but received a value of type object"},
    {"{}", R"({"$setElementOrder/containers":[{"name":"a"}],"containers":[{"name":"b"}]})",
     "containers[0]", "doesn't match its $setElementOrder list"},
    {R"({"wheels":{}})", R"({"wheels":{}})", "wheels", R"(unable to find api field "wheels")"},
    {R"({"affinity":[]})", R"({"affinity":[]})", "affinity", "is no list"},
};

TEST(StrategicMerge, RefusesNamingTheField) {
  for (const Failure& row : kRefused) {
    const auto result = apply_strategic_merge(json(row.original), json(row.patch), pod_spec());
    ASSERT_FALSE(result.ok()) << row.patch << to_json(*result);
    EXPECT_EQ(result.error().code(), base::Code::kInvalid);
    EXPECT_EQ(result.error().place().field, row.field) << row.patch;
    EXPECT_THAT(result.error().message(), HasSubstr(row.message)) << row.patch;
  }
}

TEST(StrategicMerge, DocumentsMustBeObjects) {
  EXPECT_EQ(apply_strategic_merge(json("[]"), json("{}"), pod()).error().code(),
            base::Code::kInvalid);
  EXPECT_EQ(apply_strategic_merge(json("{}"), json("1"), pod()).error().code(),
            base::Code::kInvalid);
}

TEST(StrategicMerge, UnknownTypesAreRefusedOrMergedPlainly) {
  const Value original = json(R"({"spec":{"list":[{"name":"a"}],"map":{"a":1,"b":2}}})");
  const Value patch = json(R"({"spec":{"list":[{"name":"b"}],"map":{"a":null}}})");
  EXPECT_EQ(apply_strategic_merge(original, patch, TypeRef()).error().code(),
            base::Code::kUnsupported);
  EXPECT_EQ(to_json(*apply_strategic_merge(original, patch, TypeRef(), UnknownTypes::kMergePatch)),
            R"({"spec":{"list":[{"name":"b"}],"map":{"b":2}}})");
}

// Work is not quadratic: each of these would take minutes if it were.
TEST(StrategicMerge, TakesLongLists) {
  Value list = Value::array();
  Value order = Value::array();
  for (int i = 0; i < 50'000; ++i) {
    list.push_back(Value::object({{"name", std::to_string(i)}}));
    order.push_back(Value::object({{"name", std::to_string(49'999 - i)}}));
  }
  const Value original = Value::object({{"containers", list}});
  Value patch = original;
  for (Value& item : patch.edit("containers").edit_items()) item.set("tty", true);
  const Value merged = apply_strategic_merge(original, patch, pod_spec()).value();
  EXPECT_EQ(merged, patch);
  const Value sorted =
      apply_strategic_merge(original, Value::object({{"$setElementOrder/containers", order}}),
                            pod_spec())
          .value();
  EXPECT_EQ(sorted["containers"], order);
  EXPECT_EQ(create_strategic_patch(original, patch, pod_spec()).value()["containers"].size(),
            50'000U);
}

const Row kCreated[] = {
    {"nothing", R"({"hostname":"a"})", R"({"hostname":"a"})", "{}"},
    {"a null for what went", R"({"hostname":"a","nodeName":"b"})", R"({"nodeName":"c"})",
     R"({"hostname":null,"nodeName":"c"})"},
    {"an item changed", R"({"containers":[{"name":"a","image":"1"},{"name":"b"}]})",
     R"({"containers":[{"name":"a","image":"2"},{"name":"b"}]})",
     R"({"$setElementOrder/containers":[{"name":"a"},{"name":"b"}],)"
     R"("containers":[{"image":"2","name":"a"}]})"},
    {"an item deleted", R"({"containers":[{"name":"a"},{"name":"b"}]})",
     R"({"containers":[{"name":"b"}]})",
     R"({"$setElementOrder/containers":[{"name":"b"}],)"
     R"("containers":[{"$patch":"delete","name":"a"}]})"},
    {"items moved", R"({"containers":[{"name":"a"},{"name":"b"}]})",
     R"({"containers":[{"name":"b"},{"name":"a"}]})",
     R"({"$setElementOrder/containers":[{"name":"b"},{"name":"a"}]})"},
    {"a union's member changed", R"({"volumes":[{"name":"v","emptyDir":{}}]})",
     R"({"volumes":[{"name":"v","hostPath":{"path":"/"}}]})",
     R"({"$setElementOrder/volumes":[{"name":"v"}],"volumes":[{"$retainKeys":["hostPath","name"],)"
     R"("emptyDir":null,"hostPath":{"path":"/"},"name":"v"}]})"},
    {"an atomic list changed", R"({"containers":[{"name":"a","args":["1"]}]})",
     R"({"containers":[{"name":"a","args":["1","2"]}]})",
     R"({"$setElementOrder/containers":[{"name":"a"}],)"
     R"("containers":[{"args":["1","2"],"name":"a"}]})"},
};

TEST(StrategicPatch, IsCreatedFromTwoDocuments) {
  for (const Row& row : kCreated) {
    const auto patch = create_strategic_patch(json(row.original), json(row.patch), pod_spec());
    ASSERT_TRUE(patch.ok()) << row.name << patch.error().text();
    EXPECT_EQ(to_json(*patch), row.expected) << row.name;
  }
}

TEST(StrategicPatch, UnknownFieldsMayStayButNotChange) {
  const Value same = json(R"({"wheels":{"a":1}})");
  EXPECT_EQ(to_json(*create_strategic_patch(same, same, pod_spec())), "{}");
  EXPECT_FALSE(create_strategic_patch(same, json(R"({"wheels":{"a":2}})"), pod_spec()).ok());
}

TEST(ThreeWayPatch, DeletesWhatWasAppliedAndLeavesOthersAlone) {
  const ThreeWay states{
      .original = json(R"({"nodeName":"a","hostname":"mine","containers":[{"name":"old"}]})"),
      .modified = json(R"({"nodeName":"b","containers":[{"name":"new"}]})"),
      .current = json(R"({"nodeName":"a","hostname":"mine","restartPolicy":"Always",)"
                      R"("containers":[{"name":"old"},{"name":"sidecar"}]})")};
  const Value patch = create_three_way_patch(states, pod_spec()).value();
  EXPECT_EQ(to_json(patch), R"({"$setElementOrder/containers":[{"name":"new"}],)"
                            R"("containers":[{"name":"new"},{"$patch":"delete","name":"old"}],)"
                            R"("hostname":null,"nodeName":"b"})");
  EXPECT_EQ(to_json(*apply_strategic_merge(states.current, patch, pod_spec())),
            R"({"containers":[{"name":"sidecar"},{"name":"new"}],"nodeName":"b",)"
            R"("restartPolicy":"Always"})");
}

TEST(ThreeWayPatch, WithoutOverwriteConflictsNameTheField) {
  ThreeWay states{.original = json(R"({"containers":[{"name":"a","image":"1"}]})"),
                  .modified = json(R"({"containers":[{"name":"a","image":"2"}]})"),
                  .current = json(R"({"containers":[{"name":"a","image":"3"}]})")};
  EXPECT_TRUE(create_three_way_patch(states, pod_spec()).ok());
  states.overwrite = false;
  const auto refused = create_three_way_patch(states, pod_spec());
  EXPECT_EQ(refused.error().code(), base::Code::kConflict);
  EXPECT_EQ(refused.error().place().field, "containers[0].image");
  states.current = states.original;
  EXPECT_TRUE(create_three_way_patch(states, pod_spec()).ok());
}

TEST(ThreeWayPatch, RefusesToChangeWhatMustStay) {
  ThreeWay states{.original = json(R"({"metadata":{"name":"a"}})"),
                  .modified = json(R"({"metadata":{"name":"b"}})"),
                  .current = json(R"({"metadata":{"name":"a"}})"),
                  .unchanged = {*Pointer::parse("/metadata/name")}};
  EXPECT_THAT(create_three_way_patch(states, pod()).error().message(), HasSubstr("/metadata/name"));
  states.modified = states.original;
  EXPECT_TRUE(create_three_way_patch(states, pod()).ok());
}

}  // namespace
}  // namespace plumb::object
