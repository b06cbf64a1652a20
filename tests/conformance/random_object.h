// Types and random values of them, for the comparisons with tests/reference.
#pragma once

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "object/schema.h"
#include "object/value.h"

namespace plumb::conformance {

using object::ListType;
using object::Member;
using object::Schema;
using object::TypeKind;
using object::TypeRef;
using object::Value;

// A type, and how a question names it.
struct Typing {
  std::string name;
  std::string api_version;
  std::string kind;
  TypeRef type;
  Value question;
  std::shared_ptr<const Schema> held = {};  // what `type` points into, if not static

  // `op` asked about this type.
  Value ask_for(const char* op,
                std::initializer_list<std::pair<std::string_view, Value>> members) const {
    Value out = question;
    out.set("op", op);
    for (const auto& [name, value] : members) out.set(name, value);
    return out;
  }
};

// Built-in kinds, one without a schema, and a custom one with every way to write a list and an
// object.
std::vector<Typing> typings();
Typing deduced();
Typing builtin(const char* group, const char* version, const char* kind);

// Random values of a type, out of few words, so that two of them often say the same.
class RandomObject {
 public:
  explicit RandomObject(uint32_t seed) : random_(seed) {}

  int below(int n) { return static_cast<int>(random_() % static_cast<uint32_t>(n)); }
  bool once_in(int n) { return below(n) == 0; }

  Value whole(const Typing& typing) {
    Value out = value(typing.type, 0);
    if (!out.is_object()) out = Value::object();
    return labelled(std::move(out), typing);
  }

  // Some of it changed, some gone, some new.
  Value changed(const Value& old, const Typing& typing) {
    return labelled(changed(old, typing.type, 0), typing);
  }

 private:
  static Value labelled(Value out, const Typing& typing) {
    out.set("apiVersion", typing.api_version);
    out.set("kind", typing.kind);
    if (Value* metadata = out.edit_if("metadata")) {
      if (!metadata->is_object()) *metadata = Value::object();
      // The reference is about types; these two decide of more than that.
      metadata->erase("managedFields");
      metadata->erase("uid");
    }
    return out;
  }

  std::string word() {
    static constexpr const char* kWords[] = {"a", "b", "c", "web", "x-1"};
    return kWords[below(5)];
  }

  Value scalar(TypeRef type) {
    switch (type.kind()) {
      case TypeKind::kInteger: return below(4);
      case TypeKind::kNumber: return once_in(2) ? Value(1.5) : Value(below(3));
      case TypeKind::kBoolean: return once_in(2);
      case TypeKind::kIntOrString: return once_in(2) ? Value(below(3)) : Value(word());
      case TypeKind::kQuantity: return once_in(2) ? Value("100m") : Value("1");
      case TypeKind::kTime: return "2026-01-02T03:04:05Z";
      default: return word();
    }
  }

  Value anything(int depth) {
    switch (depth > 4 ? below(4) : below(7)) {
      case 0: return once_in(3) ? Value() : Value(below(3));
      case 1: return once_in(2);
      case 2:
      case 3: return word();
      case 4: {
        Value out = Value::array();
        for (int i = below(3); i > 0; --i) out.push_back(anything(depth + 2));
        return out;
      }
      default: return members(TypeRef(), depth);
    }
  }

  Value value(TypeRef type, int depth) {
    if (once_in(60)) return Value();
    switch (type.kind()) {
      case TypeKind::kAny: return depth == 0 ? members(type, depth) : anything(depth);
      case TypeKind::kObject: return members(type, depth);
      case TypeKind::kList: return items(type, depth);
      default: return scalar(type);
    }
  }

  Value members(TypeRef type, int depth) {
    Value out = Value::object();
    if (type.field_count() == 0) {
      for (int i = below(4); i > 0; --i) out.set(word(), value(type.child("a"), depth + 1));
      return out;
    }
    if (depth == 0) {
      for (const char* name : {"spec", "metadata", "data", "status"}) {
        if (const auto field = type.find_field(name); field && !once_in(4)) {
          out.set(name, value(field->type, depth + 1));
        }
      }
    }
    for (int i = depth > 6 ? 1 : 1 + below(4); i > 0; --i) add_field(out, type, depth);
    return out;
  }

  void add_field(Value& out, TypeRef type, int depth) {
    if (type.field_count() == 0) {
      out.set(word(), value(type.child("a"), depth + 1));
      return;
    }
    const auto field =
        type.field_at(static_cast<size_t>(below(static_cast<int>(type.field_count()))));
    out.set(field.name, value(field.type, depth + 1));
  }

  Value items(TypeRef type, int depth) {
    Value out = Value::array();
    for (int i = below(4); i > 0; --i) add_item(out, type, depth);
    return out;
  }

  void add_item(Value& out, TypeRef type, int depth) {
    Value item = value(type.element(), depth + 1);
    for (size_t i = 0; i < type.list_keys().size(); ++i) {
      const auto key = type.list_keys()[i];
      if (!item.is_object() || once_in(12)) continue;
      item.set(key, scalar(type.element().field(key)));
    }
    // Now and then an item is there twice.
    if (type.list_type() != ListType::kAtomic && !once_in(25)) {
      for (const Value& other : out.items()) {
        bool same = type.list_type() == ListType::kSet && other == item;
        if (type.list_type() == ListType::kMap && item.is_object()) {
          same = true;
          for (size_t i = 0; i < type.list_keys().size(); ++i) {
            const auto key = type.list_keys()[i];
            if (!(other[key] == item[key])) same = false;
          }
        }
        if (same) return;
      }
    }
    out.insert(static_cast<size_t>(below(static_cast<int>(out.size()) + 1)), std::move(item));
  }

  Value changed(const Value& old, TypeRef type, int depth) {
    if (once_in(30)) return value(type, depth);
    Value out = old;
    if (old.is_object()) {
      for (const Member& member : old.members()) {
        if (once_in(10)) {
          out.erase(member.key());
        } else if (once_in(2)) {
          out.set(member.key(), changed(member.value, type.child(member.key()), depth + 1));
        }
      }
      if (once_in(4)) add_field(out, type, depth);
      return out;
    }
    if (old.is_array() && type.kind() == TypeKind::kList) {
      for (size_t i = out.size(); i-- > 0;) {
        if (once_in(6)) {
          out.erase(i);
        } else if (once_in(2)) {
          out.edit(i) = changed(old.at(i), type.element(), depth + 1);
        }
      }
      if (out.size() > 1 && once_in(4)) std::swap(out.edit(0), out.edit(out.size() - 1));
      if (once_in(4)) add_item(out, type, depth);
      return out;
    }
    return once_in(4) ? value(type, depth) : out;
  }

  std::mt19937 random_;
};

}  // namespace plumb::conformance
