// Merger's part for lists: items merge by key, directives among them, $setElementOrder.
#include <algorithm>
#include <tuple>

#include "object/strategic_merger.h"

namespace plumb::object::strategic {
namespace {

// Items of the patch must come in the order that $setElementOrder gives, and each be named there.
base::Status check_order(Items change, const Keys& order, std::string_view merge_key,
                         const FieldPath& path) {
  if (change.empty() || order.empty()) return base::ok();
  size_t next = 0;
  for (size_t i = 0; i < change.size(); ++i) {
    if (has_directive(change[i], kDelete)) continue;
    if (change[i].contains(kPatch) && next < order.size()) continue;
    PLUMB_TRY(const Keys key, keys_of(change.subspan(i, 1), merge_key, path));
    while (next < order.size() && !same_key(*order[next], *key[0])) ++next;
    if (next == order.size()) {
      return base::invalid("the order in the patch list doesn't match its $setElementOrder list")
          .field(path.index(i).text());
    }
    ++next;
  }
  return base::ok();
}

List copy_of(Items items) { return {items.begin(), items.end()}; }

// A list without the items whose key is unwanted, and the keys of the others.
std::pair<List, Keys> without(Items list, const Keys& keys, const Keys& unwanted) {
  const Positions positions(unwanted);
  std::pair<List, Keys> kept;
  for (size_t i = 0; i < list.size(); ++i) {
    if (positions.of(*keys[i]) != Positions::kNone) continue;
    kept.first.push_back(list[i]);
    kept.second.push_back(keys[i]);
  }
  return kept;
}

// A list of the patch, taken apart.
struct Changes {
  List items;    // without a directive
  Keys deleted;  // $patch: delete
  bool replace = false;
};

base::Result<Changes> take_apart(Items change, std::string_view merge_key, const FieldPath& path) {
  Changes changes;
  for (size_t i = 0; i < change.size(); ++i) {
    const Value* directive = has_directives(change[i]) ? change[i].find(kPatch) : nullptr;
    if (directive == nullptr) {
      changes.items.push_back(change[i]);
    } else if (directive->as_string() == kDelete) {
      PLUMB_TRY(const Keys key, keys_of(change.subspan(i, 1), merge_key, path));
      changes.deleted.push_back(key[0]);
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
  const std::string_view merge_key = field.merge_key();
  List all = copy_of(before);
  all.insert(all.end(), change.begin(), change.end());
  PLUMB_TRY(const Keys keys, keys_of(all, merge_key, path));
  const Positions positions(keys);
  List unique;
  Keys unique_keys;
  for (size_t i = 0; i < all.size(); ++i) {
    if (positions.of(*keys[i]) != i) continue;
    unique.push_back(all[i]);
    unique_keys.push_back(keys[i]);
  }
  const auto middle = keys.begin() + static_cast<std::ptrdiff_t>(before.size());
  const Keys server(keys.begin(), middle);
  const Keys chosen(middle, keys.end());
  return MergedList{in_order(unique, unique_keys, chosen, server), copy_of(before)};
}

base::Result<Merger::MergedList> Merger::merge_objects(Items before, Items change, TypeRef field,
                                                       const FieldPath& path) const {
  const std::string_view merge_key = field.merge_key();
  if (merge_key.empty()) {
    return base::invalid("cannot merge lists without merge key").field(path.text());
  }
  PLUMB_TRY(Changes changes, take_apart(change, merge_key, path));
  PLUMB_TRY(const Keys change_keys, keys_of(changes.items, merge_key, path));
  if (changes.replace) {
    for (Value& item : changes.items) item = verbatim(item);
    return MergedList{in_order(changes.items, change_keys, {}, change_keys), copy_of(before)};
  }
  PLUMB_TRY(Keys keys, keys_of(before, merge_key, path));
  List items = copy_of(before);
  if (!changes.deleted.empty()) std::tie(items, keys) = without(before, keys, changes.deleted);
  const Keys kept = keys;
  PLUMB_CHECK_OK(merge_by_key(items, keys, changes.items, change_keys, field, path));
  MergedList merged{in_order(items, keys, change_keys, kept), std::move(items)};
  // The library works in the server's own list: as many new items as went away find a place in it.
  merged.server.resize(std::min(merged.server.size(), before.size()));
  return merged;
}

base::Status Merger::merge_by_key(List& list, Keys& keys, Items change, const Keys& change_keys,
                                  TypeRef field, const FieldPath& path) const {
  const size_t known = list.size();
  Keys all = keys;
  all.insert(all.end(), change_keys.begin(), change_keys.end());
  const Positions positions(all);
  std::vector<size_t> appended(change.size());  // where each item of `change` went
  for (size_t i = 0; i < change.size(); ++i) {
    const size_t first = positions.of(*change_keys[i]);
    if (first == known + i) {
      appended[i] = list.size();
      list.push_back(verbatim(change[i]));
      keys.push_back(change_keys[i]);
      continue;
    }
    const size_t at = first < known ? first : appended[first - known];
    PLUMB_CHECK_OK(merge(list[at], change[i], field.element(), path.index(at)));
  }
  return base::ok();
}

base::Result<std::optional<Value>> Merger::ordered_list(const Value* before, const Value* change,
                                                        const Value& order, TypeRef field,
                                                        const FieldPath& path) const {
  const std::string_view merge_key = field.merge_key();
  const Items old_items = before != nullptr ? before->items() : Items();
  const Items new_items = change != nullptr ? change->items() : Items();
  PLUMB_TRY(const Keys chosen, keys_of(order.items(), merge_key, path));
  PLUMB_CHECK_OK(check_order(new_items, chosen, merge_key, path));
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
  PLUMB_TRY(const Keys keys, keys_of(merged.items, merge_key, path));
  PLUMB_TRY(const Keys server, keys_of(merged.server, merge_key, path));
  List items = in_order(merged.items, keys, chosen, server);
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
    PLUMB_TRY(const Keys keys, keys_of(before->items(), "", place));
    PLUMB_TRY(const Keys unwanted, keys_of(items.items(), "", place));
    kept = without(before->items(), keys, unwanted).first;
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
