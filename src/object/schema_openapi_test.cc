// Schema::from_openapi, and with it the builder.
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "object/json.h"
#include "object/schema.h"
#include "object/schema_table.h"

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
           "whole": {"allOf": [{"$ref": "#/definitions/Item"}], "x-kubernetes-map-type": "atomic",
                     "x-kubernetes-patch-strategy": "retainKeys"},
           "parts": {"$ref": "#/definitions/Item"}}})",
      R"({"Item": {"type": "object", "properties": {"k": {"type": "string"}}}})"));
  ASSERT_TRUE(schema.ok()) << schema.error().text();
  EXPECT_EQ(thing(schema).field("whole").map_type(), MapType::kAtomic);
  EXPECT_EQ(thing(schema).field("parts").map_type(), MapType::kGranular);
  EXPECT_TRUE(thing(schema).field("whole").patch_retains_keys());
  EXPECT_FALSE(thing(schema).field("parts").patch_retains_keys());
  EXPECT_EQ(thing(schema).field("whole").field("k"), thing(schema).field("parts").field("k"));
}

TEST(SchemaFromOpenapi, DefinitionsMayHoldThemselves) {
  auto schema = Schema::from_openapi(openapi(
      R"({"type": "object", "properties": {"next": {"$ref": "#/definitions/io.example.Thing"}}})"));
  ASSERT_TRUE(schema.ok()) << schema.error().text();
  EXPECT_EQ(thing(schema).field("next"), thing(schema));
}

TEST(SchemaFromOpenapi, ReadsScopesAndPluralsFromPaths) {
  Value document = openapi(R"({"type": "object"})",
                           R"({"Other": {"x-kubernetes-group-version-kind": [
                                {"group": "apps", "version": "v1", "kind": "Other"}]}})");
  std::string operation =
      R"({"get": {"x-kubernetes-group-version-kind":
                  {"group": "apps", "version": "v1", "kind": "Thing"}}})";
  Value paths = Value::object();
  std::string path = "/apis/apps/v1/namespaces/{namespace}/things/{name}";
  paths.set(path, json(operation));
  paths.set(path + "/status", json(operation));
  paths.set("/apis/apps/v1/others/{name}", json(R"({"get": {"x-kubernetes-group-version-kind":
      {"group": "apps", "version": "v1", "kind": "Other"}}})"));
  paths.set("/apis/apps/v1/others/{name}/scale", json(R"({"get": {}})"));
  document.set("paths", paths);
  auto schema = Schema::from_openapi(document);
  ASSERT_TRUE(schema.ok()) << schema.error().text();
  auto info = schema->find_resource("apps", "v1", "things");
  ASSERT_TRUE(info);
  EXPECT_EQ(info->scope, Scope::kNamespaced);
  EXPECT_TRUE(info->has_status);
  EXPECT_FALSE(info->has_scale);
  auto other = schema->find_resource("apps", "v1", "others");
  ASSERT_TRUE(other);
  EXPECT_EQ(other->scope, Scope::kCluster);
  EXPECT_TRUE(other->has_scale);
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

TEST(SchemaFromOpenapi, ListsAreAsDeclaredElseAsTheirPatchStrategySays) {
  struct Case {
    std::string_view attributes;
    ListType list_type;
    size_t keys;
  };
  const Case cases[] = {
      {R"({})", ListType::kAtomic, 0},
      {R"({"x-kubernetes-list-type": "set"})", ListType::kSet, 0},
      {R"({"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["a", "b"],
           "x-kubernetes-patch-strategy": "merge", "x-kubernetes-patch-merge-key": "a"})",
       ListType::kMap, 2},
      {R"({"x-kubernetes-patch-strategy": "merge,retainKeys",
           "x-kubernetes-patch-merge-key": "a"})",
       ListType::kMap, 1},
      {R"({"x-kubernetes-patch-strategy": "merge"})", ListType::kSet, 0},
      {R"({"x-kubernetes-patch-strategy": "replace"})", ListType::kAtomic, 0},
      {R"({"x-kubernetes-list-type": "atomic", "x-kubernetes-patch-strategy": "merge",
           "x-kubernetes-patch-merge-key": "a"})",
       ListType::kAtomic, 0},
  };
  for (const Case& c : cases) {
    Value list = json(c.attributes);
    list.set("type", "array");
    list.set("items", Value::object());
    auto schema = Schema::from_openapi(openapi(to_json(list)));
    ASSERT_TRUE(schema.ok()) << schema.error().text();
    EXPECT_EQ(thing(schema).list_type(), c.list_type) << c.attributes;
    EXPECT_EQ(thing(schema).list_keys().size(), c.keys) << c.attributes;
  }
}

