#include "object/strategic_lists.h"

#include <algorithm>

#include "base/text.h"
#include "object/json.h"

namespace plumb::object::strategic {
namespace {

constexpr size_t kShort = 12;  // up to here a linear search is quickest

// `items` next to where each stands in `order`; kNone is behind all.
struct Placed {
  size_t position;
  Value item;
};

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

base::Status check_merge_keys(Items list, std::string_view merge_key, const FieldPath& path) {
  for (size_t i = 0; i < list.size(); ++i) {
    if (!list[i].is_object()) {
      return base::invalid("expected an object, but received a value of type " +
                           std::string(to_string(list[i].kind())))
          .field(path.index(i).text());
    }
    const Value* key = list[i].find(merge_key);
    if (key == nullptr) {
      return base::invalid("map does not contain declared merge key: " + std::string(merge_key))
          .field(path.index(i).text());
    }
    if (!key->is_scalar()) {
      return base::invalid("merge key " + std::string(merge_key) + " is not a scalar")
          .field(path.index(i).text());
    }
  }
  return base::ok();
}

bool has_directive(const Value& item, std::string_view directive) {
  return item[kPatch].as_string() == directive;
}

const Value& key_of(const Value& item, std::string_view merge_key) {
  return merge_key.empty() ? item : item[merge_key];
}

bool same_key(const Value& a, const Value& b) { return type_of(a) == type_of(b) && a == b; }

Positions::Positions(Items list, std::string_view merge_key) : list_(list), merge_key_(merge_key) {
  if (list.size() <= kShort) return;
  by_fingerprint_.reserve(list.size());
  for (size_t i = 0; i < list.size(); ++i) {
    by_fingerprint_.emplace_back(key_of(list[i], merge_key).fingerprint(), i);
  }
  std::sort(by_fingerprint_.begin(), by_fingerprint_.end());
}

size_t Positions::of_key(const Value& key) const {
  if (by_fingerprint_.empty()) {
    for (size_t i = 0; i < list_.size(); ++i) {
      if (same_key(key_of(list_[i], merge_key_), key)) return i;
    }
    return kNone;
  }
  const std::pair<uint64_t, uint32_t> first{key.fingerprint(), 0};
  auto at = std::lower_bound(by_fingerprint_.begin(), by_fingerprint_.end(), first);
  for (; at != by_fingerprint_.end() && at->first == first.first; ++at) {
    if (same_key(key_of(list_[at->second], merge_key_), key)) return at->second;
  }
  return kNone;
}

base::Result<List> sorted_by(List list, Items order, std::string_view merge_key,
                             const FieldPath& path) {
  if (!merge_key.empty()) {
    PLUMB_CHECK_OK(check_merge_keys(list, merge_key, path));
    PLUMB_CHECK_OK(check_merge_keys(order, merge_key, path));
  }
  const auto deleted = std::stable_partition(
      list.begin(), list.end(), [](const Value& item) { return !has_directive(item, kDelete); });
  const Positions positions(order, merge_key);
  std::vector<Placed> placed;
  placed.reserve(list.size());
  for (auto item = list.begin(); item != deleted; ++item) {
    placed.push_back({positions.of(*item), *item});
  }
  const auto before = [](const Placed& a, const Placed& b) { return a.position < b.position; };
  if (std::is_sorted(placed.begin(), placed.end(), before)) return list;
  std::stable_sort(placed.begin(), placed.end(), before);
  std::transform(placed.begin(), placed.end(), list.begin(),
                 [](Placed& one) { return std::move(one.item); });
  return list;
}

base::Result<List> in_order(const List& list, Items chosen, Items server,
                            std::string_view merge_key, const FieldPath& path) {
  if (!merge_key.empty()) {
    PLUMB_CHECK_OK(check_merge_keys(list, merge_key, path));
    PLUMB_CHECK_OK(check_merge_keys(chosen, merge_key, path));
  }
  const Positions in_chosen(chosen, merge_key);
  List ours;
  List others;
  for (const Value& item : list) {
    (in_chosen.of(item) == Positions::kNone ? others : ours).push_back(item);
  }
  PLUMB_TRY(ours, sorted_by(std::move(ours), chosen, merge_key, path));
  PLUMB_TRY(others, sorted_by(std::move(others), server, merge_key, path));

  // Another item goes first only if the server is known to have it before ours.
  const Positions on_server(server, merge_key);
  List all;
  all.reserve(list.size());
  size_t next = 0;
  for (Value& item : ours) {
    const size_t here = on_server.of(item);
    while (here != Positions::kNone && next < others.size() && on_server.of(others[next]) < here) {
      all.push_back(std::move(others[next++]));
    }
    all.push_back(std::move(item));
  }
  std::move(others.begin() + static_cast<std::ptrdiff_t>(next), others.end(),
            std::back_inserter(all));
  return all;
}

std::string sort_text(const Value& scalar) {
  return scalar.is_string() ? std::string(scalar.as_string()) : to_json(scalar);
}

}  // namespace plumb::object::strategic
