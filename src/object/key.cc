#include "object/key.h"

#include "base/hash.h"

namespace plumb::object {
namespace {

// "Deployment web", as far as the document says.
std::string described(const Value& object) {
  const std::string kind(object["kind"].as_string("object"));
  const std::string_view name = object["metadata"]["name"].as_string();
  return name.empty() ? kind : kind + " " + std::string(name);
}

base::Result<std::string> required(const Value& object, const Value& field, std::string_view path) {
  if (!field.as_string().empty()) return std::string(field.as_string());
  const std::string found = field.is_null() ? "missing"
                            : field.is_string()
                                ? "empty"
                                : "not a string but " + std::string(to_string(field.kind()));
  return base::invalid(std::string(path) + " is " + found)
      .on(described(object))
      .field(std::string(path))
      .advise("every Kubernetes object has apiVersion, kind and metadata.name");
}

}  // namespace

Gvk Gvk::of(std::string_view api_version, std::string_view kind) {
  const size_t slash = api_version.find('/');
  const bool core = slash == std::string_view::npos;
  return {std::string(core ? "" : api_version.substr(0, slash)),
          std::string(core ? api_version : api_version.substr(slash + 1)), std::string(kind)};
}

std::string Gvk::api_version() const { return group.empty() ? version : group + "/" + version; }

std::string Gvk::text() const { return api_version() + " " + kind; }

std::string Key::text() const {
  std::string out = kind;
  if (!group.empty()) out += "." + group;
  out += " ";
  if (!namespace_name.empty()) out += namespace_name + "/";
  out += name;
  if (!cluster.empty()) out += "@" + cluster;
  return out;
}

base::Result<Gvk> gvk_of(const Value& object) {
  if (!object.is_object()) {
    return base::invalid("a Kubernetes object is a mapping, not of kind " +
                         std::string(to_string(object.kind())));
  }
  PLUMB_TRY(const std::string api_version, required(object, object["apiVersion"], "apiVersion"));
  PLUMB_TRY(const std::string kind, required(object, object["kind"], "kind"));
  return Gvk::of(api_version, kind);
}

base::Result<Key> key_of(const Value& object) {
  PLUMB_TRY(Gvk gvk, gvk_of(object));
  const Value& metadata = object["metadata"];
  PLUMB_TRY(std::string name, required(object, metadata["name"], "metadata.name"));
  const Value& space = metadata["namespace"];
  if (!space.is_null() && !space.is_string()) {
    PLUMB_CHECK_OK(required(object, space, "metadata.namespace"));
  }
  return Key{"", std::move(gvk.group), std::move(gvk.kind), std::string(space.as_string()),
             std::move(name)};
}

}  // namespace plumb::object

size_t std::hash<plumb::object::Key>::operator()(const plumb::object::Key& key) const {
  uint64_t hash = 0;
  for (const std::string* part :
       {&key.cluster, &key.group, &key.kind, &key.namespace_name, &key.name}) {
    hash = plumb::base::fingerprint(*part, hash);
  }
  return hash;
}