TEST(SchemaFromOpenapi, TheFirstDefinitionOfAKindStays) {
  auto schema = Schema::from_openapi(
      openapi(R"({"type": "string"})",
              R"({"another": {"type": "integer", "x-kubernetes-group-version-kind": [
           {"group": "apps", "version": "v1", "kind": "Thing"}]}})"));
  ASSERT_TRUE(schema.ok()) << schema.error().text();
  EXPECT_EQ(schema->kind_count(), 1u);
  EXPECT_EQ(thing(schema).kind(), TypeKind::kInteger);
}

TEST(SchemaFromOpenapi, ObjectsAreOpenIfNothingIsSaidOfTheirMembers) {
  struct Case {
    std::string_view schema;
    bool open;
  };
  const Case cases[] = {
      {R"({"type": "object"})", true},
      {R"({"type": "object", "properties": {"a": {}}})", false},
      {R"({"type": "object", "properties": {"a": {}}, "additionalProperties": true})", true},
      {R"({"type": "object", "additionalProperties": {"type": "string"}})", false},
      {R"({"type": "object", "additionalProperties": false})", false},
  };
  for (const Case& c : cases) {
    auto schema = Schema::from_openapi(openapi(c.schema));
    ASSERT_TRUE(schema.ok()) << schema.error().text();
    EXPECT_EQ(thing(schema).open(), c.open) << c.schema;
  }
}

// The built-in table written as OpenAPI: a definition for every type.
class Writer {
 public:
  explicit Writer(const SchemaTable& table) : table_(table) {}

  Value document() const {
    Value definitions = Value::object();
    for (uint32_t i = 0; i < table_.types.size(); ++i) definitions.set(name(i), schema(i));
    for (const KindRecord& kind : table_.kinds) {
      const Value gvk = Value::object({{"group", table_.string(kind.group)},
                                       {"version", table_.string(kind.version)},
                                       {"kind", table_.string(kind.kind)}});
      definitions.edit(name(kind.type)).edit("x-kubernetes-group-version-kind").push_back(gvk);
    }
    return Value::object({{"definitions", definitions}});
  }

 private:
  std::string name(uint32_t type) const {
    const TypeRecord& record = table_.types[type];
    const std::string package = "io.k8s.apimachinery.pkg.";
    if (record.kind == TypeKind::kQuantity) return package + "api.resource.Quantity";
    const bool raw = record.kind == TypeKind::kAny && record.map_type == MapType::kAtomic;
    return raw ? package + "runtime.RawExtension" : "t" + std::to_string(type);
  }

  Value reference(uint32_t type) const {
    return Value::object({{"$ref", "#/definitions/" + name(type)}});
  }

  Value schema(uint32_t type) const {
    const TypeRecord& record = table_.types[type];
    Value out = Value::object();
    static constexpr std::string_view kTypes[] = {"",        "object", "array",  "string",
                                                  "integer", "number", "boolean"};
    const auto kind = static_cast<size_t>(record.kind);
    if (kind > 0 && kind < std::size(kTypes)) out.set("type", kTypes[kind]);
    if (record.format != 0) out.set("format", table_.string(record.format));
    std::string strategy;
    if (record.flags & TypeRecord::kPatchMerge) strategy = "merge";
    if (record.flags & TypeRecord::kPatchReplace) strategy = "replace";
    if (record.flags & TypeRecord::kPatchRetainKeys) strategy += strategy.empty() ? "" : ",";
    if (record.flags & TypeRecord::kPatchRetainKeys) strategy += "retainKeys";
    if (!strategy.empty()) out.set("x-kubernetes-patch-strategy", strategy);
    if (record.kind == TypeKind::kList) write_list(record, out);
    if (record.kind == TypeKind::kObject) write_object(record, out);
    return out;
  }

