// Ownership: how the sets of an object's managers change when it does. The inside of
// field_manager.h; not for use outside.
//
// Source: structured-merge-diff v6, package merge.
#pragma once

#include "object/field_manager.h"

namespace plumb::object::ownership {

// By ManagedFieldsEntry::identity(). No entry has an empty set.
using Managers = std::map<std::string, ManagedFieldsEntry>;

// An object with its type at its version, known to be of that type.
struct Typed {
  Value value;
  TypeRef type;
};

// `shop/web; apps/v1, Kind=Deployment`, as kube-apiserver names an object in these messages.
std::string object_text(const Value& object);
// `apps/v1, Kind=Deployment`, as Go prints a kind.
std::string kind_text(std::string_view api_version, std::string_view kind);

class Updater {
 public:
  explicit Updater(const FieldManagerOptions& options) : options_(options) {}

  // The object at the endpoint's version, checked.
  base::Result<Typed> typed(const Value& object, DuplicateItems duplicates) const;

  // Gives to `self` what changes between two objects, and takes it from all others.
  base::Status update(const Typed& live, const Typed& updated, Managers& managers,
                      const ManagedFieldsEntry& self) const;

  struct Applied {
    Value object;
    std::vector<FieldConflict> conflicts;  // if any, nothing else counts
  };
  base::Result<Applied> apply(const Typed& live, const Typed& config, Managers& managers,
                              const ManagedFieldsEntry& self, bool force) const;

 private:
  // nullopt: the version is not served.
  base::Result<std::optional<Typed>> convert(const Typed& object,
                                             std::string_view api_version) const;
  std::optional<TypeRef> type_at(std::string_view api_version) const;
  FieldSet without_reset(const FieldSet& set, std::string_view api_version) const;

  base::Status close_atomics(const Typed& live, Managers& managers) const;
  // What differs, at each version that managers have; by version.
  base::Result<std::map<std::string, FieldChanges>> changes(const Typed& before, const Typed& after,
                                                            Managers& managers,
                                                            std::string_view self) const;
  // Takes changed fields from all managers but `self`; or says who has them, where not `force`.
  base::Result<std::vector<FieldConflict>> take_over(const Typed& before, const Typed& after,
                                                     Managers& managers, std::string_view self,
                                                     bool force, FieldChanges& own) const;

  // Removes from `merged` what `self` applied last, at its version, and nobody has now.
  base::Result<Typed> prune(Typed merged, const Managers& managers,
                            const ManagedFieldsEntry& last) const;
  base::Status restore_owned(Typed& merged, Typed& pruned, std::string_view api_version,
                             const FieldSet& owned) const;

  const FieldManagerOptions& options_;
};

}  // namespace plumb::object::ownership
