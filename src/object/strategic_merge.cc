// apply_strategic_merge, and the joining of two patches that three-way patches are made by.
#include "object/strategic_merge.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "object/member_edits.h"
#include "object/strategic_lists.h"
#include "object/strategic_merger.h"

namespace plumb::object {
namespace strategic {
namespace {

// The name behind "prefix/"; an error for a directive that is not of this form.
base::Result<std::string_view> list_name(std::string_view key, std::string_view prefix,
                                         const FieldPath& path) {
  if (key.size() > prefix.size() && key[prefix.size()] == '/') {
    return key.substr(prefix.size() + 1);
  }
  return base::invalid("invalid patch format: want \"" + std::string(prefix) + "/FIELD\"")
      .field(path.child(key).text());
}

base::Error unknown_directive(const Value& directive, const FieldPath& path) {
  return base::invalid("unknown patch type: " + base::quoted(directive.as_string("not a string")))
      .field(path.child(kPatch).text());
}

bool same_shape(const Value& a, const Value& b) { return type_of(a) == type_of(b); }

bool is_directive(std::string_view key) {
  return key.starts_with('$') &&
         (key == kPatch || key == kRetainKeys || key.starts_with(kDeleteFromList) ||
          key.starts_with(kSetElementOrder));
}

// True if cleaned() would change something at or below `value`.
bool needs_cleaning(const Value& value, const Cleaning& drop) {
  for (const Member& member : value.members()) {
    if (drop.nulls && member.value.is_null()) return true;
    if (drop.marked && member.key() == kPatch) return true;
    if (drop.directives && is_directive(member.key())) return true;
    if (needs_cleaning(member.value, drop)) return true;
  }
  return std::any_of(value.items().begin(), value.items().end(),
                     [&](const Value& item) { return needs_cleaning(item, drop); });
}

std::optional<Value> stripped(const Value& value, const Cleaning& drop) {
  if (value.is_scalar()) return value;
  if (value.is_array()) {
    List kept;
    for (const Value& item : value.items()) {
      if (auto rest = stripped(item, drop)) kept.push_back(std::move(*rest));
    }
    return Value::make_array(kept);
  }
  const Value* directive = value.find(kPatch);
  const bool marked = directive != nullptr && !(drop.nulls && directive->is_null());
  if (drop.marked && marked) return std::nullopt;
  std::vector<Member> kept;
  for (const Member& member : value.members()) {
    if (drop.nulls && member.value.is_null()) continue;
    if (drop.directives && is_directive(member.key())) continue;
    if (auto rest = stripped(member.value, drop)) {
      kept.emplace_back(member.key_text(), std::move(*rest));
    }
  }
  return Value::make_object(kept);
}

}  // namespace

std::optional<Value> cleaned(const Value& value, const Cleaning& drop) {
  return needs_cleaning(value, drop) ? stripped(value, drop) : value;
}

Value Merger::verbatim(const Value& value) const {
  return joins_patches() ? value : *cleaned(value, {.directives = true});
}

base::Status Merger::merge(Value& target, const Value& patch, TypeRef type,
                           const FieldPath& path) const {
  if (!has_directives(patch)) return merge_members(target, patch, type, path);
  if (const Value* directive = patch.find(kPatch)) {
    if (directive->as_string() == kReplace) {
      Value replacement = patch;
      replacement.erase(kPatch);
      target = verbatim(replacement);
    } else if (directive->as_string() == kDelete) {
      target = Value::object();
    } else {
      return unknown_directive(*directive, path);
    }
    return base::ok();
  }
  PLUMB_CHECK_OK(retain_keys(target, patch, path));
  PLUMB_CHECK_OK(order_lists(target, patch, type, path));
  PLUMB_CHECK_OK(merge_members(target, patch, type, path));
  return delete_from_lists(target, patch, type, path);
}

base::Status Merger::merge_members(Value& target, const Value& patch, TypeRef type,
                                   const FieldPath& path) const {
  MemberEdits edits;
  std::string ordered;  // reused: the name of the directive that has taken care of a list already
  for (const Member& member : patch.members()) {
    const std::string_view key = member.key();
    if (key == kRetainKeys || key.starts_with(kSetElementOrder)) continue;
    if (key.starts_with(kDeleteFromList)) {
      if (joins_patches()) target.set(key, member.value);
      continue;
    }
    if (member.value.is_array()) {
      ordered.assign(kSetElementOrder).append("/").append(key);
      if (patch.contains(ordered)) continue;
    }
    PLUMB_CHECK_OK(merge_member(target, member, type, edits, path));
  }
  edits.apply(target);
  return base::ok();
}

base::Status Merger::merge_member(Value& target, const Member& change, TypeRef type,
                                  MemberEdits& edits, const FieldPath& path) const {
  const std::string_view key = change.key();
  const Value* before = target.find(key);
  if (change.value.is_null()) {
    if (joins_patches()) {
      put(target, before, change.key_text(), Value(), edits);
    } else if (before != nullptr) {
      edits.erase(key);
    }
    return base::ok();
  }
  if (before == nullptr || !same_shape(*before, change.value)) {
    if (auto value = cleaned(change.value, added())) {
      put(target, before, change.key_text(), std::move(*value), edits);
    } else if (before != nullptr) {
      edits.erase(key);
    }
    return base::ok();
  }
  if (change.value.is_object()) {
    PLUMB_TRY(const TypeRef field, field_type(type, key, unknown_, path));
    Value& slot = target.edit(key);
    if (!field.patch_replaces()) return merge(slot, change.value, field, path.child(key));
    slot = verbatim(change.value);
    return base::ok();
  }
  if (change.value.is_array()) {
    PLUMB_TRY(const TypeRef field, list_type(type, key, unknown_, path));
    Value& slot = target.edit(key);
    if (!field.patch_merges()) {
      slot = verbatim(change.value);
    } else if (!slot.empty() || !change.value.empty()) {
      PLUMB_TRY(MergedList merged,
                merge_lists(slot.items(), change.value.items(), field, path.child(key)));
      slot = Value::make_array(merged.items);
    }
    return base::ok();
  }
  if (!(*before == change.value)) target.edit(key) = change.value;
  return base::ok();
}

void Merger::put(Value& target, const Value* before, const Text& key, Value value,
                 MemberEdits& edits) {
  if (before != nullptr) {
    target.edit(key.view()) = std::move(value);
  } else {
    edits.add(key, std::move(value));
  }
}

base::Status Merger::retain_keys(Value& target, const Value& patch, const FieldPath& path) const {
  const Value* keys = patch.find(kRetainKeys);
  if (keys == nullptr) return base::ok();
  const auto bad_format = [&] {
    return base::invalid("invalid patch format of retainKeys")
        .field(path.child(kRetainKeys).text());
  };
  if (joins_patches()) {
    const Value* already = target.find(kRetainKeys);
    if (already != nullptr && !(*already == *keys)) return bad_format();
    target.set(kRetainKeys, *keys);
    return base::ok();
  }
  if (!keys->is_array()) return bad_format();
  std::vector<Member> members;  // an object is the set of names here
  for (const Value& key : keys->items()) {
    if (key.is_string()) members.emplace_back(key.as_text(), Value());
  }
  const Value named = Value::make_object(members);
  for (const Member& member : patch.members()) {
    if (member.value.is_null() || member.key() == kRetainKeys ||
        member.key().starts_with(kDeleteFromList) || member.key().starts_with(kSetElementOrder)) {
      continue;
    }
    if (!named.contains(member.key())) return bad_format();
  }
  MemberEdits edits;
  const Value before = target;  // holds the names until they are erased
  for (const Member& member : before.members()) {
    if (!named.contains(member.key())) edits.erase(member.key());
  }
  edits.apply(target);
  return base::ok();
}

base::Status Merger::order_lists(Value& target, const Value& patch, TypeRef type,
                                 const FieldPath& path) const {
  for (const Member& member : patch.members()) {
    const std::string_view key = member.key();
    if (!key.starts_with(kSetElementOrder)) continue;
    if (joins_patches()) {
      const Value* already = target.find(key);
      if (already != nullptr && !(*already == member.value)) {
        return base::invalid("invalid patch format of setElementOrder list")
            .field(path.child(key).text());
      }
      target.set(key, member.value);
    }
    PLUMB_TRY(const std::string_view name, list_name(key, kSetElementOrder, path));
    const Value* before = target.find(name);
    const Value* change = patch.find(name);
    for (const Value* list : {&member.value, before, change}) {
      if (list == nullptr || list->is_array()) continue;
      return base::invalid("expected a list, but received a value of type " +
                           std::string(to_string(list->kind())))
          .field(path.child(list == &member.value ? key : name).text());
    }
    PLUMB_TRY(const TypeRef field, list_type(type, name, unknown_, path));
    PLUMB_TRY(std::optional<Value> ordered,
              ordered_list(before, change, member.value, field, path.child(name)));
    if (ordered) target.set(name, std::move(*ordered));
  }
  return base::ok();
}

base::Status Merger::delete_from_lists(Value& target, const Value& patch, TypeRef type,
                                       const FieldPath& path) const {
  if (joins_patches()) return base::ok();
  for (const Member& member : patch.members()) {
    if (!member.key().starts_with(kDeleteFromList)) continue;
    PLUMB_TRY(const std::string_view name, list_name(member.key(), kDeleteFromList, path));
    PLUMB_CHECK_OK(delete_from_list(target, name, member.value, type, path));
  }
  return base::ok();
}

}  // namespace strategic

base::Result<Value> apply_strategic_merge(Value original, const Value& patch, TypeRef type,
                                          UnknownTypes unknown) {
  PLUMB_CHECK_OK(strategic::check_documents({&original, &patch}, type, unknown));
  if (original.is_null()) original = Value::object();
  const strategic::Merger merger(strategic::Merger::Purpose::kApply, unknown);
  PLUMB_CHECK_OK(merger.merge(original, patch, type, FieldPath()));
  return original;
}

}  // namespace plumb::object