  void write_list(const TypeRecord& record, Value& out) const {
    static constexpr std::string_view kListTypes[] = {"atomic", "set", "map"};
    out.set("items", reference(record.element));
    out.set("x-kubernetes-list-type", kListTypes[static_cast<size_t>(record.list_type)]);
    for (uint32_t key : table_.keys.subspan(record.first_key, record.key_count)) {
      out.edit("x-kubernetes-list-map-keys").push_back(table_.string(key));
    }
    if (record.merge_key != 0) {
      out.set("x-kubernetes-patch-merge-key", table_.string(record.merge_key));
    }
  }

  void write_object(const TypeRecord& record, Value& out) const {
    if (record.map_type == MapType::kAtomic) out.set("x-kubernetes-map-type", "atomic");
    if (record.element != kNoType) out.set("additionalProperties", reference(record.element));
    for (const FieldRecord& field : table_.fields.subspan(record.first_field, record.field_count)) {
      Value property = reference(field.type);
      if (field.default_json != 0) property.set("default", json(table_.string(field.default_json)));
      out.edit("properties").set(table_.string(field.name), std::move(property));
      if (field.required) out.edit("required").push_back(table_.string(field.name));
    }
  }

  const SchemaTable& table_;
};

void expect_same(const Field& a, const Field& b) {
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.default_json, b.default_json) << a.name;
  EXPECT_EQ(a.required, b.required) << a.name;
}

void expect_same(TypeRef a, TypeRef b) {
  EXPECT_EQ(a.kind(), b.kind());
  EXPECT_EQ(a.format(), b.format());
  EXPECT_EQ(a.list_type(), b.list_type());
  EXPECT_EQ(a.map_type(), b.map_type());
  EXPECT_EQ(a.open(), b.open());
  EXPECT_EQ(a.patch_merges(), b.patch_merges());
  EXPECT_EQ(a.patch_replaces(), b.patch_replaces());
  EXPECT_EQ(a.patch_retains_keys(), b.patch_retains_keys());
  EXPECT_EQ(a.merge_key(), b.merge_key());
  ASSERT_EQ(a.list_keys().size(), b.list_keys().size());
  for (size_t i = 0; i < a.list_keys().size(); ++i) EXPECT_EQ(a.list_keys()[i], b.list_keys()[i]);
}

TEST(SchemaFromOpenapi, ReadsEveryBuiltInTypeAsTheGeneratorDid) {
  for (const SchemaTable* table : {&kCurrentSchema, &kKustomizeSchema}) {
    const Schema builtin = table == &kCurrentSchema ? Schema::current() : Schema::kustomize();
    auto schema = Schema::from_openapi(Writer(*table).document());
    ASSERT_TRUE(schema.ok()) << schema.error().text();
    ASSERT_EQ(schema->kind_count(), builtin.kind_count());
    std::vector<std::pair<TypeRef, TypeRef>> pairs;
    for (size_t i = 0; i < builtin.kind_count(); ++i) {
      EXPECT_EQ(schema->kind_at(i).kind, builtin.kind_at(i).kind);
      pairs.emplace_back(builtin.kind_at(i).type, schema->kind_at(i).type);
    }
    std::map<size_t, std::vector<TypeRef>> seen;  // by number of fields
    for (size_t next = 0; next < pairs.size(); ++next) {
      const auto [a, b] = pairs[next];
      auto& known = seen[a.field_count()];
      if (std::ranges::find(known, a) != known.end()) continue;
      known.push_back(a);
      ASSERT_EQ(static_cast<bool>(a), static_cast<bool>(b));
      expect_same(a, b);
      ASSERT_EQ(a.field_count(), b.field_count());
      for (size_t i = 0; i < a.field_count(); ++i) {
        expect_same(a.field_at(i), b.field_at(i));
        pairs.emplace_back(a.field_at(i).type, b.field_at(i).type);
      }
      pairs.emplace_back(a.element(), b.element());
    }
    EXPECT_GE(pairs.size(), table->types.size());
  }
}

}  // namespace
}  // namespace plumb::object
