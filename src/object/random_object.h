// Random Kubernetes objects for property tests: what a schema describes, with few names and few
// values, so that two of them have much in common. Test-only; nothing outside tests includes it.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "object/random_value.h"
#include "object/schema.h"
#include "object/value.h"

namespace plumb::object {

class RandomObject {
 public:
  // `duplicates`: lists may hold an item's key twice, as live objects do (a port's number for TCP
  // and UDP).
  explicit RandomObject(uint32_t seed, bool duplicates = false)
      : random_(seed), duplicates_(duplicates) {}

  uint32_t below(uint32_t n) { return random_.below(n); }
  bool one_in(uint32_t n) { return below(n) == 0; }

  Value object(TypeRef type) { return value(type, 7); }

  // The same object, changed in places.
  Value changed(TypeRef type, Value value) { return changed(type, std::move(value), 7); }

  // A strategic merge patch that has to do with the object, directives and mistakes included.
  Value patch(TypeRef type, const Value& object) {
    return objects_patch(type, changed(type, object), object);
  }

 private:
  Value value(TypeRef type, int depth) {
    switch (type.kind()) {
      case TypeKind::kObject: return fields(type, depth);
      case TypeKind::kList: return list(type, depth);
      case TypeKind::kInteger: return below(3) + 1;
      case TypeKind::kNumber: return below(3) + 0.5;
      case TypeKind::kBoolean: return one_in(2);
      case TypeKind::kIntOrString: return one_in(2) ? Value(below(3)) : Value(word());
      case TypeKind::kAny: return one_in(2) ? Value::object({{"a", word()}}) : Value(word());
      default: return word();
    }
  }

  Value word() {
    static constexpr const char* kWords[] = {"a", "b", "c", "d", "e", "longer than inline"};
    return kWords[below(std::size(kWords))];
  }

  Value fields(TypeRef type, int depth) {
    Value object = Value::object();
    const auto count = static_cast<uint32_t>(type.field_count());
    if (count == 0) {  // a map
      for (uint32_t i = below(4); i > 0; --i) {
        const Value key = word();
        object.set(key.as_string(), member(type, depth));
      }
      return object;
    }
    for (uint32_t i = below(5) + 1; i > 0 && depth > 0; --i) add_field(object, type, depth);
    return object;
  }

  Value member(TypeRef map, int depth) {
    return map.element() ? value(map.element(), depth - 1) : word();
  }

  void add_field(Value& object, TypeRef type, int depth) {
    const auto count = static_cast<uint32_t>(type.field_count());
    // Twice in three times something with a list that merges in it, if the first draws find one.
    Field field = type.field_at(below(count));
    for (int i = 0; i < 6 && !one_in(3) && !field.type.patch_merges(); ++i) {
      field = type.field_at(below(count));
    }
    object.set(field.name, value(field.type, depth - 1));
  }

  Value list(TypeRef type, int depth) {
    Value list = Value::array();
    for (uint32_t i = below(5); i > 0 && depth > 0; --i) add_item(list, type, depth);
    return list;
  }

  void add_item(Value& list, TypeRef type, int depth) {
    Value item = value(type.element(), depth - 1);
    const std::string_view key = type.merge_key();
    if (type.patch_merges() && !key.empty()) {
      item.set(key, value(type.element().field(key), 1));
    }
    if (item.is_scalar() || (type.patch_merges() && !(duplicates_ && one_in(8)))) {
      for (const Value& other : list.items()) {
        if (key.empty() ? other == item : other[key] == item[key]) return;
      }
    }
    list.insert(below(static_cast<uint32_t>(list.size()) + 1), std::move(item));
  }

  Value changed(TypeRef type, Value value, int depth) {
    if (type.kind() == TypeKind::kList && value.is_array()) return changed_list(type, value, depth);
    if (type.kind() == TypeKind::kObject && value.is_object()) {
      return changed_object(type, value, depth);
    }
    return one_in(2) ? this->value(type, depth) : value;
  }

