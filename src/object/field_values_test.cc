#include "object/field_values.h"

#include <ostream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "object/json.h"

namespace plumb::object {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

Value json(std::string_view text) {
  auto value = parse_json(text);
  EXPECT_TRUE(value.ok()) << text;
  return std::move(value).value_or(Value());
}

FieldSet set_of(std::string_view text) {
  auto set = FieldSet::from_json(text);
  EXPECT_TRUE(set.ok()) << text;
  return std::move(set).value_or(FieldSet());
}

// Types within built-in kinds, by what the tests need of them.
TypeRef pod() { return Schema::current().find("v1", "Pod")->type; }
TypeRef metadata() { return pod().field("metadata"); }
TypeRef pod_spec() { return pod().field("spec"); }
TypeRef unknown() { return {}; }
// Built-in list maps have defaults for all their keys; this one has none.
TypeRef gadget() {
  static const Schema schema = [] {
    auto read = Schema::from_openapi(json(R"({"openapi":"3.0.0","components":{"schemas":{"Gadget":{
      "type":"object",
      "x-kubernetes-group-version-kind":[{"group":"example.com","version":"v1","kind":"Gadget"}],
      "properties":{"rules":{"type":"array","x-kubernetes-list-type":"map",
        "x-kubernetes-list-map-keys":["id","zone"],
        "items":{"type":"object","properties":{"id":{"type":"string"},"zone":{"type":"string"},
          "x":{"type":"integer"}}}}}}}}})"));
    EXPECT_TRUE(read.ok());
    return std::move(read).value_or(Schema::current());
  }();
  return schema.find("example.com/v1", "Gadget")->type;
}
TypeRef container() { return pod_spec().field("containers").element(); }

struct FieldsCase {
  std::string_view name;
  TypeRef (*type)();
  std::string_view value;
  std::vector<std::string> fields;
};
void PrintTo(const FieldsCase& c, std::ostream* out) { *out << c.name; }

class FieldsOf : public testing::TestWithParam<FieldsCase> {};

TEST_P(FieldsOf, AreWhatAnApplierOwns) {
  const FieldsCase& c = GetParam();
  EXPECT_THAT(fields_of(json(c.value), c.type()).texts(),
              testing::UnorderedElementsAreArray(c.fields));
}

INSTANTIATE_TEST_SUITE_P(
    Cases, FieldsOf,
    testing::Values(
        FieldsCase{"scalars", container, R"({"image":"a","tty":true})", {".image", ".tty"}},
        FieldsCase{"map_entries", metadata, R"({"labels":{"a":"1"}})", {".labels.a"}},
        FieldsCase{"empty_object_is_a_field", metadata, R"({"labels":{}})", {".labels"}},
        FieldsCase{"null_is_a_field", metadata, R"({"labels":null})", {".labels"}},
        FieldsCase{"empty_set_is_no_field", metadata, R"({"finalizers":[]})", {}},
        FieldsCase{"items_of_a_set",
                   metadata,
                   R"({"finalizers":["a","b"]})",
                   {".finalizers[=\"a\"]", ".finalizers[=\"b\"]"}},
        FieldsCase{"items_of_a_list_map",
                   pod_spec,
                   R"({"containers":[{"name":"web","image":"i"}]})",
                   {".containers[name=\"web\"]", ".containers[name=\"web\"].image",
                    ".containers[name=\"web\"].name"}},
        FieldsCase{"missing_key_takes_its_default",
                   container,
                   R"({"ports":[{"containerPort":80}]})",
                   {".ports[containerPort=80,protocol=\"TCP\"]",
                    ".ports[containerPort=80,protocol=\"TCP\"].containerPort"}},
        FieldsCase{"atomic_list", container, R"({"args":["a","b"]})", {".args"}},
        FieldsCase{"atomic_object", pod_spec, R"({"nodeSelector":{"a":"b"}})", {".nodeSelector"}},
        FieldsCase{"an_item_that_is_there_twice_is_one_field",
                   pod_spec,
                   R"({"containers":[{"name":"a","image":"x"},{"name":"a","image":"y"}]})",
                   {".containers[name=\"a\"]"}},
        FieldsCase{"without_schema",
                   unknown,
                   R"({"spec":{"list":[{"a":1}],"a":{"b":1}}})",
                   {".spec", ".spec.list", ".spec.a", ".spec.a.b"}}),
    [](const auto& info) { return std::string(info.param.name); });

struct FaultCase {
  std::string_view name;
  TypeRef (*type)();
  std::string_view value;
  std::string_view message;
};
void PrintTo(const FaultCase& c, std::ostream* out) { *out << c.name; }

class CheckFields : public testing::TestWithParam<FaultCase> {};

