// Schema::from_crd: the kinds that a CustomResourceDefinition adds.

#include "object/schema.h"
#include "object/schema_builder.h"

namespace plumb::object {

base::Result<Schema> Schema::from_crd(const Value& definition) {
  const Value& spec = definition["spec"];
  const Value& names = spec["names"];
  if (!spec["group"].is_string() || !names["kind"].is_string() || !spec["versions"].is_array()) {
    return base::invalid(
        "not a CustomResourceDefinition: want spec.group, spec.names.kind and spec.versions");
  }
  KindInfo info;
  info.group = spec["group"].as_string();
  info.kind = names["kind"].as_string();
  info.plural = names["plural"].as_string();
  info.scope = spec["scope"].as_string() == "Cluster" ? Scope::kCluster : Scope::kNamespaced;

  const Value no_definitions;
  SchemaBuilder builder(no_definitions);
  for (const Value& version : spec["versions"].items()) {
    info.version = version["name"].as_string();
    info.has_status = version["subresources"].contains("status");
    info.has_scale = version["subresources"].contains("scale");
    auto type = builder.custom_resource(version["schema"]["openAPIV3Schema"],
                                        spec["preserveUnknownFields"].as_bool());
    if (!type.ok()) return std::move(type).error().while_doing(info.version);
    builder.add_kind(info, *type);
  }
  return builder.finish();
}

}  // namespace plumb::object
