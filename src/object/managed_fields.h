// metadata.managedFields: who owns which fields of an object.
//
// Every manager has one entry a way it writes: one for all its applies (per subresource), and one
// for its updates at each apiVersion (per subresource).
//
// Source: k8s.io/apimachinery 0.36, pkg/util/managedfields/internal.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "object/field_set.h"

namespace plumb::object {

// How fields came to be owned: by server-side apply, or by any other write.
enum class ManagerOperation : uint8_t { kApply, kUpdate };

std::string_view to_string(ManagerOperation operation);  // "Apply", "Update"

struct ManagedFieldsEntry {
  std::string manager;
  ManagerOperation operation = ManagerOperation::kUpdate;
  std::string api_version;  // in which `fields` are written
  std::string subresource;  // "" is the object itself
  // When the manager last changed the object by this entry; none if it never changed a value.
  std::optional<std::chrono::sys_seconds> time;
  FieldSet fields;

  // What tells entries apart: manager, operation and subresource, and for updates the apiVersion.
  // JSON, in the bytes kube-apiserver sorts by.
  std::string identity() const;

  bool operator==(const ManagedFieldsEntry&) const = default;
};

// Reads the list metadata.managedFields; null is the empty list. Of entries with one identity the
// last counts. Fails, in kube-apiserver's words, on an entry that it would refuse.
base::Result<std::vector<ManagedFieldsEntry>> decode_managed_fields(const Value& list);

// The list as kube-apiserver writes it: applies first, then by time, manager, apiVersion and
// subresource. Null if there are no entries.
Value encode_managed_fields(std::vector<ManagedFieldsEntry> entries);

}  // namespace plumb::object
