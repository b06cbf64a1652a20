// FieldManager: server-side apply, and the bookkeeping of ownership for every other write.
//
// An apply says: these fields, with these values, are mine. The live object gets the values; fields
// that the same manager applied before and does not say any more are removed, unless somebody else
// owns them too; and where a value would change that another manager owns, it is a conflict, which
// `force` turns into taking the field over. Managers who say the same value share the field. Any
// other write (update, patch) takes over what it changes and never conflicts.
//
// This is the write path of an API server: plumb's embedded one runs it, and with it one can tell
// what a real one will do. Source: kube-apiserver 1.36, that is structured-merge-diff v6 (package
// merge) under k8s.io/apimachinery 0.36 (pkg/util/managedfields), error texts included.
//
// Pure: time comes with the request; nothing is kept between calls.
#pragma once

#include <functional>
#include <map>

#include "object/field_values.h"
#include "object/managed_fields.h"

namespace plumb::object {

// One endpoint of an API server: a kind at a version, itself or a subresource of it.
struct FieldManagerOptions {
  std::string api_version;
  std::string kind;
  std::string subresource;

  // The type of the kind at a version; an empty TypeRef knows nothing of it. nullopt if the version
  // is not served: what managers own at it is forgotten. By default nothing is known.
  std::function<std::optional<TypeRef>(std::string_view api_version)> type;
  // An object at another version. By default only its apiVersion changes.
  std::function<base::Result<Value>(const Value& object, std::string_view api_version)> convert;
  // What this endpoint does not let anybody own, by apiVersion: a Deployment's .status, say.
  std::map<std::string, FieldSet> reset;
};

// Who writes, and when.
struct FieldManagerRequest {
  std::string manager;  // "" is "unknown"
  std::chrono::sys_seconds time;
  bool force = false;  // applies only: take over what conflicts
};

// A field that an apply would change and somebody else owns.
struct FieldConflict {
  ManagedFieldsEntry owner;  // its fields are left out
  Path path;
};

// `"kubectl" using apps/v1`, `"scaler" with subresource "scale" using apps/v1`: the owner as
// messages name it. Appliers have no version.
std::string owner_text(const ManagedFieldsEntry& owner);

// `Apply failed with 1 conflict: conflict with "kubectl" using apps/v1: .spec.replicas`; several
// are listed by owner.
std::string conflict_message(std::span<const FieldConflict> conflicts);

struct ApplyOutcome {
  Value object;  // with its new managedFields; null if there were conflicts
  std::vector<FieldConflict> conflicts;
  // Whether anything but managedFields changed. Where nothing did, no time stamp moves, and a new
  // owner has none.
  bool changed = false;
};

class FieldManager {
 public:
  explicit FieldManager(FieldManagerOptions options) : options_(std::move(options)) {}

  // `live`, here and below, is at the endpoint's version; null if there is no object yet. Where it
  // has no managedFields at all, what it has is first given to the manager "before-first-apply".
  // Fails on objects that are not of their type, on a wrong kind or version, and on managedFields
  // in `applied`. The manager "kubectl" takes over, without conflict, what its client-side apply
  // set, and keeps the annotation of that up to date.
  base::Result<ApplyOutcome> apply(const Value& live, const Value& applied,
                                   const FieldManagerRequest& request) const;

  // The object `updated` with its managedFields: those it brings itself, or else those of `live`,
  // after the change. An existing object that nobody tracks stays so; an empty managedFields list
  // in `updated` stops tracking.
  base::Result<Value> update(const Value& live, const Value& updated,
                             const FieldManagerRequest& request) const;

 private:
  base::Result<ApplyOutcome> apply_once(const Value& live, const Value& applied,
                                        const FieldManagerRequest& request) const;

  FieldManagerOptions options_;
};

}  // namespace plumb::object
