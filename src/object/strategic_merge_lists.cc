// Merger's part for lists: items merge by key, directives among them, $setElementOrder.
#include <algorithm>

#include "object/strategic_merger.h"

namespace plumb::object::strategic {
namespace {

// Items of the patch must come in the order that $setElementOrder gives, and each be named there.
base::Status check_order(Items change, Items order, std::string_view merge_key,
                         const FieldPath& path) {
  if (change.empty() || order.empty()) return base::ok();
  size_t next = 0;
  for (size_t i = 0; i < change.size(); ++i) {
    if (!merge_key.empty()) {
      if (has_directive(change[i], kDelete)) continue;
      if (change[i].contains(kPatch) && next < order.size()) continue;
      PLUMB_CHECK_OK(check_merge_keys(change.subspan(i, 1), merge_key, path));
    }
    const Value& key = key_of(change[i], merge_key);
    while (next < order.size() && !same_key(key_of(order[next], merge_key), key)) ++next;
    if (next == order.size()) {
      return base::invalid("the order in the patch list doesn't match its $setElementOrder list")
          .field(path.index(i).text());
    }
    ++next;
  }
  return base::ok();
}

// Items in their order, each key once.
List without_duplicates(const List& list) {
  const Positions positions(list, "");
  List kept;
  for (size_t i = 0; i < list.size(); ++i) {
    if (positions.of(list[i]) == i) kept.push_back(list[i]);
  }
  return kept;
}

List without(Items list, Items unwanted, std::string_view merge_key) {
  const Positions positions(unwanted, merge_key);
  List kept;
  for (const Value& item : list) {
    if (positions.of(item) == Positions::kNone) kept.push_back(item);
  }
  return kept;
}

List copy_of(Items items) { return {items.begin(), items.end()}; }

// A list of the patch, taken apart.
struct Changes {
  List items;    // without a directive
  List deleted;  // $patch: delete
  bool replace = false;
};

base::Result<Changes> take_apart(Items change, std::string_view merge_key, const FieldPath& path) {
  Changes changes;
  for (size_t i = 0; i < change.size(); ++i) {
    const Value* directive = change[i].find(kPatch);
    if (directive == nullptr) {
      changes.items.push_back(change[i]);
    } else if (directive->as_string() == kDelete) {
      PLUMB_CHECK_OK(check_merge_keys(change.subspan(i, 1), merge_key, path));
      changes.deleted.push_back(change[i]);
    } else if (directive->as_string() == kReplace) {
      changes.replace = true;
    } else {
      return base::invalid("unknown $patch of a list item, want delete or replace")
          .field(path.index(i).text());
    }
  }
  return changes;
}

}  // namespace

base::Result<Merger::MergedList> Merger::merge_lists(Items before, Items change, TypeRef field,
                                                     const FieldPath& path) const {
  PLUMB_TRY(const DataType type, item_type(before, change, path));
  if (type == DataType::kObject) return merge_objects(before, change, field, path);
  List all = copy_of(before);
  all.insert(all.end(), change.begin(), change.end());
  PLUMB_TRY(List items, in_order(without_duplicates(all), change, before, field.merge_key(), path));
  return MergedList{std::move(items), copy_of(before)};
}

base::Result<Merger::MergedList> Merger::merge_objects(Items before, Items change, TypeRef field,
                                                       const FieldPath& path) const {
  const std::string_view merge_key = field.merge_key();
  if (merge_key.empty()) {
    return base::invalid("cannot merge lists without merge key").field(path.text());
  }
  PLUMB_TRY(Changes changes, take_apart(change, merge_key, path));
  if (changes.replace) {
    for (Value& item : changes.items) item = verbatim(item);
    PLUMB_TRY(List items, in_order(changes.items, {}, changes.items, merge_key, path));
    return MergedList{std::move(items), copy_of(before)};
  }
  PLUMB_CHECK_OK(check_merge_keys(changes.items, merge_key, path));
  PLUMB_CHECK_OK(check_merge_keys(before, merge_key, path));
  List kept =
      changes.deleted.empty() ? copy_of(before) : without(before, changes.deleted, merge_key);
  PLUMB_TRY(List merged, merge_by_key(kept, changes.items, field, path));
  PLUMB_TRY(List items, in_order(merged, changes.items, kept, merge_key, path));
  // The library works in the server's own list: as many new items as went away find a place in it.
  merged.resize(std::min(merged.size(), before.size()));
  return MergedList{std::move(items), std::move(merged)};
}

base::Result<List> Merger::merge_by_key(List list, Items change, TypeRef field,
                                        const FieldPath& path) const {
  const size_t known = list.size();
  List all = list;
  all.insert(all.end(), change.begin(), change.end());
  const Positions positions(all, field.merge_key());
  std::vector<size_t> appended(change.size());  // where each item of `change` went
  for (size_t i = 0; i < change.size(); ++i) {
    const size_t first = positions.of(change[i]);
    if (first == known + i) {
      appended[i] = list.size();
      list.push_back(verbatim(change[i]));
      continue;
    }
    const size_t at = first < known ? first : appended[first - known];
    PLUMB_CHECK_OK(merge(list[at], change[i], field.element(), path.index(at)));
  }
  return list;
}

base::Result<std::optional<Value>> Merger::ordered_list(const Value* before, const Value* change,
                                                        const Value& order, TypeRef field,
                                                        const FieldPath& path) const {
  const std::string_view merge_key = field.merge_key();
  const Items old_items = before != nullptr ? before->items() : Items();
  const Items new_items = change != nullptr ? change->items() : Items();
  PLUMB_CHECK_OK(check_order(new_items, order.items(), merge_key, path));
  if (before == nullptr && change == nullptr) return std::optional<Value>();
  PLUMB_TRY(const DataType type, item_type(old_items, new_items, path));
  if (type == DataType::kObject && merge_key.empty()) {
    return base::invalid("cannot merge lists without merge key").field(path.text());
  }
  MergedList merged{copy_of(old_items), copy_of(old_items)};
  if (before == nullptr) {
    const Cleaning drop{.marked = true, .directives = !joins_patches()};
    merged.items = copy_of(cleaned(*change, drop)->items());
  } else if (change != nullptr && field.patch_merges()) {
    PLUMB_TRY(merged, merge_lists(old_items, new_items, field, path));
  } else if (change != nullptr) {
    merged.items = copy_of(verbatim(*change).items());
  }
  PLUMB_TRY(List items, in_order(merged.items, order.items(), merged.server, merge_key, path));
  return std::optional<Value>(Value::make_array(items));
}

base::Status Merger::delete_from_list(Value& target, std::string_view name, const Value& items,
                                      TypeRef type, const FieldPath& path) const {
  if (items.is_null()) {
    target.erase(name);
    return base::ok();
  }
  const Value* before = target.find(name);
  if (before == nullptr || type_of(*before) != type_of(items)) return base::ok();
  const FieldPath place = path.child(name);
  if (!items.is_array()) {
    return base::invalid("invalid patch format of primitive list").field(place.text());
  }
  PLUMB_TRY(const TypeRef field, list_type(type, name, unknown_, path));
  if (before->empty() && items.empty()) return base::ok();
  PLUMB_TRY(const DataType item, item_type(before->items(), items.items(), place));
  List kept;
  if (item == DataType::kObject) {
    PLUMB_TRY(MergedList merged, merge_objects(before->items(), items.items(), field, place));
    kept = std::move(merged.items);
  } else {
    kept = without(before->items(), items.items(), "");
  }
  target.set(name, Value::make_array(kept));
  return base::ok();
}

base::Status check_documents(std::initializer_list<const Value*> documents, TypeRef type,
                             UnknownTypes unknown) {
  if (unknown == UnknownTypes::kError && (!type || type.kind() == TypeKind::kAny)) {
    return base::unsupported("strategic merge patch format is not supported for this kind")
        .advise("use a JSON merge patch");
  }
  for (const Value* document : documents) {
    if (document->is_object() || document->is_null()) continue;
    return base::invalid("strategic merge patch: want an object, not a value of type " +
                         std::string(to_string(document->kind())));
  }
  return base::ok();
}

}  // namespace plumb::object::strategic
