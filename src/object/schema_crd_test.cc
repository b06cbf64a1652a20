// Schema::from_crd.
#include <optional>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "object/json.h"
#include "object/schema.h"

namespace plumb::object {
namespace {

using testing::HasSubstr;

Value json(std::string_view text) {
  auto value = parse_json(text);
  EXPECT_TRUE(value.ok()) << text;
  return std::move(value).value_or(Value());
}

Value crd(std::string_view version) {
  Value definition = json(R"({"spec": {"group": "example.io", "scope": "Cluster",
      "names": {"kind": "Widget", "plural": "widgets"}}})");
  definition.edit("spec").set("versions", Value::array({json(version)}));
  return definition;
}

TypeRef widget(const base::Result<Schema>& schema) {
  return schema.value().find("example.io/v1", "Widget")->type;
}

TEST(SchemaFromCrd, HasTheFieldsOfEveryObject) {
  auto schema = Schema::from_crd(crd(
      R"({"name": "v1", "subresources": {"status": {}}, "schema": {"openAPIV3Schema": {
           "type": "object", "properties": {"spec": {"type": "object", "properties": {
             "port": {"x-kubernetes-int-or-string": true}}}}}}})"));
  ASSERT_TRUE(schema.ok()) << schema.error().text();
  TypeRef type = widget(schema);
  EXPECT_EQ(type.field("spec").field("port").kind(), TypeKind::kIntOrString);
  EXPECT_EQ(type.field("apiVersion").kind(), TypeKind::kString);
  EXPECT_EQ(type.field("metadata").field("finalizers").list_type(), ListType::kSet);
  TypeRef owners = type.field("metadata").field("ownerReferences");
  EXPECT_EQ(owners.list_keys()[0], "uid");
  EXPECT_TRUE(owners.element().find_field("uid")->required);
  EXPECT_FALSE(type.embedded_resource());
  auto info = schema->find_resource("example.io", "v1", "widgets");
  ASSERT_TRUE(info);
  EXPECT_EQ(info->scope, Scope::kCluster);
  EXPECT_TRUE(info->has_status);
}

TEST(SchemaFromCrd, AVersionWithoutSchemaIsOpen) {
  auto schema = Schema::from_crd(crd(R"({"name": "v1"})"));
  ASSERT_TRUE(schema.ok()) << schema.error().text();
  EXPECT_TRUE(widget(schema).open());
  EXPECT_EQ(widget(schema).child("spec").kind(), TypeKind::kAny);
  EXPECT_TRUE(widget(schema).child("spec").child("anything"));
}

TEST(SchemaFromCrd, PreservingUnknownFieldsOpensWhatIsWithin) {
  auto schema = Schema::from_crd(crd(
      R"({"name": "v1", "schema": {"openAPIV3Schema": {"type": "object", "properties": {
           "open": {"type": "object", "x-kubernetes-preserve-unknown-fields": true,
                    "properties": {"in": {"type": "object", "properties": {"a": {}}}}},
           "shut": {"type": "object", "properties": {"a": {"type": "string"}}}}}}})"));
  ASSERT_TRUE(schema.ok()) << schema.error().text();
  TypeRef open = widget(schema).field("open");
  EXPECT_TRUE(open.preserve_unknown());
  EXPECT_TRUE(open.child("more"));
  EXPECT_TRUE(open.field("in").open());
  EXPECT_FALSE(open.field("in").preserve_unknown());
  EXPECT_FALSE(widget(schema).field("shut").child("more"));
}

TEST(SchemaFromCrd, AnEmbeddedResourceIsAnObject) {
  auto schema = Schema::from_crd(crd(
      R"({"name": "v1", "schema": {"openAPIV3Schema": {"type": "object", "properties": {
           "template": {"type": "object", "nullable": true, "properties": {},
                        "x-kubernetes-embedded-resource": true}}}}})"));
  ASSERT_TRUE(schema.ok()) << schema.error().text();
  TypeRef type = widget(schema).field("template");
  EXPECT_TRUE(type.embedded_resource());
  EXPECT_TRUE(type.nullable());
  EXPECT_EQ(type.field("metadata").field("labels").element().kind(), TypeKind::kString);
}

TEST(SchemaFromCrd, PreserveUnknownFieldsOfTheWholeDefinitionOpensIt) {
  Value definition = crd(
      R"({"name": "v1", "schema": {"openAPIV3Schema": {
           "properties": {"spec": {"type": "object", "properties": {"a": {}}}}}}})");
  definition.edit("spec").set("preserveUnknownFields", true);
  auto schema = Schema::from_crd(definition);
  ASSERT_TRUE(schema.ok()) << schema.error().text();
  EXPECT_TRUE(widget(schema).open());
  EXPECT_TRUE(widget(schema).field("spec").open());
}

TEST(SchemaFromCrd, RefusesASchemaThatIsNotOfAnObject) {
  auto schema =
      Schema::from_crd(crd(R"({"name": "v1", "schema": {"openAPIV3Schema": {"type": "string"}}})"));
  ASSERT_FALSE(schema.ok());
  EXPECT_THAT(schema.error().message(), HasSubstr("v1: the schema of a custom resource must be"));
}

TEST(SchemaFromCrd, RefusesWhatIsNone) {
  auto schema = Schema::from_crd(json(R"({"kind": "ConfigMap"})"));
  ASSERT_FALSE(schema.ok());
  EXPECT_THAT(schema.error().message(), HasSubstr("not a CustomResourceDefinition"));
}

TEST(SchemaFromCrd, AHandleKeepsItsTable) {
  TypeRef type;
  std::optional<Schema> kept;
  {
    auto schema = Schema::from_crd(crd(R"({"name": "v1"})"));
    ASSERT_TRUE(schema.ok());
    kept = *schema;
    type = widget(schema);
  }
  EXPECT_EQ(type.field("kind").kind(), TypeKind::kString);
}

}  // namespace
}  // namespace plumb::object
