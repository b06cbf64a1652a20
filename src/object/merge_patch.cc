// JSON Merge Patch: apply_merge_patch and create_merge_patch.
#include <optional>
#include <vector>

#include "object/member_edits.h"
#include "object/patch.h"

namespace plumb::object {
namespace {

std::optional<Value> pruned(const Value& value);

std::optional<Value> pruned_array(const Value& array) {
  std::optional<Value> copy;
  for (size_t i = 0; i < array.size(); ++i) {
    std::optional<Value> item = pruned(array.at(i));
    if (!item) continue;
    if (!copy) copy = array;
    copy->edit(i) = std::move(*item);
  }
  return copy;
}

std::optional<Value> pruned_object(const Value& object) {
  std::optional<Value> copy;
  MemberEdits edits;
  for (const Member& member : object.members()) {
    if (member.value.is_null()) {
      if (!copy) copy = object;
      edits.erase(member.key());
    } else if (std::optional<Value> inner = pruned(member.value)) {
      if (!copy) copy = object;
      copy->edit(member.key()) = std::move(*inner);
    }
  }
  if (copy) edits.apply(*copy);
  return copy;
}

// The value without its null members, at every depth; nullopt if it has none.
std::optional<Value> pruned(const Value& value) {
  if (value.is_object()) return pruned_object(value);
  if (value.is_array()) return pruned_array(value);
  return std::nullopt;
}

Value without_null_members(const Value& value) { return pruned(value).value_or(value); }

// `target` is an object.
void merge(Value& target, const Value& patch) {
  MemberEdits edits;
  for (const Member& member : patch.members()) {
    if (member.value.is_null()) {
      if (target.contains(member.key())) edits.erase(member.key());
      continue;
    }
    Value* slot = target.edit_if(member.key());
    if (slot == nullptr) {
      edits.add(member.key_text(), without_null_members(member.value));
    } else if (!slot->is_object()) {
      *slot = without_null_members(member.value);
    } else if (member.value.is_object()) {
      merge(*slot, member.value);
    } else {
      *slot = member.value;
    }
  }
  edits.apply(target);
}

}  // namespace

Value apply_merge_patch(Value document, const Value& patch) {
  if (!patch.is_object() || !document.is_object()) return without_null_members(patch);
  merge(document, patch);
  return document;
}

Value create_merge_patch(const Value& from, const Value& to) {
  if (!from.is_object() || !to.is_object()) return to;
  std::vector<Member> patch;
  for (const Member& member : to.members()) {
    const Value* before = from.find(member.key());
    if (before != nullptr && before->is_object() && member.value.is_object()) {
      Value inner = create_merge_patch(*before, member.value);
      if (!inner.empty()) patch.emplace_back(member.key_text(), std::move(inner));
    } else if (before == nullptr || !(*before == member.value)) {
      patch.push_back(member);
    }
  }
  for (const Member& member : from.members()) {
    if (!to.contains(member.key())) patch.emplace_back(member.key_text(), Value());
  }
  return Value::make_object(patch);
}

}  // namespace plumb::object
