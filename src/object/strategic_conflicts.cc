#include "object/strategic_conflicts.h"

#include <algorithm>

namespace plumb::object::strategic {
namespace {

class Comparison {
 public:
  explicit Comparison(UnknownTypes unknown) : unknown_(unknown) {}

  base::Status objects(const Value& left, const Value& right, TypeRef type,
                       const FieldPath& path) const;

 private:
  // `field` is the type of both; its strategies count only where `by_strategy` says so.
  base::Status values(const Value& left, const Value& right, TypeRef field, bool by_strategy,
                      const FieldPath& path) const;
  base::Status lists(Items left, Items right, TypeRef field, bool by_strategy,
                     const FieldPath& path) const;
  base::Status merging_lists(Items left, Items right, TypeRef field, const FieldPath& path) const;

  UnknownTypes unknown_;
};

base::Error conflict(const FieldPath& path) {
  return base::conflict("the patch conflicts with a change made from original to current")
      .field(path.text());
}

base::Status Comparison::objects(const Value& left, const Value& right, TypeRef type,
                                 const FieldPath& path) const {
  for (const Member& member : left.members()) {
    const std::string_view key = member.key();
    if (key == kPatch || key == kRetainKeys) continue;
    const Value* other = right.find(key);
    if (other == nullptr) continue;
    TypeRef field;
    if (member.value.is_array()) {
      PLUMB_TRY(field, list_type(type, key, unknown_, path));
    } else if (member.value.is_object()) {
      PLUMB_TRY(field, field_type(type, key, unknown_, path));
    }
    PLUMB_CHECK_OK(values(member.value, *other, field, true, path.child(key)));
  }
  return base::ok();
}

base::Status Comparison::values(const Value& left, const Value& right, TypeRef field,
                                bool by_strategy, const FieldPath& path) const {
  if (type_of(left) != type_of(right)) return conflict(path);
  if (left.is_array()) return lists(left.items(), right.items(), field, by_strategy, path);
  if (!left.is_object()) return left == right ? base::ok() : conflict(path);
  // A directive works on the whole object: both must have the same one.
  const Value* ours = left.find(kPatch);
  const Value* theirs = right.find(kPatch);
  if ((ours == nullptr) != (theirs == nullptr)) return conflict(path);
  if (ours != nullptr && !(*ours == *theirs)) return conflict(path);
  if (by_strategy && field.patch_replaces()) return base::ok();
  return objects(left, right, field, path);
}

// Sorted, each once.
List as_set(Items items) {
  List list(items.begin(), items.end());
  std::sort(list.begin(), list.end(),
            [](const Value& a, const Value& b) { return sort_text(a) < sort_text(b); });
  list.erase(std::unique(list.begin(), list.end()), list.end());
  return list;
}

base::Status Comparison::lists(Items left, Items right, TypeRef field, bool by_strategy,
                               const FieldPath& path) const {
  PLUMB_TRY(const DataType type, item_type(left, right, path));
  if (by_strategy && field.patch_merges()) {
    // Scalars that are added or leave never conflict.
    return type == DataType::kObject ? merging_lists(left, right, field, path) : base::ok();
  }
  if (left.size() != right.size()) return conflict(path);
  if (type != DataType::kObject) return as_set(left) == as_set(right) ? base::ok() : conflict(path);
  for (size_t i = 0; i < left.size(); ++i) {
    PLUMB_CHECK_OK(values(left[i], right[i], field.element(), false, path.index(i)));
  }
  return base::ok();
}

base::Status Comparison::merging_lists(Items left, Items right, TypeRef field,
                                       const FieldPath& path) const {
  const std::string_view merge_key = field.merge_key();
  // Of items with the same key the last one counts: it is the first from behind.
  const List ours(left.rbegin(), left.rend());
  const List theirs(right.rbegin(), right.rend());
  PLUMB_TRY(const Keys our_keys, keys_of(ours, merge_key, path));
  PLUMB_TRY(const Keys their_keys, keys_of(theirs, merge_key, path));
  const Positions our_positions(our_keys);
  const Positions their_positions(their_keys);
  for (size_t i = 0; i < ours.size(); ++i) {
    const size_t other = their_positions.of(*our_keys[i]);
    if (other == Positions::kNone || our_positions.of(*our_keys[i]) != i) continue;
    const FieldPath item = path.index(ours.size() - 1 - i);
    PLUMB_CHECK_OK(values(ours[i], theirs[other], field.element(), false, item));
  }
  return base::ok();
}

}  // namespace

base::Status check_conflicts(const Value& patch, const Value& changed, TypeRef type,
                             UnknownTypes unknown) {
  return Comparison(unknown).objects(patch, changed, type, FieldPath());
}

}  // namespace plumb::object::strategic
