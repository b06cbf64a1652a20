#include "tests/conformance/random_object.h"

#include <gtest/gtest.h>

#include "object/json.h"

namespace plumb::conformance {
namespace {

constexpr const char* kWidget = R"({
  "type": "object",
  "properties": {
    "apiVersion": {"type": "string"},
    "kind": {"type": "string"},
    "metadata": {
      "type": "object",
      "x-kubernetes-preserve-unknown-fields": true,
      "properties": {"name": {"type": "string"}}
    },
    "spec": {
      "type": "object",
      "properties": {
        "size": {"type": "integer"},
        "ratio": {"type": "number"},
        "port": {"x-kubernetes-int-or-string": true},
        "when": {"type": "string", "format": "date-time"},
        "atomicList": {"type": "array", "items": {"type": "string"}},
        "set": {"type": "array", "items": {"type": "string"}, "x-kubernetes-list-type": "set"},
        "numbers": {"type": "array", "items": {"type": "integer"}, "x-kubernetes-list-type": "set"},
        "map": {
          "type": "array",
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["name", "port"],
          "items": {
            "type": "object",
            "properties": {
              "name": {"type": "string"},
              "port": {"type": "integer", "default": 2},
              "tags": {"type": "array", "items": {"type": "string"}, "x-kubernetes-list-type": "set"},
              "options": {"type": "object", "additionalProperties": {"type": "string"}}
            }
          }
        },
        "keyed": {
          "type": "array",
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["id"],
          "items": {
            "type": "object",
            "properties": {"id": {"type": "string"}, "size": {"type": "integer"}}
          }
        },
        "atomicObject": {
          "type": "object",
          "x-kubernetes-map-type": "atomic",
          "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}
        },
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "nested": {
          "type": "object",
          "additionalProperties": {"type": "object", "properties": {"a": {"type": "boolean"}}}
        },
        "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
        "half": {
          "type": "object",
          "x-kubernetes-preserve-unknown-fields": true,
          "properties": {"a": {"type": "string"}, "inner": {"type": "object", "properties": {"b": {"type": "string"}}}}
        },
        "any": {"x-kubernetes-preserve-unknown-fields": true}
      }
    },
    "status": {"type": "object", "properties": {"ready": {"type": "boolean"}}}
  }
})";

Typing widget() {
  const Value schema = object::parse_json(kWidget).value_or(Value());
  EXPECT_TRUE(schema.is_object());
  Value model = schema;
  model.set("x-kubernetes-group-version-kind",
            Value::array({Value::object(
                {{"group", "example.com"}, {"version", "v1"}, {"kind", "Widget"}})}));
  const auto read = Schema::from_openapi(Value::object(
      {{"openapi", "3.0.0"},
       {"components", Value::object({{"schemas", Value::object({{"Widget", model}})}})}}));
  EXPECT_TRUE(read.ok()) << (read.ok() ? "" : read.error().text());
  Typing out{
      "Widget",
      "example.com/v1",
      "Widget",
      {},
      Value::object(
          {{"group", "example.com"}, {"version", "v1"}, {"kind", "Widget"}, {"schema", schema}}),
      {}};
  if (read.ok()) {
    out.held = std::make_shared<Schema>(*read);
    out.type = read->find("example.com/v1", "Widget")->type;
  }
  return out;
}

}  // namespace

Typing builtin(const char* group, const char* version, const char* kind) {
  const std::string api_version = *group ? std::string(group) + "/" + version : version;
  const auto info = Schema::current().find(group, version, kind);
  EXPECT_TRUE(info.has_value()) << kind;
  return {kind,
          api_version,
          kind,
          info ? info->type : TypeRef(),
          Value::object({{"group", group}, {"version", version}, {"kind", kind}}),
          {}};
}

Typing deduced() {
  return {"deduced",
          "example.com/v1",
          "Thing",
          TypeRef(),
          Value::object(
              {{"deduced", true}, {"group", "example.com"}, {"version", "v1"}, {"kind", "Thing"}}),
          {}};
}

std::vector<Typing> typings() {
  return {builtin("apps", "v1", "Deployment"),
          builtin("", "v1", "Service"),
          builtin("", "v1", "Pod"),
          builtin("", "v1", "ConfigMap"),
          builtin("batch", "v1", "CronJob"),
          builtin("networking.k8s.io", "v1", "Ingress"),
          builtin("", "v1", "Node"),
          deduced(),
          widget()};
}

}  // namespace plumb::conformance