  Value changed_object(TypeRef type, Value object, int depth) {
    const Value before = object;
    for (const Member& member : before.members()) {
      const TypeRef field = type.child(member.key());
      if (one_in(8)) {
        object.erase(member.key());
      } else if (one_in(2)) {
        object.set(member.key(), changed(field, member.value, depth - 1));
      }
    }
    if (one_in(2) && type.field_count() > 0 && depth > 0) add_field(object, type, depth);
    if (one_in(2) && type.field_count() == 0) {
      const Value key = word();
      object.set(key.as_string(), member(type, depth));
    }
    return object;
  }

  Value changed_list(TypeRef type, Value list, int depth) {
    const std::string_view key = type.merge_key();
    for (size_t i = 0; i < list.size();) {
      if (one_in(6)) {
        list.erase(i);
        continue;
      }
      if (one_in(2) && list.at(i).is_object()) {
        Value item = changed(type.element(), list.at(i), depth - 1);
        if (!key.empty()) item.set(key, list.at(i)[key]);
        list.edit(i) = std::move(item);
      }
      ++i;
    }
    if (one_in(3) && list.size() > 1) {
      auto items = list.edit_items();
      std::swap(items[below(static_cast<uint32_t>(items.size()))], items.front());
    }
    if (one_in(3)) add_item(list, type, depth);
    return list;
  }

  Value objects_patch(TypeRef type, const Value& wanted, const Value& object) {
    Value patch = Value::object();
    Value names = Value::array();
    for (const Member& member : wanted.members()) {
      if (one_in(3)) continue;
      names.push_back(member.key_text());
      add_member(patch, type.child(member.key()), member, object[member.key()]);
    }
    if (one_in(40)) patch.set("$patch", one_in(2) ? "replace" : one_in(2) ? "delete" : "merge");
    if (one_in(25)) {
      if (one_in(6) && !names.empty()) names.erase(0);
      patch.set("$retainKeys", names);
    }
    return patch;
  }

  void add_member(Value& patch, TypeRef type, const Member& wanted, const Value& before) {
    if (one_in(12)) {
      patch.set(wanted.key(), nullptr);
    } else if (wanted.value.is_object()) {
      patch.set(wanted.key(), objects_patch(type, wanted.value, before));
    } else if (wanted.value.is_array() && type.patch_merges()) {
      add_list(patch, type, wanted, before);
    } else {
      patch.set(wanted.key(), wanted.value);
    }
  }

  void add_list(Value& patch, TypeRef type, const Member& wanted, const Value& before) {
    const std::string_view key = type.merge_key();
    const std::string name(wanted.key());
    Value list = Value::array();
    Value order = Value::array();
    Value deleted = Value::array();
    for (const Value& item : wanted.value.items()) {
      order.push_back(key.empty() ? item : Value::object({{key, item[key]}}));
      if (one_in(3)) continue;
      list.push_back(key.empty() ? item : item_patch(type, item, before));
    }
    for (const Value& item : before.items()) {
      if (!one_in(5)) continue;
      if (key.empty()) {
        // One that is added too may go or stay, as Go's map happens to be ordered.
        if (std::ranges::find(list.items(), item) == list.items().end()) deleted.push_back(item);
      } else {
        list.push_back(Value::object({{key, item[key]}, {"$patch", "delete"}}));
      }
    }
    if (!key.empty() && one_in(30)) list.push_back(Value::object({{"$patch", "replace"}}));
    if (!list.empty() || one_in(4)) patch.set(name, list);
    if (!order.empty() && one_in(2)) patch.set("$setElementOrder/" + name, order);
    if (!deleted.empty()) patch.set("$deleteFromPrimitiveList/" + name, deleted);
  }

  Value item_patch(TypeRef type, const Value& wanted, const Value& before) {
    const std::string_view key = type.merge_key();
    const Value* old = nullptr;
    for (const Value& item : before.items()) {
      if (item[key] == wanted[key]) old = &item;
    }
    Value item = objects_patch(type.element(), wanted, old != nullptr ? *old : Value());
    if (!one_in(60)) item.set(key, wanted[key]);
    return item;
  }

  RandomValue random_;
  bool duplicates_;
};

}  // namespace plumb::object
