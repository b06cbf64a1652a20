// Key: which object is meant. Gvk: as what it is written.
//
// The version is not part of an object's identity: a HorizontalPodAutoscaler of v2beta2 and of v2
// is the same object. Scope (whether a namespace belongs to the identity) is the schema's to know,
// or the CRD's in the same commit; a Key only holds what it is given.
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "object/value.h"

namespace plumb::object {

// Group, version and kind. The core group is "".
struct Gvk {
  std::string group;
  std::string version;
  std::string kind;

  // Of an apiVersion, "v1" or "apps/v1", and a kind.
  static Gvk of(std::string_view api_version, std::string_view kind);
  std::string api_version() const;
  // "apps/v1 Deployment", as messages say it.
  std::string text() const;
  auto operator<=>(const Gvk&) const = default;
};

struct Key {
  std::string cluster;  // the destination's name; "" where there is only one
  std::string group;
  std::string kind;
  std::string namespace_name;  // "" for cluster-scoped objects
  std::string name;

  // "Deployment.apps shop/web", "Namespace shop", with "@cluster" behind it where there is one.
  std::string text() const;
  auto operator<=>(const Key&) const = default;
};

// The identity of a document that is an object: apiVersion, kind and metadata.name must be there,
// as strings. The error names the field, and the object as far as it is known.
base::Result<Key> key_of(const Value& object);
base::Result<Gvk> gvk_of(const Value& object);

}  // namespace plumb::object

template <>
struct std::hash<plumb::object::Key> {
  size_t operator()(const plumb::object::Key& key) const;
};
