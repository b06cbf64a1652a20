// The bytes behind a Schema: arrays of fixed-size records that refer to each other by index, and
// one pool of text. A generated table is read-only data that costs nothing at start;
// tools/schema-table/ writes it. Tables made at run time have the same shape. Read through
// schema.h.
//
// Types that can't be told apart are one record, so a record has no name. Runs of fields and of
// keys are shared between records. Type 0 is "anything". Strings are offsets into the text, each
// string NUL-terminated; offset 0 is the empty string.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "object/schema.h"

namespace plumb::object {

constexpr uint32_t kNoType = 0xFFFFFFFF;

struct TypeRecord {
  static constexpr uint8_t kOpen = 1;  // members beyond the fields are allowed, of any type
  static constexpr uint8_t kPreserveUnknown = 2;
  static constexpr uint8_t kEmbedded = 4;
  static constexpr uint8_t kNullable = 8;
  static constexpr uint8_t kPatchMerge = 16;
  static constexpr uint8_t kPatchReplace = 32;
  static constexpr uint8_t kPatchRetainKeys = 64;

  TypeKind kind;
  ListType list_type;
  MapType map_type;
  uint8_t flags;
  uint32_t first_field;
  uint32_t field_count;
  uint32_t first_key;
  uint32_t key_count;
  uint32_t element;  // type of items, or of the values of a map; or kNoType
  uint32_t merge_key;
  uint32_t format;
};

// Within a type, sorted by name.
struct FieldRecord {
  uint32_t name;
  uint32_t default_json;
  uint32_t type;
  uint16_t name_size;
  bool required;
};

// Sorted by group, version and kind.
struct KindRecord {
  static constexpr uint32_t kNamespaced = 1;
  static constexpr uint32_t kCluster = 2;
  static constexpr uint32_t kStatus = 4;
  static constexpr uint32_t kScale = 8;

  uint32_t group;
  uint32_t version;
  uint32_t kind;
  uint32_t plural;
  uint32_t type;
  uint32_t flags;
};

struct SchemaTable {  // view: of constants, or of what whoever made the table keeps beside it
  std::span<const TypeRecord> types;
  std::span<const FieldRecord> fields;
  std::span<const uint32_t> keys;  // names of the fields that key a list
  std::span<const KindRecord> kinds;
  std::string_view text;

  std::string_view string(uint32_t offset) const { return text.data() + offset; }
  size_t bytes() const {
    return types.size_bytes() + fields.size_bytes() + keys.size_bytes() + kinds.size_bytes() +
           text.size();
  }
};

extern const SchemaTable kCurrentSchema;
extern const SchemaTable kKustomizeSchema;

}  // namespace plumb::object
