#include "object/strategic_lists.h"

#include <algorithm>

#include "base/text.h"
#include "object/json.h"

namespace plumb::object::strategic {
namespace {

constexpr size_t kShort = 12;  // up to here a linear search is quickest

// An item, and where it belongs; kNone is behind all, and what is to be deleted is behind that.
struct Placed {
  const Value* item;
  const Value* key;
  size_t position;
  bool deleted;
  size_t index;  // where it stood: decides between equals

  Placed(const Value& value, const Value& its_key, size_t where, size_t from)
      : item(&value),
        key(&its_key),
        position(where),
        deleted(has_directives(value) && has_directive(value, kDelete)),
        index(from) {}
};

void sort(std::vector<Placed>& placed) {
  std::sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) {
    if (a.deleted != b.deleted) return b.deleted;
    if (!a.deleted && a.position != b.position) return a.position < b.position;
    return a.index < b.index;
  });
}

}  // namespace

DataType type_of(const Value& value) {
  switch (value.kind()) {
    case Kind::kNull: return DataType::kNull;
    case Kind::kBool: return DataType::kBool;
    case Kind::kInt: return DataType::kInteger;
    case Kind::kUint:
    case Kind::kDouble: return DataType::kNumber;
    case Kind::kString: return DataType::kString;
    case Kind::kArray: return DataType::kArray;
    case Kind::kObject: return DataType::kObject;
  }
  return DataType::kNull;
}

base::Result<TypeRef> field_type(TypeRef type, std::string_view name, UnknownTypes unknown,
                                 const FieldPath& path) {
  const TypeRef field = type.field(name);
  if (field || unknown == UnknownTypes::kMergePatch) return field;
  return base::invalid("strategic merge patch: unable to find api field " + base::quoted(name))
      .field(path.child(name).text());
}

base::Result<TypeRef> list_type(TypeRef type, std::string_view name, UnknownTypes unknown,
                                const FieldPath& path) {
  PLUMB_TRY(const TypeRef field, field_type(type, name, unknown, path));
  if (field.kind() == TypeKind::kList || unknown == UnknownTypes::kMergePatch) return field;
  return base::invalid("strategic merge patch: this field is no list")
      .field(path.child(name).text());
}

base::Result<DataType> item_type(Items first, Items second, const FieldPath& path) {
  if (first.empty() && second.empty()) {
    return base::invalid("strategic merge patch: no elements in any of the given lists")
        .field(path.text());
  }
  const DataType type = type_of(first.empty() ? second[0] : first[0]);
  if (type == DataType::kArray) {
    return base::invalid("lists of lists are not supported").field(path.text());
  }
  if (type == DataType::kNull) {
    return base::invalid("a list that merges holds null").field(path.text());
  }
  for (const Items items : {first, second}) {
    for (const Value& item : items) {
      if (type_of(item) != type) {
        return base::invalid("list element types are not identical").field(path.text());
      }
    }
  }
  return type;
}

bool has_directives(const Value& object) {
  // Members are sorted: few keys stand before the '$'.
  for (const Member& member : object.members()) {
    if (member.key().starts_with('$')) return true;
    if (!member.key().empty() && member.key().front() > '$') return false;
  }
  return false;
}

bool has_directive(const Value& item, std::string_view directive) {
  return item[kPatch].as_string() == directive;
}

const Value& key_of(const Value& item, std::string_view merge_key) {
  return merge_key.empty() ? item : item[merge_key];
}

bool same_key(const Value& a, const Value& b) { return type_of(a) == type_of(b) && a == b; }

base::Result<Keys> keys_of(Items list, std::string_view merge_key, const FieldPath& path) {
  Keys keys;
  keys.reserve(list.size());
  for (size_t i = 0; i < list.size(); ++i) {
    if (!merge_key.empty() && !list[i].is_object()) {
      return base::invalid("expected an object, but received a value of type " +
                           std::string(to_string(list[i].kind())))
          .field(path.index(i).text());
    }
    const Value* key = merge_key.empty() ? &list[i] : list[i].find(merge_key);
    if (key == nullptr) {
      return base::invalid("map does not contain declared merge key: " + std::string(merge_key))
          .field(path.index(i).text());
    }
    if (!key->is_scalar()) {
      return base::invalid("merge key " + std::string(merge_key) + " is not a scalar")
          .field(path.index(i).text());
    }
    keys.push_back(key);
  }
  return keys;
}

Positions::Positions(const Keys& keys) : keys_(keys) {
  if (keys.size() <= kShort) return;
  by_fingerprint_.reserve(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    by_fingerprint_.emplace_back(keys[i]->fingerprint(), i);
  }
  std::sort(by_fingerprint_.begin(), by_fingerprint_.end());
}

size_t Positions::of(const Value& key) const {
  if (by_fingerprint_.empty()) {
    for (size_t i = 0; i < keys_.size(); ++i) {
      if (same_key(*keys_[i], key)) return i;
    }
    return kNone;
  }
  const std::pair<uint64_t, uint32_t> first{key.fingerprint(), 0};
  auto at = std::lower_bound(by_fingerprint_.begin(), by_fingerprint_.end(), first);
  for (; at != by_fingerprint_.end() && at->first == first.first; ++at) {
    if (same_key(*keys_[at->second], key)) return at->second;
  }
  return kNone;
}

base::Result<List> sorted_by(Items list, Items order, std::string_view merge_key,
                             const FieldPath& path) {
  PLUMB_TRY(const Keys keys, keys_of(list, merge_key, path));
  PLUMB_TRY(const Keys order_keys, keys_of(order, merge_key, path));
  const Positions positions(order_keys);
  std::vector<Placed> placed;
  placed.reserve(list.size());
  for (size_t i = 0; i < list.size(); ++i) {
    placed.emplace_back(list[i], *keys[i], positions.of(*keys[i]), i);
  }
  sort(placed);
  List sorted;
  sorted.reserve(list.size());
  for (const Placed& one : placed) sorted.push_back(*one.item);
  return sorted;
}

List in_order(const List& list, const Keys& keys, const Keys& chosen, const Keys& server) {
  const Positions in_chosen(chosen);
  const Positions on_server(server);
  std::vector<Placed> ours;
  std::vector<Placed> others;
  ours.reserve(list.size());
  for (size_t i = 0; i < list.size(); ++i) {
    const size_t at = in_chosen.of(*keys[i]);
    if (at != Positions::kNone) {
      ours.emplace_back(list[i], *keys[i], at, i);
    } else {
      others.emplace_back(list[i], *keys[i], on_server.of(*keys[i]), i);
    }
  }
  sort(ours);
  sort(others);

  // Another item goes first only if the server is known to have it before ours.
  List all;
  all.reserve(list.size());
  auto other = others.begin();
  for (const Placed& one : ours) {
    const size_t here = other == others.end() ? Positions::kNone : on_server.of(*one.key);
    while (here != Positions::kNone && other != others.end() && other->position < here) {
      all.push_back(*(other++)->item);
    }
    all.push_back(*one.item);
  }
  for (; other != others.end(); ++other) all.push_back(*other->item);
  return all;
}

std::string sort_text(const Value& scalar) {
  return scalar.is_string() ? std::string(scalar.as_string()) : to_json(scalar);
}

}  // namespace plumb::object::strategic
