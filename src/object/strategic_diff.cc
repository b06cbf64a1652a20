// create_strategic_patch and create_three_way_patch.
#include <algorithm>

#include "object/strategic_conflicts.h"
#include "object/strategic_lists.h"
#include "object/strategic_merge.h"
#include "object/strategic_merger.h"

namespace plumb::object {
namespace strategic {
namespace {

// Which half of the difference to write.
enum class Part { kAll, kChanges, kDeletions };

class Differ {
 public:
  Differ(Part part, UnknownTypes unknown, bool element_orders = true)
      : part_(part), unknown_(unknown), element_orders_(element_orders) {}

  // The patch that turns the one object into the other. `retain_keys` as the field's strategy says.
  base::Result<Value> objects(const Value& from, const Value& to, TypeRef type, bool retain_keys,
                              const FieldPath& path) const;

 private:
  using Patch = std::vector<Member>;

  bool changes() const { return part_ != Part::kDeletions; }
  bool deletions() const { return part_ != Part::kChanges; }

  base::Status member(const Member& to, const Value& from, TypeRef type, Patch& patch,
                      const FieldPath& path) const;
  base::Status lists(const Member& to, const Value& from, TypeRef field, Patch& patch,
                     const FieldPath& path) const;

  struct ListPatch {
    List items;
    List deleted;  // scalars that leave
    List order;    // for $setElementOrder, if `ordered`
    bool ordered = false;
  };
  base::Result<ListPatch> object_lists(Items from, Items to, TypeRef field,
                                       const FieldPath& path) const;
  base::Status object_items(Items from, Items to, TypeRef field, ListPatch& patch,
                            const FieldPath& path) const;
  base::Result<ListPatch> scalar_lists(Items from, Items to, const FieldPath& path) const;

