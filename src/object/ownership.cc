#include "object/ownership.h"

namespace plumb::object::ownership {
std::string object_text(const Value& object) {
  const Value& metadata = object["metadata"];
  return std::string(metadata["namespace"].as_string()) + "/" +
         std::string(metadata["name"].as_string()) + "; " +
         kind_text(object["apiVersion"].as_string(), object["kind"].as_string());
}

std::string kind_text(std::string_view api_version, std::string_view kind) {
  std::string out = api_version.find('/') == std::string_view::npos ? "/" : "";
  out += api_version;
  out += ", Kind=";
  return out += kind;
}

std::optional<TypeRef> Updater::type_at(std::string_view api_version) const {
  return options_.type ? options_.type(api_version) : TypeRef();
}

base::Result<Typed> Updater::typed(const Value& object, DuplicateItems duplicates) const {
  const auto type = type_at(options_.api_version);
  if (!type) {
    return base::invalid("no corresponding type for " +
                         kind_text(options_.api_version, options_.kind));
  }
  if (!object.is_object()) {
    return base::invalid("is " + std::string(to_string(object.kind())) + ", want an object");
  }
  PLUMB_CHECK_OK(check_fields(object, *type, duplicates));
  return Typed{object, *type};
}

base::Result<std::optional<Typed>> Updater::convert(const Typed& object,
                                                    std::string_view api_version) const {
  if (!object.value.is_object()) return base::invalid("object is empty after conversion");
  if (object.value["apiVersion"].as_string() == api_version) return std::optional(object);
  const auto type = type_at(api_version);
  if (!type) return std::optional<Typed>();
  Typed out{object.value, *type};
  if (options_.convert) {
    PLUMB_TRY(out.value, options_.convert(object.value, api_version));
  } else {
    out.value.set("apiVersion", api_version);
  }
  PLUMB_CHECK_OK(check_fields(out.value, out.type));
  return std::optional(std::move(out));
}

FieldSet Updater::without_reset(const FieldSet& set, std::string_view api_version) const {
  const auto reset = options_.reset.find(std::string(api_version));
  return reset == options_.reset.end() ? set : set.without_subtrees(reset->second);
}

base::Status Updater::close_atomics(const Typed& live, Managers& managers) const {
  for (auto at = managers.begin(); at != managers.end();) {
    PLUMB_TRY(const auto versioned, convert(live, at->second.api_version));
    if (!versioned) {
      at = managers.erase(at);
      continue;
    }
    at->second.fields = with_atomics_closed(at->second.fields, versioned->type);
    ++at;
  }
  return base::ok();
}

base::Result<std::map<std::string, FieldChanges>> Updater::changes(const Typed& before,
                                                                   const Typed& after,
                                                                   Managers& managers,
                                                                   std::string_view self) const {
  std::map<std::string, FieldChanges> out;
  const auto add = [&](const std::string& version, const Typed& a, const Typed& b) {
    FieldChanges changes = compare_fields(a.value, b.value, a.type);
    out[version] = {without_reset(changes.added, version), without_reset(changes.removed, version),
                    without_reset(changes.modified, version)};
  };
  add(options_.api_version, before, after);
  for (auto at = managers.begin(); at != managers.end();) {
    const std::string& version = at->second.api_version;
    if (at->first == self || out.contains(version)) {
      ++at;
      continue;
    }
    PLUMB_TRY(const auto versioned_before, convert(before, version));
    PLUMB_TRY(const auto versioned_after, convert(after, version));
    if (!versioned_before || !versioned_after) {
      at = managers.erase(at);
      continue;
    }
    add(version, *versioned_before, *versioned_after);
    ++at;
  }
  return out;
}

base::Result<std::vector<FieldConflict>> Updater::take_over(const Typed& before, const Typed& after,
                                                            Managers& managers,
                                                            std::string_view self, bool force,
                                                            FieldChanges& own) const {
  PLUMB_TRY(auto by_version, changes(before, after, managers, self));
  std::vector<FieldConflict> conflicts;
  Managers left;
  for (const auto& [identity, manager] : managers) {
    ManagedFieldsEntry kept = manager;
    if (identity != self) {
      const FieldChanges& changed = by_version[manager.api_version];
      const FieldSet lost = manager.fields.intersected(changed.modified.united(changed.added));
      lost.for_each([&](std::span<const PathElement> path) {
        ManagedFieldsEntry owner = manager;
        owner.fields = {};
        conflicts.push_back({std::move(owner), Path(path.begin(), path.end())});
      });
      kept.fields = manager.fields.without(lost).without(changed.removed);
    }
    if (!kept.fields.empty()) left.emplace(identity, std::move(kept));
  }
  if (!force && !conflicts.empty()) return conflicts;
  managers = std::move(left);
  own = std::move(by_version[options_.api_version]);
  return std::vector<FieldConflict>();
}

base::Status Updater::update(const Typed& live, const Typed& updated, Managers& managers,
                             const ManagedFieldsEntry& self) const {
  PLUMB_CHECK_OK(close_atomics(live, managers));
  const std::string identity = self.identity();
  FieldChanges own;
  PLUMB_CHECK_OK(take_over(live, updated, managers, identity, true, own));
  const auto mine = managers.find(identity);
  FieldSet set = mine == managers.end() ? FieldSet() : mine->second.fields;
  set = set.without(own.removed).united(own.modified).united(own.added);
  set = without_reset(set, options_.api_version);
  managers.erase(identity);
  if (set.empty()) return base::ok();
  ManagedFieldsEntry entry = self;
  entry.fields = std::move(set);
  managers.emplace(identity, std::move(entry));
  return base::ok();
}

base::Result<Updater::Applied> Updater::apply(const Typed& live, const Typed& config,
                                              Managers& managers, const ManagedFieldsEntry& self,
                                              bool force) const {
  PLUMB_CHECK_OK(close_atomics(live, managers));
  const std::string identity = self.identity();
  Typed merged{merge_fields(live.value, config.value, live.type), live.type};

  std::optional<ManagedFieldsEntry> last;
  if (const auto mine = managers.find(identity); mine != managers.end()) {
    last = std::move(mine->second);
  }
  ManagedFieldsEntry entry = self;
  entry.time = last ? last->time : std::nullopt;
  entry.fields = without_reset(fields_of(config.value, config.type), options_.api_version);
  managers.insert_or_assign(identity, std::move(entry));

  if (last && !last->fields.empty()) {
    PLUMB_TRY(merged, prune(std::move(merged), managers, *last));
  }
  FieldChanges own;
  PLUMB_TRY(auto conflicts, take_over(live, merged, managers, identity, force, own));
  return Applied{std::move(merged.value), std::move(conflicts)};
}

base::Result<Typed> Updater::prune(Typed merged, const Managers& managers,
                                   const ManagedFieldsEntry& last) const {
  PLUMB_TRY(auto converted, convert(merged, last.api_version));
  if (!converted) return merged;
  const TypeRef type = converted->type;
  const FieldSet applied_last = with_declared_parents(last.fields, type);
  Typed pruned{remove_fields(converted->value, applied_last, type), type};

  // Back comes what a manager owns now, first as seen from the version of the last apply.
  std::map<std::string, FieldSet> owned;
  for (const auto& [identity, manager] : managers) {
    FieldSet& set = owned[manager.api_version];
    set = set.united(manager.fields);
  }
  Typed whole = *converted;
  if (const auto same = owned.extract(last.api_version)) {
    PLUMB_CHECK_OK(restore_owned(whole, pruned, last.api_version, same.mapped()));
  }
  for (const auto& [version, set] : owned) {
    PLUMB_CHECK_OK(restore_owned(whole, pruned, version, set));
  }

  // And what nobody owns but was not applied last either: it hung below something that went.
  PLUMB_TRY(const auto left, convert(pruned, last.api_version));
  if (left) {
    const FieldSet kept = with_declared_parents(fields_of(left->value, type), type);
    const FieldSet all = with_declared_parents(fields_of(converted->value, type), type);
    const FieldSet gone = all.without(kept).intersected(applied_last);
    pruned = {remove_fields(converted->value, gone, type), type};
  } else {
    pruned = *converted;
  }
  PLUMB_TRY(auto back, convert(pruned, options_.api_version));
  if (!back) return merged;
  return std::move(*back);
}

base::Status Updater::restore_owned(Typed& merged, Typed& pruned, std::string_view api_version,
                                    const FieldSet& owned) const {
  PLUMB_TRY(auto all, convert(merged, api_version));
  PLUMB_TRY(auto left, convert(pruned, api_version));
  if (!all || !left) return base::ok();
  const TypeRef type = all->type;
  const FieldSet keep = with_declared_parents(fields_of(left->value, type), type)
                            .united(with_declared_parents(owned, type));
  const FieldSet gone = with_declared_parents(fields_of(all->value, type), type).without(keep);
  pruned = {remove_fields(all->value, gone, type), type};
  merged = std::move(*all);
  return base::ok();
}

}  // namespace plumb::object::ownership
