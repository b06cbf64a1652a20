// Schema::from_openapi: every kind that an OpenAPI document defines, and how paths serve it.

#include <algorithm>
#include <map>
#include <tuple>
#include <vector>

#include "object/schema.h"
#include "object/schema_builder.h"

namespace plumb::object {
namespace {

// Where objects of a kind are served: what follows version and namespace in a path.
struct ResourcePath {
  std::vector<std::string_view> parts;  // view: of the path
  Scope scope = Scope::kCluster;
};

ResourcePath resource_path(std::string_view path) {
  ResourcePath result;
  auto& parts = result.parts;
  for (size_t begin = 1; begin < path.size();) {
    size_t end = std::min(path.find('/', begin), path.size());
    parts.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  size_t prefix = parts.empty() ? 0 : parts[0] == "api" ? 2 : parts[0] == "apis" ? 3 : parts.size();
  parts.erase(parts.begin(), parts.begin() + std::min(prefix, parts.size()));
  if (parts.size() > 2 && parts[0] == "namespaces" && parts[1] == "{namespace}") {
    parts.erase(parts.begin(), parts.begin() + 2);
    result.scope = Scope::kNamespaced;
  }
  return result;
}

using Gvk = std::tuple<std::string_view, std::string_view, std::string_view>;

Gvk gvk_of(const Value& value) {
  return {value["group"].as_string(), value["version"].as_string(), value["kind"].as_string()};
}

Gvk gvk_of_operations(const Value& operations) {
  for (const Member& operation : operations.members()) {
    const Value& gvk = operation.value["x-kubernetes-group-version-kind"];
    if (gvk.is_object()) return gvk_of(gvk);
  }
  return {};
}

std::map<Gvk, KindInfo> served_kinds(const Value& paths) {
  std::map<Gvk, KindInfo> served;
  for (const Member& path : paths.members()) {
    auto [parts, scope] = resource_path(path.key());
    if (parts.size() != 2 || parts[1] != "{name}") continue;
    KindInfo& info = served[gvk_of_operations(path.value)];
    info.plural = parts[0];
    info.scope = scope;
  }
  for (const Member& path : paths.members()) {
    auto [parts, scope] = resource_path(path.key());
    if (parts.size() != 3) continue;
    std::string_view owner = path.key().substr(0, path.key().rfind('/'));
    auto found = served.find(gvk_of_operations(paths[owner]));
    if (found == served.end()) continue;
    if (parts[2] == "status") found->second.has_status = true;
    if (parts[2] == "scale") found->second.has_scale = true;
  }
  return served;
}

}  // namespace

base::Result<Schema> Schema::from_openapi(const Value& document) {
  const Value* v2 = document.find("definitions");
  const Value& definitions = v2 ? *v2 : document["components"]["schemas"];
  if (!definitions.is_object()) {
    return base::invalid("not an OpenAPI document: no definitions and no components.schemas");
  }
  std::map<Gvk, KindInfo> served = served_kinds(document["paths"]);
  SchemaBuilder builder(definitions);
  for (const Member& definition : definitions.members()) {
    for (const Value& gvk : definition.value["x-kubernetes-group-version-kind"].items()) {
      KindInfo& info = served[gvk_of(gvk)];
      std::tie(info.group, info.version, info.kind) = gvk_of(gvk);
      PLUMB_TRY(uint32_t type, builder.definition(definition.key()));
      builder.add_kind(info, type);
    }
  }
  return builder.finish();
}

}  // namespace plumb::object
