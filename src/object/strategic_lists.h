// Lists in strategic merge patches: telling items apart, and keeping them in order. The inside of
// strategic_merge.h; nothing else includes it.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "object/field_path.h"
#include "object/schema.h"
#include "object/strategic_merge.h"
#include "object/value.h"

namespace plumb::object::strategic {

inline constexpr std::string_view kPatch = "$patch";
inline constexpr std::string_view kReplace = "replace";
inline constexpr std::string_view kDelete = "delete";
inline constexpr std::string_view kRetainKeys = "$retainKeys";
inline constexpr std::string_view kDeleteFromList = "$deleteFromPrimitiveList";
inline constexpr std::string_view kSetElementOrder = "$setElementOrder";

// The types that Go decodes JSON to, as far as it tells them apart.
enum class DataType : uint8_t { kNull, kBool, kInteger, kNumber, kString, kArray, kObject };
DataType type_of(const Value& value);

using Items = std::span<const Value>;
using List = std::vector<Value>;

// The type of the field `name`, where a value of `type` has one. An error if not, unless unknown
// types are taken for objects that merge and lists that are replaced: then an empty TypeRef.
base::Result<TypeRef> field_type(TypeRef type, std::string_view name, UnknownTypes unknown,
                                 const FieldPath& path);
// The same for a field that must be a list.
base::Result<TypeRef> list_type(TypeRef type, std::string_view name, UnknownTypes unknown,
                                const FieldPath& path);

// The one type that all items have; an error if they differ, if there are none, and for lists of
// lists.
base::Result<DataType> item_type(Items first, Items second, const FieldPath& path);

// Whether any member may be a directive; at no cost for the usual object.
bool has_directives(const Value& object);
bool has_directive(const Value& item, std::string_view directive);

// What tells an item from others: its member `merge_key`, or itself if that is "".
const Value& key_of(const Value& item, std::string_view merge_key);
bool same_key(const Value& a, const Value& b);

// The keys of a list, in its order: they point into its items.
using Keys = std::vector<const Value*>;

// An error unless every item has a key, and it is a scalar.
base::Result<Keys> keys_of(Items list, std::string_view merge_key, const FieldPath& path);

// Where keys stand in a list. The keys must outlive it.
class Positions {
 public:
  static constexpr size_t kNone = static_cast<size_t>(-1);

  explicit Positions(const Keys& keys);
  // Of the first item with this key.
  size_t of(const Value& key) const;

 private:
  const Keys& keys_;
  std::vector<std::pair<uint64_t, uint32_t>> by_fingerprint_;  // sorted; empty for short lists
};

// In the order in which `order` has them; what it has not comes behind, items that are to be
// deleted last. Stable.
base::Result<List> sorted_by(Items list, Items order, std::string_view merge_key,
                             const FieldPath& path);

// One list out of two: what stands in `chosen` in that order, the others in the order of `server`,
// interleaved so that an item that `server` has before another comes before it where possible.
List in_order(const List& list, const Keys& keys, const Keys& chosen, const Keys& server);

// As fmt.Sprintf("%v") shows a scalar: what the library sorts by.
std::string sort_text(const Value& scalar);

}  // namespace plumb::object::strategic
