// What a value is to server-side apply at one place of a schema. Shared by the walks of
// field_values.h; not for use outside.
//
// A type may allow several shapes (an int-or-string is a scalar; "anything" is a scalar, a list or
// an object), and the value at hand decides. An empty TypeRef is "anything": objects granular,
// lists atomic, which is how a CustomResourceDefinition without schema is treated.
#pragma once

#include <optional>

#include "base/result.h"
#include "object/path_element.h"
#include "object/schema.h"

namespace plumb::object::field_shape {

// Bits, so that a type's shapes are a set.
enum Shape : uint8_t { kNone = 0, kScalar = 1, kList = 2, kObject = 4 };

// The shapes a type allows, cut down to that of `value` if it is one of them. No value and null
// leave all.
uint8_t shapes(TypeRef type, const Value* value);

// Which of several shapes a walk takes: objects before scalars before lists.
Shape chosen(uint8_t shapes);

inline bool is_atomic_list(TypeRef type) { return type.list_type() == ListType::kAtomic; }
inline bool is_atomic_object(TypeRef type) { return type.map_type() == MapType::kAtomic; }

// The type of an object's member; nullopt if the schema allows none of that name.
std::optional<TypeRef> member_type(TypeRef type, std::string_view name);
inline bool is_declared(TypeRef type, std::string_view name) {
  return type.find_field(name).has_value();
}
// An object that declares no fields and takes any.
bool is_free_form(TypeRef type);

// The element that names `item` in a set or list map. Key fields that are missing take their
// defaults, or are left out if they have none. Errors are kube-apiserver's sentences.
base::Result<PathElement> item_element(TypeRef list, const Value& item);

}  // namespace plumb::object::field_shape
