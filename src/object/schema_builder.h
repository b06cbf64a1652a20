// Makes a Schema at run time, type by type, by the same rules as the generated tables
// (tools/schema-table/openapi.py). What Schema::from_openapi and Schema::from_crd share.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"
#include "object/schema.h"
#include "object/schema_table.h"
#include "object/value.h"

namespace plumb::object {

// For one thread and one use: add kinds, then finish(). Types are indexes into the table to be.
class SchemaBuilder {
 public:
  // `definitions` is an object of named schemas to which references lead; it must outlive this.
  explicit SchemaBuilder(const Value& definitions);

  // A named definition. Fails if there is none.
  base::Result<uint32_t> definition(std::string_view name);

  // A custom resource: `schema`, and what kube-apiserver adds to every object. `open` is a
  // CustomResourceDefinition's spec.preserveUnknownFields. Fails if `schema` is not of an object.
  base::Result<uint32_t> custom_resource(Value schema, bool open);

  // `info.type` is not looked at. Of several of one name the first stays.
  void add_kind(const KindInfo& info, uint32_t type);

  // Fails on what a schema within the definitions says wrong, or past the limits.
  base::Result<Schema> finish();

 private:
  using Fields = std::map<std::string_view, FieldRecord>;

  // A table and the memory it looks at.
  struct OwnedTable {
    std::vector<TypeRecord> types;
    std::vector<FieldRecord> fields;
    std::vector<uint32_t> keys;
    std::vector<KindRecord> kinds;
    std::string text;
    SchemaTable view;
  };

  // A reference with attributes of its own: the target's content with these on top.
  struct Alias {
    uint32_t type;
    uint32_t target;
    uint8_t flags;
    std::optional<MapType> map_type;
  };

  uint32_t string(std::string_view text);
  uint32_t add(const TypeRecord& record);

  base::Result<uint32_t> type_of(const Value& schema, bool open, int depth);
  uint32_t aliased(const Value& schema, uint32_t target);
  base::Result<TypeRecord> convert(const Value& schema, bool open, int depth);
  base::Status convert_list(const Value& schema, bool open, int depth, TypeRecord& record);
  base::Status convert_object(const Value& schema, bool open, int depth, TypeRecord& record);
  base::Result<FieldRecord> convert_field(std::string_view name, const Value& schema, bool open,
                                          int depth);
  base::Status convert_pending();
  void resolve_aliases();

  void set_keys(const std::vector<std::string_view>& names, TypeRecord& record);
  void set_fields(const Fields& fields, TypeRecord& record);
  FieldRecord field(std::string_view name, std::string_view default_json, uint32_t type);
  void add_object_fields(Fields& fields);
  uint32_t import(TypeRef type);

  const Value& definitions_;
  std::shared_ptr<OwnedTable> table_ = std::make_shared<OwnedTable>();
  std::unordered_map<std::string, uint32_t> strings_;
  std::map<std::tuple<TypeKind, uint32_t, uint8_t>, uint32_t> scalars_;
  std::unordered_map<std::string_view, uint32_t> named_;     // view: of definitions_
  std::vector<std::pair<const Member*, uint32_t>> pending_;  // definitions without content yet
  std::vector<Alias> aliases_;
  std::unordered_map<uint32_t, uint32_t> imported_;  // types of Schema::current()
};

}  // namespace plumb::object