TEST_P(CheckFields, SaysWhatTheApiServerSays) {
  const FaultCase& c = GetParam();
  const auto checked = check_fields(json(c.value), c.type());
  ASSERT_FALSE(checked.ok());
  EXPECT_EQ(checked.error().message(), c.message);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, CheckFields,
    testing::Values(
        FaultCase{"duplicate_key", pod_spec, R"({"containers":[{"name":"a"},{"name":"a"}]})",
                  R"(.containers: duplicate entries for key [name="a"])"},
        FaultCase{"duplicate_item", metadata, R"({"finalizers":["a","a"]})",
                  R"(.finalizers: duplicate entries for key [="a"])"},
        FaultCase{
            "no_key", gadget, R"({"rules":[{"x":1}]})",
            R"(.rules: element 0: associative list with keys has an element that omits all )"
            R"(key fields ["id" "zone"] (and doesn't have default values for any key fields))"},
        FaultCase{"null_item", pod_spec, R"({"containers":[null]})",
                  ".containers: element 0: associative list with keys may not have a null element"},
        FaultCase{
            "object_in_a_set", metadata, R"({"finalizers":[{}]})",
            ".finalizers: element 0: associative list without keys has an element that's a map "
            "type"},
        FaultCase{"undeclared", container, R"({"imagee":"a"})",
                  ".imagee: field not declared in schema"},
        FaultCase{"number_wanted", pod_spec, R"({"priority":"high"})",
                  ".priority: expected numeric (int or float), got string"},
        FaultCase{"string_wanted", container, R"({"image":5})",
                  ".image: expected string, got &value.valueUnstructured{Value:5}"},
        FaultCase{"boolean_wanted", container, R"({"tty":"yes"})",
                  ".tty: expected boolean, got &{yes}"},
        FaultCase{"list_wanted", pod_spec, R"({"containers":{"a":[1]}})",
                  ".containers: expected list, got &{map[a:[1]]}"},
        FaultCase{"object_wanted", pod_spec, R"({"securityContext":[true]})",
                  ".securityContext: expected map, got &{[true]}"},
        FaultCase{"several", container, R"({"image":5,"tty":1})",
                  "errors:\n  .image: expected string, got &value.valueUnstructured{Value:5}\n"
                  "  .tty: expected boolean, got &{1}"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(CheckFieldsOnRequest, LetsDuplicatesThrough) {
  const Value value = json(R"({"finalizers":["a","a"]})");
  EXPECT_TRUE(check_fields(value, metadata(), DuplicateItems::kAllow).ok());
  EXPECT_FALSE(check_fields(value, metadata()).ok());
}

struct MergeCase {
  std::string_view name;
  TypeRef (*type)();
  std::string_view live;
  std::string_view applied;
  std::string_view merged;
};
void PrintTo(const MergeCase& c, std::ostream* out) { *out << c.name; }

class MergeFields : public testing::TestWithParam<MergeCase> {};

TEST_P(MergeFields, LaysTheAppliedOverTheLive) {
  const MergeCase& c = GetParam();
  EXPECT_EQ(to_json(merge_fields(json(c.live), json(c.applied), c.type())), c.merged);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, MergeFields,
    testing::Values(
        MergeCase{"scalars", container, R"({"image":"a","tty":true})", R"({"image":"b"})",
                  R"({"image":"b","tty":true})"},
        MergeCase{"null_wins_over_a_scalar", container, R"({"image":"a"})", R"({"image":null})",
                  R"({"image":null})"},
        MergeCase{"empty_list_clears_nothing", metadata, R"({"finalizers":["a"]})",
                  R"({"finalizers":[]})", R"({"finalizers":["a"]})"},
        MergeCase{"atomic_list_is_replaced", container, R"({"args":["a","b"]})",
                  R"({"args":["c"]})", R"({"args":["c"]})"},
        MergeCase{"set_items_of_live_stay_in_front", metadata, R"({"finalizers":["a","b"]})",
                  R"({"finalizers":["c"]})", R"({"finalizers":["a","b","c"]})"},
        MergeCase{"shared_items_in_the_order_applied", metadata, R"({"finalizers":["a","b","c"]})",
                  R"({"finalizers":["c","x","a"]})", R"({"finalizers":["b","c","x","a"]})"},
        MergeCase{"list_map_items_by_key", pod_spec,
                  R"({"containers":[{"name":"a","image":"1"},{"name":"b","image":"1"}]})",
                  R"({"containers":[{"name":"b","image":"2"}]})",
                  R"({"containers":[{"image":"1","name":"a"},{"image":"2","name":"b"}]})"},
        MergeCase{"an_item_that_is_there_twice_is_replaced", pod_spec,
                  R"({"containers":[{"name":"a","image":"1"},{"name":"a","tty":true}]})",
                  R"({"containers":[{"name":"a","image":"2"}]})",
                  R"({"containers":[{"image":"2","name":"a"}]})"},
        MergeCase{"without_schema", unknown, R"({"a":{"b":1,"l":[1]}})", R"({"a":{"c":2,"l":[2]}})",
                  R"({"a":{"b":1,"c":2,"l":[2]}})"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(CompareFields, TellsAddedRemovedAndModified) {
  const auto changes = compare_fields(
      json(R"({"containers":[{"name":"a","image":"1","tty":true}],"priority":1})"),
      json(R"({"containers":[{"name":"a","image":"2"},{"name":"b"}],"priority":1})"), pod_spec());
  EXPECT_THAT(changes.added.texts(),
              UnorderedElementsAre(".containers[name=\"b\"]", ".containers[name=\"b\"].name"));
  EXPECT_THAT(changes.removed.texts(), ElementsAre(".containers[name=\"a\"].tty"));
  EXPECT_THAT(changes.modified.texts(), ElementsAre(".containers[name=\"a\"].image"));
}

TEST(CompareFields, OrderOfItemsIsNoChange) {
  EXPECT_TRUE(compare_fields(json(R"({"finalizers":["a","b"]})"),
                             json(R"({"finalizers":["b","a"]})"), metadata())
                  .empty());
}

TEST(CompareFields, OrderInAnAtomicListIs) {
  const auto changes =
      compare_fields(json(R"({"args":["a","b"]})"), json(R"({"args":["b","a"]})"), container());
  EXPECT_THAT(changes.modified.texts(), ElementsAre(".args"));
}

TEST(RemoveFields, TakesItemsByKeyAndLeavesTheRest) {
  const Value value =
      json(R"({"containers":[{"name":"a","image":"1"},{"name":"b","image":"1"}],"hostname":"h"})");
  EXPECT_EQ(
      to_json(remove_fields(value,
                            set_of(R"({"f:containers":{"k:{\"name\":\"a\"}":{".":{}},)"
                                   R"("k:{\"name\":\"b\"}":{"f:image":{}}},"f:hostname":{}})"),
                            pod_spec())),
      R"({"containers":[{"name":"b"}]})");
}

TEST(RemoveFields, WhatBecomesEmptyBecomesNull) {
  EXPECT_EQ(to_json(remove_fields(json(R"({"labels":{"a":"1"}})"),
                                  set_of(R"({"f:labels":{"f:a":{}}})"), metadata())),
            R"({"labels":null})");
}

TEST(ExtractFields, KeepsWhatTheSetSays) {
  const Value value =
      json(R"({"containers":[{"name":"a","image":"1","tty":true},{"name":"b"}],"hostname":"h"})");
  EXPECT_EQ(to_json(extract_fields(
                value, set_of(R"({"f:containers":{"k:{\"name\":\"a\"}":{".":{},"f:image":{}}}})"),
                pod_spec())),
            R"({"containers":[{"image":"1"}]})");
}

TEST(ExtractFields, OfANamedObjectOnlyWhatIsNamedInIt) {
  const Value value = json(R"({"labels":{"a":"1","b":"2"}})");
  EXPECT_EQ(to_json(extract_fields(value, set_of(R"({"f:labels":{".":{},"f:a":{}}})"), metadata())),
            R"({"labels":{"a":"1"}})");
  EXPECT_EQ(to_json(extract_fields(value, set_of(R"({"f:labels":{}})"), metadata())),
            R"({"labels":{}})");
}

TEST(ExtractFields, WholeAtomics) {
  const Value value = json(R"({"nodeSelector":{"a":"1"},"tolerations":[{"key":"k"}]})");
  EXPECT_EQ(
      extract_fields(value, set_of(R"({"f:nodeSelector":{},"f:tolerations":{}})"), pod_spec()),
      value);
}

TEST(ExtractFields, OfAllFieldsIsTheValue) {
  const Value value =
      json(R"({"containers":[{"name":"a","image":"1"}],"priority":1,"nodeSelector":{"a":"b"}})");
  EXPECT_EQ(extract_fields(value, fields_of(value, pod_spec()), pod_spec()), value);
}

TEST(WithDeclaredParents, AddsTheDeclaredOnly) {
  EXPECT_EQ(
      with_declared_parents(set_of(R"({"f:metadata":{"f:labels":{"f:a":{}}}})"), pod()).to_json(),
      R"({"f:metadata":{".":{},"f:labels":{".":{},"f:a":{}}}})");
  EXPECT_EQ(with_declared_parents(set_of(R"({"f:a":{"f:b":{}}})"), TypeRef()).to_json(),
            R"({"f:a":{"f:b":{}}})");
}

TEST(WithAtomicsClosed, OwnsTheWholeOfWhatIsAtomicNow) {
  EXPECT_EQ(with_atomics_closed(set_of(R"({"f:nodeSelector":{"f:a":{},"f:b":{}},"f:hostname":{}})"),
                                pod_spec())
                .to_json(),
            R"({"f:hostname":{},"f:nodeSelector":{}})");
  const FieldSet untouched = set_of(R"({"f:containers":{"k:{\"name\":\"a\"}":{"f:image":{}}}})");
  EXPECT_EQ(with_atomics_closed(untouched, pod_spec()), untouched);
}

}  // namespace
}  // namespace plumb::object