  Part part_;
  UnknownTypes unknown_;
  bool element_orders_;
};

Text text(std::string_view first, std::string_view second, std::string_view third) {
  return Text(std::string(first).append(second).append(third));
}

base::Result<Value> Differ::objects(const Value& from, const Value& to, TypeRef type,
                                    bool retain_keys, const FieldPath& path) const {
  Patch patch;
  List retained;
  for (const Member& now : to.members()) {
    if (retain_keys && !now.value.is_null()) retained.emplace_back(now.key_text());
    const Value* before = from.find(now.key());
    if (before != nullptr) {
      PLUMB_CHECK_OK(member(now, *before, type, patch, path));
    } else if (changes()) {
      patch.push_back(now);
    }
  }
  bool more = false;  // members that are to go
  for (const Member& before : from.members()) {
    if (to.contains(before.key())) continue;
    more = more || !before.value.is_null();
    if (deletions()) patch.emplace_back(before.key_text(), Value());
  }
  if (!retained.empty() && (!patch.empty() || more)) {
    patch.emplace_back(Text(kRetainKeys), Value::make_array(retained));
  }
  return Value::make_object(patch);
}

base::Status Differ::member(const Member& to, const Value& from, TypeRef type, Patch& patch,
                            const FieldPath& path) const {
  const Value& now = to.value;
  if (to.key() == kPatch) {
    if (!from.is_string() || !now.is_string()) {
      return base::invalid("invalid value for special key: $patch")
          .field(path.child(kPatch).text());
    }
    if (!(from == now)) patch.push_back(to);
    return base::ok();
  }
  if (type_of(from) != type_of(now) || now.is_scalar()) {
    if (changes() && (type_of(from) != type_of(now) || !(from == now))) patch.push_back(to);
    return base::ok();
  }
  auto found = now.is_array() ? list_type(type, to.key(), unknown_, path)
                              : field_type(type, to.key(), unknown_, path);
  if (!found.ok()) {
    // An unknown field does no harm while it stays the same.
    if (from == now) return base::ok();
    return std::move(found).error();
  }
  if (now.is_array()) return lists(to, from, *found, patch, path.child(to.key()));
  if (found->patch_replaces()) {
    if (changes()) patch.push_back(to);
    return base::ok();
  }
  PLUMB_TRY(Value inner,
            objects(from, now, *found, found->patch_retains_keys(), path.child(to.key())));
  if (!inner.empty()) patch.emplace_back(to.key_text(), std::move(inner));
  return base::ok();
}

base::Status Differ::lists(const Member& to, const Value& from, TypeRef field, Patch& patch,
                           const FieldPath& path) const {
  if (!field.patch_merges()) {
    if (changes() && !(from == to.value)) patch.push_back(to);
    return base::ok();
  }
  if (from.empty()) {
    if (changes() && !to.value.empty()) patch.push_back(to);
    return base::ok();
  }
  const Items before = from.items();
  const Items now = to.value.items();
  PLUMB_TRY(const DataType type, item_type(before, now, path));
  PLUMB_TRY(ListPatch list, type == DataType::kObject ? object_lists(before, now, field, path)
                                                      : scalar_lists(before, now, path));
  if (!list.items.empty()) patch.emplace_back(to.key_text(), Value::make_array(list.items));
  if (!list.deleted.empty()) {
    patch.emplace_back(text(kDeleteFromList, "/", to.key()), Value::make_array(list.deleted));
  }
  if (list.ordered && !list.order.empty()) {
    patch.emplace_back(text(kSetElementOrder, "/", to.key()), Value::make_array(list.order));
  }
  return base::ok();
}

// An item, and what it is sorted by.
struct Sorted {
  std::string key;
  const Value* item;
};

// Of equal keys the last comes first, as sort.Sort leaves short lists in the library.
std::vector<Sorted> sorted_by_key(Items list, std::string_view merge_key) {
  std::vector<Sorted> sorted;
  sorted.reserve(list.size());
  for (size_t i = list.size(); i-- > 0;) {
    sorted.push_back({sort_text(key_of(list[i], merge_key)), &list[i]});
  }
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Sorted& a, const Sorted& b) { return a.key < b.key; });
  return sorted;
}

base::Status Differ::object_items(Items from, Items to, TypeRef field, ListPatch& patch,
                                  const FieldPath& path) const {
  const std::string_view merge_key = field.merge_key();
  const std::vector<Sorted> before = sorted_by_key(from, merge_key);
  const std::vector<Sorted> now = sorted_by_key(to, merge_key);
  size_t i = 0;
  size_t j = 0;
  while (i < before.size() || j < now.size()) {
    if (i == before.size() || (j < now.size() && before[i].key > now[j].key)) {
      if (changes()) patch.items.push_back(*now[j].item);
      ++j;
    } else if (j == now.size() || before[i].key < now[j].key) {
      if (deletions()) {
        patch.deleted.push_back(Value::object(
            {{merge_key, key_of(*before[i].item, merge_key)}, {kPatch, Value(kDelete)}}));
      }
      ++i;
    } else {
      const auto index = static_cast<size_t>(now[j].item - to.data());
      PLUMB_TRY(Value inner, objects(*before[i].item, *now[j].item, field.element(),
                                     field.patch_retains_keys(), path.index(index)));
      if (!inner.empty()) {
        inner.set(merge_key, key_of(*now[j].item, merge_key));
        patch.items.push_back(std::move(inner));
      }
      ++i;
      ++j;
    }
  }
  return base::ok();
}

base::Result<Differ::ListPatch> Differ::object_lists(Items from, Items to, TypeRef field,
                                                     const FieldPath& path) const {
  const std::string_view merge_key = field.merge_key();
  if (merge_key.empty()) {
    return base::invalid("cannot merge lists without merge key").field(path.text());
  }
  PLUMB_CHECK_OK(keys_of(from, merge_key, path));
  PLUMB_CHECK_OK(keys_of(to, merge_key, path));
  ListPatch patch;
  PLUMB_CHECK_OK(object_items(from, to, field, patch, path));
  PLUMB_TRY(patch.items, sorted_by(patch.items, to, merge_key, path));
  std::move(patch.deleted.begin(), patch.deleted.end(), std::back_inserter(patch.items));
  patch.deleted.clear();

  const auto same = [&](const Value& a, const Value& b) {
    return same_key(a[merge_key], b[merge_key]);
  };
  const bool moved = !std::equal(from.begin(), from.end(), to.begin(), to.end(), same);
  patch.ordered = element_orders_ && (!patch.items.empty() || (changes() && moved));
  if (!patch.ordered) return patch;
  for (const Value& item : to) {
    patch.order.push_back(Value::object({{merge_key, item[merge_key]}}));
  }
  return patch;
}

base::Result<Differ::ListPatch> Differ::scalar_lists(Items from, Items to,
                                                     const FieldPath& path) const {
  ListPatch patch;
  const std::vector<Sorted> before = sorted_by_key(from, "");
  const std::vector<Sorted> now = sorted_by_key(to, "");
  size_t i = 0;
  size_t j = 0;
  while (i < before.size() || j < now.size()) {
    if (i == before.size() || (j < now.size() && before[i].key > now[j].key)) {
      if (changes()) patch.items.push_back(*now[j].item);
      ++j;
    } else if (j == now.size() || before[i].key < now[j].key) {
      const bool again = !patch.deleted.empty() && patch.deleted.back() == *before[i].item;
      if (deletions() && !again) patch.deleted.push_back(*before[i].item);
      ++i;
    } else {
      ++i;
      ++j;
    }
  }
  PLUMB_TRY(patch.items, sorted_by(patch.items, to, "", path));
  // The library has sorted `from` by now, and compares it with `to` as it stands.
  const auto same = [](const Sorted& a, const Value& b) { return *a.item == b; };
  const bool moved = !std::equal(before.begin(), before.end(), to.begin(), to.end(), same);
  patch.ordered =
      element_orders_ && ((deletions() && !patch.deleted.empty()) || (changes() && moved));
  if (patch.ordered) patch.order = List(to.begin(), to.end());
  return patch;
}

}  // namespace
}  // namespace strategic

base::Result<Value> create_strategic_patch(const Value& from, const Value& to, TypeRef type,
                                           UnknownTypes unknown) {
  using namespace strategic;
  PLUMB_CHECK_OK(check_documents({&from, &to}, type, unknown));
  return Differ(Part::kAll, unknown).objects(from, to, type, false, FieldPath());
}

base::Result<Value> create_three_way_patch(const ThreeWay& states, TypeRef type,
                                           UnknownTypes unknown) {
  using namespace strategic;
  const auto& [original, modified, current, overwrite, unchanged] = states;
  PLUMB_CHECK_OK(check_documents({&original, &modified, &current}, type, unknown));
  const FieldPath root;
  PLUMB_TRY(const Value changes,
            Differ(Part::kChanges, unknown).objects(current, modified, type, false, root));
  PLUMB_TRY(Value patch,
            Differ(Part::kDeletions, unknown).objects(original, modified, type, false, root));
  const Merger joiner(Merger::Purpose::kJoinPatches, unknown);
  PLUMB_CHECK_OK(joiner.merge(patch, changes, type, root));

  for (const Pointer& place : unchanged) {
    if (find(patch, place) == nullptr) continue;
    return base::invalid("the patch would change " + place.text() + ", which must stay as it is");
  }
  if (overwrite) return patch;
  PLUMB_TRY(const Value changed,
            Differ(Part::kAll, unknown, false).objects(original, current, type, false, root));
  PLUMB_CHECK_OK(check_conflicts(patch, changed, type, unknown));
  return patch;
}

}  // namespace plumb::object
