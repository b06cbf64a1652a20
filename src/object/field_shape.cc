#include "object/field_shape.h"

#include <bit>

#include "object/go_format.h"

namespace plumb::object::field_shape {
namespace {

uint8_t allowed(TypeRef type) {
  switch (type.kind()) {
    case TypeKind::kAny: return kScalar | kList | kObject;
    case TypeKind::kObject: return kObject;
    case TypeKind::kList: return kList;
    default: return kScalar;
  }
}

Shape own_shape(const Value& value) {
  if (value.is_null()) return kNone;
  if (value.is_array()) return kList;
  return value.is_object() ? kObject : kScalar;
}

base::Result<PathElement> keyed_item(TypeRef list, const Value& item) {
  if (item.is_null()) {
    return base::invalid("associative list with keys may not have a null element");
  }
  if (!item.is_object()) {
    return base::invalid("associative list with keys may not have non-map elements");
  }
  const ListKeys keys = list.list_keys();
  const TypeRef type = list.element();
  std::vector<Member> fields;
  fields.reserve(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    if (const Value* present = item.find(keys[i])) {
      fields.emplace_back(Text(keys[i]), *present);
    } else if (const auto field = type.find_field(keys[i]); field && !field->default_json.empty()) {
      fields.emplace_back(Text(keys[i]), field->default_value());
    }
  }
  if (fields.empty() && !keys.empty()) {
    std::string names;
    for (size_t i = 0; i < keys.size(); ++i) {
      if (i > 0) names += ' ';
      append_go_quoted(names, keys[i]);
    }
    return base::invalid("associative list with keys has an element that omits all key fields [" +
                         names + "] (and doesn't have default values for any key fields)");
  }
  return PathElement::key(Value::make_object(fields));
}

base::Result<PathElement> set_item(const Value& item) {
  if (item.is_object()) {
    return base::invalid("associative list without keys has an element that's a map type");
  }
  if (item.is_array()) {
    return base::invalid("not supported: associative list with lists as elements");
  }
  if (item.is_null()) {
    return base::invalid("associative list without keys has an element that's an explicit null");
  }
  return PathElement::value(item);
}

}  // namespace

uint8_t shapes(TypeRef type, const Value* value) {
  const uint8_t all = allowed(type);
  if (value == nullptr) return all;
  const uint8_t own = own_shape(*value);
  return (all & own) != 0 ? own : all;
}

Shape chosen(uint8_t shapes) {
  if ((shapes & kObject) != 0) return kObject;
  return (shapes & kScalar) != 0 ? kScalar : kList;
}

std::optional<TypeRef> member_type(TypeRef type, std::string_view name) {
  if (!type) return TypeRef();
  if (const auto field = type.find_field(name)) return field->type;
  if (const TypeRef element = type.element(); element && type.kind() != TypeKind::kList) {
    return element;
  }
  if (type.open() || type.kind() == TypeKind::kAny) return TypeRef();
  return std::nullopt;
}

bool is_free_form(TypeRef type) {
  if (type.field_count() > 0) return false;
  if (type.kind() == TypeKind::kAny) return !is_atomic_object(type);
  return type.element() ? type.element().kind() == TypeKind::kAny : type.open();
}

base::Result<PathElement> item_element(TypeRef list, const Value& item) {
  return list.list_type() == ListType::kMap ? keyed_item(list, item) : set_item(item);
}

}  // namespace plumb::object::field_shape
