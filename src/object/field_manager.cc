#include "object/field_manager.h"

#include <algorithm>

#include "object/go_format.h"
#include "object/last_applied.h"
#include "object/ownership.h"

namespace plumb::object {
namespace {

using ownership::Managers;
using ownership::Typed;
using ownership::Updater;

constexpr size_t kMaxUpdateManagers = 10;
constexpr std::string_view kAncientChanges = "ancient-changes";
constexpr std::string_view kBeforeFirstApply = "before-first-apply";

// Identity and bookkeeping of an object: nobody owns these.
const FieldSet& never_owned() {
  static const FieldSet set = [] {
    FieldSet out;
    const PathElement metadata = PathElement::field("metadata");
    for (const char* name : {"apiVersion", "kind", "metadata"}) {
      out.insert(Path{PathElement::field(name)});
    }
    for (const char* name : {"name", "namespace", "creationTimestamp", "selfLink", "uid",
                             "clusterName", "generation", "managedFields", "resourceVersion"}) {
      out.insert(Path{metadata, PathElement::field(name)});
    }
    return out;
  }();
  return set;
}

void strip(Managers& managers, const std::string& identity) {
  const auto mine = managers.find(identity);
  if (mine == managers.end()) return;
  mine->second.fields = mine->second.fields.without(never_owned());
  if (mine->second.fields.empty()) managers.erase(mine);
}

Managers by_identity(std::vector<ManagedFieldsEntry> entries) {
  Managers managers;
  for (ManagedFieldsEntry& entry : entries) {
    std::string identity = entry.identity();
    managers.insert_or_assign(std::move(identity), std::move(entry));
  }
  return managers;
}

const Value& managed_fields_of(const Value& object) { return object["metadata"]["managedFields"]; }

Value without_managed_fields(Value object) {
  if (managed_fields_of(object).is_null() && !object["metadata"].contains("managedFields")) {
    return object;
  }
  object.edit("metadata").erase("managedFields");
  return object;
}

// What is left of metadata is never null: managedFields had a place in it all along.
Value with_managed_fields(Value object, const Managers& managers) {
  std::vector<ManagedFieldsEntry> entries;
  for (const auto& [identity, entry] : managers) entries.push_back(entry);
  Value list = encode_managed_fields(std::move(entries));
  object = without_managed_fields(std::move(object));
  if (Value* metadata = object.edit_if("metadata"); metadata && metadata->is_null()) {
    *metadata = Value::object();
  }
  if (!list.is_null()) object.edit("metadata").set("managedFields", std::move(list));
  return object;
}

Managers decoded_or_empty(const Value& list) {
  auto entries = decode_managed_fields(list);
  return entries.ok() ? by_identity(std::move(*entries)) : Managers();
}

// A client stops tracking by sending an empty list, or a list of one empty entry.
bool is_reset(const Value& list) {
  return list.is_array() &&
         (list.empty() || (list.size() == 1 && list.at(0).is_object() && list.at(0).empty()));
}

// Those the update brings, or else those of the live object: clients who don't know of
// managedFields must not drop them. A subresource can't set them.
Managers managers_for_update(const Value& live, const Value& updated, bool subresource) {
  const Value& brought = managed_fields_of(updated);
  if (!subresource) {
    if (is_reset(brought)) return {};
    if (Managers managers = decoded_or_empty(brought); !managers.empty()) return managers;
  }
  return decoded_or_empty(managed_fields_of(live));
}

ManagedFieldsEntry entry_of(const FieldManagerOptions& options, const std::string& manager,
                            ManagerOperation operation) {
  return {manager.empty() ? "unknown" : manager,
          operation,
          options.api_version,
          options.subresource,
          std::nullopt,
          {}};
}

Value empty_object(const FieldManagerOptions& options) {
  return Value::object({{"apiVersion", options.api_version}, {"kind", options.kind}});
}

// Merges the oldest entries of updates, by version, until no more are left than the limit.
void cap_updates(Managers& managers) {
  std::vector<std::string> updates;
  for (const auto& [identity, entry] : managers) {
    if (entry.operation == ManagerOperation::kUpdate) updates.push_back(identity);
  }
  if (updates.size() <= kMaxUpdateManagers) return;
  std::ranges::sort(updates, {}, [&](const std::string& identity) {
    return std::pair(managers.at(identity).time.value_or(std::chrono::sys_seconds()), identity);
  });
  size_t count = updates.size();
  std::map<std::string, std::string> first_of_version;
  for (size_t i = 0; i < updates.size() && count > kMaxUpdateManagers; ++i) {
    const ManagedFieldsEntry entry = managers.at(updates[i]);
    const auto [first, fresh] = first_of_version.try_emplace(entry.api_version, updates[i]);
    if (fresh) continue;
    ManagedFieldsEntry bucket = entry;
    bucket.manager = kAncientChanges;
    bucket.subresource.clear();
    const std::string identity = bucket.identity();
    if (identity == updates[i]) continue;
    auto at = managers.find(identity);
    if (at == managers.end()) {
      bucket.fields = managers.at(first->second).fields;
      managers.erase(first->second);
      at = managers.emplace(identity, std::move(bucket)).first;
    }
    at->second.fields = entry.fields.united(at->second.fields);
    at->second.time = entry.time;
    managers.erase(updates[i]);
    --count;
  }
}

// What changes between two objects goes to the manager, united with what it had by updates before.
base::Status track_update(const FieldManagerOptions& options, const Value& live,
                          const Value& updated, Managers& managers, const std::string& manager,
                          std::chrono::sys_seconds time) {
  const Updater updater(options);
  const auto typed = [&](const Value& object, const char* what) -> base::Result<Typed> {
    auto out = updater.typed(object, DuplicateItems::kAllow);
    if (out.ok()) return out;
    return base::invalid("failed to convert " + std::string(what) + " object (" +
                         ownership::object_text(object) +
                         ") to smd typed: " + out.error().message());
  };
  PLUMB_TRY(const Typed after, typed(updated, "new"));
  PLUMB_TRY(const Typed before, typed(live, "live"));

  // Under a name of its own first: taking a field from the manager's own older entry counts too.
  const ManagedFieldsEntry self = entry_of(options, manager, ManagerOperation::kUpdate);
  ManagedFieldsEntry now = self;
  now.manager = "current-operation";
  PLUMB_CHECK_OK(updater.update(before, after, managers, now));
  strip(managers, now.identity());
  if (auto taken = managers.extract(now.identity())) {
    ManagedFieldsEntry& entry = managers.try_emplace(self.identity(), self).first->second;
    entry.fields = taken.mapped().fields.united(entry.fields);
    entry.time = time;
  }
  cap_updates(managers);
  return base::ok();
}

base::Status check_request(const FieldManagerOptions& options, const Value& applied) {
  const std::string_view version = applied["apiVersion"].as_string();
  const std::string_view kind = applied["kind"].as_string();
  if (version != options.api_version || kind != options.kind) {
    return base::invalid("invalid object type: " + ownership::kind_text(version, kind));
  }
  if (!managed_fields_of(applied).is_null()) {
    return base::invalid("metadata.managedFields must be nil");
  }
  return base::ok();
}

}  // namespace

std::string owner_text(const ManagedFieldsEntry& owner) {
  std::string out;
  append_go_quoted(out, owner.manager);
  if (!owner.subresource.empty()) {
    out += " with subresource ";
    append_go_quoted(out, owner.subresource);
  }
  if (owner.operation == ManagerOperation::kUpdate) out += " using " + owner.api_version;
  return out;
}

std::string conflict_message(std::span<const FieldConflict> conflicts) {
  if (conflicts.size() == 1) {
    return "Apply failed with 1 conflict: conflict with " + owner_text(conflicts[0].owner) + ": " +
           path_text(conflicts[0].path);
  }
  std::string out = "Apply failed with " + std::to_string(conflicts.size()) + " conflicts: ";
  std::string last;
  for (const FieldConflict& conflict : conflicts) {
    if (const std::string owner = owner_text(conflict.owner); owner != last) {
      out += (last.empty() ? "conflicts with " : "\nconflicts with ") + owner + ":";
      last = owner;
    }
    out += "\n- " + path_text(conflict.path);
  }
  return out;
}

base::Result<ApplyOutcome> FieldManager::apply(const Value& live, const Value& applied,
                                               const FieldManagerRequest& request) const {
  PLUMB_TRY(ApplyOutcome outcome, apply_once(live, applied, request));
  if (request.manager != last_applied::kManager) return outcome;

  // kubectl's own client-side apply is no stranger: what it set, and nobody changed since, is taken
  // over.
  if (!outcome.conflicts.empty()) {
    const auto unchanged =
        last_applied::unchanged_fields(Updater(options_), live, options_.api_version);
    if (!unchanged) return outcome;
    std::erase_if(outcome.conflicts, [&](const FieldConflict& conflict) {
      return unchanged->contains(conflict.path);
    });
    if (!outcome.conflicts.empty()) return outcome;
    FieldManagerRequest forced = request;
    forced.force = true;
    PLUMB_TRY(outcome, apply_once(live, applied, forced));
  }
  outcome.object = last_applied::brought_up_to_date(std::move(outcome.object), applied);
  return outcome;
}

base::Result<ApplyOutcome> FieldManager::apply_once(const Value& live, const Value& applied,
                                                    const FieldManagerRequest& request) const {
  auto decoded = decode_managed_fields(managed_fields_of(live));
  if (!decoded.ok()) {
    return std::move(decoded).error().while_doing("failed to decode managed fields");
  }
  Managers managers = by_identity(std::move(*decoded));
  PLUMB_CHECK_OK(check_request(options_, applied));

  const Value before = live.is_null() ? empty_object(options_) : without_managed_fields(live);
  if (managers.empty()) {
    auto tracked = track_update(options_, empty_object(options_), before, managers,
                                std::string(kBeforeFirstApply), request.time);
    if (!tracked.ok()) {
      return std::move(tracked).error().while_doing("failed to create manager for existing fields");
    }
  }

  const Updater updater(options_);
  auto config = updater.typed(applied, DuplicateItems::kRefuse);
  if (!config.ok()) {
    return base::invalid("failed to create typed patch object (" + ownership::object_text(applied) +
                         "): " + config.error().message());
  }
  auto current = updater.typed(before, DuplicateItems::kAllow);
  if (!current.ok()) {
    return base::invalid("failed to create typed live object (" + ownership::object_text(before) +
                         "): " + current.error().message());
  }
  const ManagedFieldsEntry self = entry_of(options_, request.manager, ManagerOperation::kApply);
  PLUMB_TRY(auto outcome, updater.apply(*current, *config, managers, self, request.force));
  if (!outcome.conflicts.empty()) return ApplyOutcome{{}, std::move(outcome.conflicts), false};

  const std::string identity = self.identity();
  strip(managers, identity);
  const bool changed = !(outcome.object == before);
  if (const auto mine = managers.find(identity); changed && mine != managers.end()) {
    mine->second.time = request.time;
  }
  return ApplyOutcome{with_managed_fields(std::move(outcome.object), managers), {}, changed};
}

base::Result<Value> FieldManager::update(const Value& live, const Value& updated,
                                         const FieldManagerRequest& request) const {
  Managers managers = managers_for_update(live, updated, !options_.subresource.empty());
  Value after = without_managed_fields(updated);
  const bool exists = !live["metadata"]["uid"].as_string().empty();
  if (managers.empty() && exists) return after;
  const Value before = live.is_null() ? empty_object(options_) : without_managed_fields(live);
  PLUMB_CHECK_OK(track_update(options_, before, after, managers, request.manager, request.time));
  return with_managed_fields(std::move(after), managers);
}

}  // namespace plumb::object
