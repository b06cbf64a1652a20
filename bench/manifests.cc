#include "bench/manifests.h"

#include "object/json.h"
#include "object/yaml.h"

namespace plumb::bench {
namespace {

constexpr int kDeployments = 900;

constexpr const char* kDescription =
    "Standard object's metadata. The pod this Toleration is attached to tolerates any taint that "
    "matches "
    "the triple <key,value,effect> using the matching operator. More info: "
    "https://example.com/docs/concepts/overview/working-with-objects/names#namespaces";

// The schema of an object whose fields are objects in turn.
object::Value schema(int depth) {
  using object::Value;
  Value type = Value::object({{"type", "object"}, {"description", kDescription}});
  if (depth == 0) {
    type.set("type", "string");
    return type;
  }
  for (const char* field : {"containers", "volumes", "affinity", "nodeSelector", "tolerations"}) {
    type.edit("properties").set(field, schema(depth - 1));
  }
  type.set("required", Value::array({"containers", "volumes"}));
  return type;
}

// A Deployment of six containers with `variables` environment variables each, from number `first`.
object::Value containers(int first, int variables, const char* tag) {
  using object::Value;
  Value deployment = object::parse_yaml(deployment_yaml(7)).value();
  Value list = Value::array();
  for (int i = 0; i < 6; ++i) {
    Value container = Value::object(
        {{"name", "container-" + std::to_string(i)},
         {"image", "registry.example.com/team/part-" + std::to_string(i) + ":" + tag}});
    for (int j = first; j < first + variables; ++j) {
      container.edit("env").push_back(Value::object(
          {{"name", "VARIABLE_" + std::to_string(j)}, {"value", std::string("value ") + tag}}));
    }
    list.push_back(std::move(container));
  }
  deployment.edit("spec").edit("template").edit("spec").set("containers", std::move(list));
  return deployment;
}

}  // namespace

std::string merge_original_json() { return object::to_json(containers(0, 16, "1.0")); }

std::string merge_patch_json() { return object::to_json(containers(8, 13, "1.1")); }

std::string deployment_yaml(int number) {
  const std::string name = "web-" + std::to_string(number);
  return R"(apiVersion: apps/v1
kind: Deployment
metadata:
  name: )" +
         name + R"(
  namespace: shop
  labels:
    app.kubernetes.io/name: web
    app.kubernetes.io/instance: )" +
         name + R"(
  annotations:
    example.com/owner: "team-shop"
spec:
  replicas: 3 # more on Fridays
  selector:
    matchLabels:
      app: )" +
         name + R"(
  template:
    metadata:
      labels:
        app: )" +
         name + R"(
    spec:
      containers:
      - name: web
        image: registry.example.com/team/web:1.2.)" +
         std::to_string(number) + R"(
        args: ["--port=8080", "--verbose"]
        ports:
        - containerPort: 8080
          name: http
        env:
        - name: LOG_LEVEL
          value: "info"
        - name: POD_NAME
          valueFrom:
            fieldRef:
              fieldPath: metadata.name
        resources:
          requests:
            cpu: 100m
            memory: 128Mi
          limits:
            cpu: "1"
            memory: 512Mi
        readinessProbe:
          httpGet:
            path: /healthz
            port: http
          initialDelaySeconds: 5
          periodSeconds: 10
)";
}

std::string deployments_yaml() {
  std::string out;
  for (int i = 0; i < kDeployments; ++i) out += "---\n" + deployment_yaml(i);
  return out;
}

std::string definition_yaml() { return object::to_yaml(schema(4)); }

std::string config_maps_yaml() {
  std::string out;
  for (int i = 0; i < 100; ++i) {
    out += "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: config-" + std::to_string(i) +
           "\ndata:\n  nginx.conf: |\n";
    for (int line = 0; line < 100; ++line) {
      out += "    location /path-" + std::to_string(line) + " { proxy_pass http://backend; }\n";
    }
  }
  return out;
}

std::string deployments_json() {
  object::Value list = object::Value::array();
  for (int i = 0; i < kDeployments; ++i) {
    object::Value item = object::parse_yaml(deployment_yaml(i)).value();
    item.edit("metadata")
        .set("uid", "6f1c8e52-7b0f-4f5d-9f0a-3c2b1a0d9e" + std::to_string(10 + i % 90));
    item.edit("metadata").set("creationTimestamp", "2026-11-21T10:00:00Z");
    item.edit("status").set("observedGeneration", i);
    list.push_back(std::move(item));
  }
  return object::to_json(object::Value::object({{"items", list}, {"kind", "DeploymentList"}}));
}

}  // namespace plumb::bench
