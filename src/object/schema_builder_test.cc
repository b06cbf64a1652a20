// Schemas made at run time.
#include <string>

#include <fmt/format.h>
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

// A definition Thing of apps/v1, with `thing` as its schema, beside others.
Value openapi(std::string_view thing, std::string_view others = "{}") {
  Value document = Value::object();
  document.set("definitions", json(others));
  Value definition = json(thing);
  definition.set("x-kubernetes-group-version-kind",
                 json(R"([{"group": "apps", "version": "v1", "kind": "Thing"}])"));
  document.edit("definitions").set("io.example.Thing", std::move(definition));
  return document;
}

TypeRef thing(const base::Result<Schema>& schema) {
  return schema.value().find("apps/v1", "Thing")->type;
}

TEST(SchemaFromOpenapi, ReadsFieldsAndReferences) {
  auto schema = Schema::from_openapi(openapi(
      R"({"type": "object", "required": ["b"], "properties": {
           "b": {"type": "string", "default": "x"},
           "a": {"type": "array", "items": {"$ref": "#/definitions/Item"},
                 "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["k", "l"]}}})",
      R"({"Item": {"type": "object", "properties": {"k": {"type": "string"}}}})"));
  ASSERT_TRUE(schema.ok()) << schema.error().text();
  TypeRef type = thing(schema);
  ASSERT_EQ(type.field_count(), 2u);
  EXPECT_EQ(type.field_at(0).name, "a");
  EXPECT_EQ(type.find_field("b")->default_value(), Value("x"));
  EXPECT_TRUE(type.find_field("b")->required);
  EXPECT_EQ(type.field("a").list_type(), ListType::kMap);
  ASSERT_EQ(type.field("a").list_keys().size(), 2u);
  EXPECT_EQ(type.field("a").list_keys()[1], "l");
  EXPECT_EQ(type.field("a").element().field("k").kind(), TypeKind::kString);
}

TEST(SchemaFromOpenapi, AttributesOfAReferenceBelongToThatUse) {
  auto schema = Schema::from_openapi(openapi(
      R"({"type": "object", "properties": {
           "whole": {"allOf": [{"$ref": "#/definitions/Item"}], "x-kubernetes-map-type": "atomic"},
           "parts": {"$ref": "#/definitions/Item"}}})",
      R"({"Item": {"type": "object", "properties": {"k": {"type": "string"}}}})"));
  ASSERT_TRUE(schema.ok()) << schema.error().text();
  EXPECT_EQ(thing(schema).field("whole").map_type(), MapType::kAtomic);
  EXPECT_EQ(thing(schema).field("parts").map_type(), MapType::kGranular);
  EXPECT_EQ(thing(schema).field("whole").field("k"), thing(schema).field("parts").field("k"));
}

TEST(SchemaFromOpenapi, DefinitionsMayHoldThemselves) {
  auto schema = Schema::from_openapi(openapi(
      R"({"type": "object", "properties": {"next": {"$ref": "#/definitions/io.example.Thing"}}})"));
  ASSERT_TRUE(schema.ok()) << schema.error().text();
  EXPECT_EQ(thing(schema).field("next"), thing(schema));
}

TEST(SchemaFromOpenapi, ReadsScopesAndPluralsFromPaths) {
  Value document = openapi(R"({"type": "object"})");
  std::string operation =
      R"({"get": {"x-kubernetes-group-version-kind":
                  {"group": "apps", "version": "v1", "kind": "Thing"}}})";
  Value paths = Value::object();
  std::string path = "/apis/apps/v1/namespaces/{namespace}/things/{name}";
  paths.set(path, json(operation));
  paths.set(path + "/status", json(operation));
  document.set("paths", paths);
  auto schema = Schema::from_openapi(document);
  ASSERT_TRUE(schema.ok()) << schema.error().text();
  auto info = schema->find_resource("apps", "v1", "things");
  ASSERT_TRUE(info);
  EXPECT_EQ(info->scope, Scope::kNamespaced);
  EXPECT_TRUE(info->has_status);
  EXPECT_FALSE(info->has_scale);
}

TEST(SchemaFromOpenapi, SaysWhatIsWrong) {
  struct Case {
    Value document;
    std::string_view message;
  };
  std::string deep;
  for (int i = 0; i < 150; ++i) deep += R"({"type": "array", "items": )";
  deep += "{}" + std::string(150, '}');
  const Case cases[] = {
      {json("{}"), "not an OpenAPI document"},
      {json(R"({"definitions": []})"), "not an OpenAPI document"},
      {openapi(R"({"type": "object", "properties": {"a": {"$ref": "#/definitions/No"}}})"),
       "io.example.Thing: a: refers to the definition \"No\""},
      {openapi(R"({"type": "array", "items": {}, "x-kubernetes-list-type": "map"})"),
       "without x-kubernetes-list-map-keys"},
      {openapi(deep), "nested more than 128 deep"},
      {openapi(R"({"type": "object", "properties": {"a\u0000b": {}}})"), "NUL"},
  };
  for (const Case& c : cases) {
    auto schema = Schema::from_openapi(c.document);
    ASSERT_FALSE(schema.ok()) << c.message;
    EXPECT_THAT(schema.error().message(), HasSubstr(c.message));
  }
}

TEST(SchemaFromOpenapi, LongChainsOfReferencesTakeNoStack) {
  constexpr int kLength = 50000;
  std::string others = R"({"d0": {"type": "object"})";
  for (int i = 1; i < kLength; ++i) {
    others += fmt::format(R"(, "d{}": {{"properties": {{"n": {{"$ref": "#/definitions/d{}"}}}}}})",
                          i, i - 1);
  }
  std::string last = fmt::format(R"({{"$ref": "#/definitions/d{}"}})", kLength - 1);
  auto schema =
      Schema::from_openapi(openapi(R"({"properties": {"n": )" + last + "}}", others + "}"));
  ASSERT_TRUE(schema.ok()) << schema.error().text();
  int length = 0;
  for (TypeRef type = thing(schema); type; type = type.field("n")) ++length;
  EXPECT_EQ(length, kLength + 1);
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
  EXPECT_EQ(type.field("metadata").field("ownerReferences").list_keys()[0], "uid");
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
