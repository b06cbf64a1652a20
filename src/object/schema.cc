#include "object/schema.h"

#include <algorithm>
#include <tuple>

#include "object/json.h"
#include "object/schema_table.h"

namespace plumb::object {
namespace {

constexpr TypeRecord kAnything{};

}  // namespace

TypeRef TypeRef::of(const SchemaTable* table, uint32_t index) {
  return index == kNoType ? TypeRef() : TypeRef(table, index);
}

const TypeRecord& TypeRef::record() const { return table_ ? table_->types[index_] : kAnything; }

std::string_view TypeRef::text(uint32_t offset) const {
  return table_ ? table_->string(offset) : std::string_view();
}

TypeKind TypeRef::kind() const { return record().kind; }
std::string_view TypeRef::format() const { return text(record().format); }
MapType TypeRef::map_type() const { return record().map_type; }
bool TypeRef::open() const { return record().flags & TypeRecord::kOpen; }
bool TypeRef::preserve_unknown() const { return record().flags & TypeRecord::kPreserveUnknown; }
bool TypeRef::embedded_resource() const { return record().flags & TypeRecord::kEmbedded; }
bool TypeRef::nullable() const { return record().flags & TypeRecord::kNullable; }
ListType TypeRef::list_type() const { return record().list_type; }
bool TypeRef::patch_merges() const { return record().flags & TypeRecord::kPatchMerge; }
bool TypeRef::patch_replaces() const { return record().flags & TypeRecord::kPatchReplace; }
bool TypeRef::patch_retains_keys() const { return record().flags & TypeRecord::kPatchRetainKeys; }
std::string_view TypeRef::merge_key() const { return text(record().merge_key); }

TypeRef TypeRef::element() const { return table_ ? of(table_, record().element) : TypeRef(); }

ListKeys TypeRef::list_keys() const {
  return ListKeys(table_, record().first_key, record().key_count);
}

std::string_view ListKeys::operator[](size_t index) const {
  return table_->string(table_->keys[first_ + index]);
}

const FieldRecord* TypeRef::field_record(std::string_view name) const {
  const TypeRecord& type = record();
  if (type.field_count == 0) return nullptr;
  auto name_of = [this](const FieldRecord& field) {
    return std::string_view(table_->text.data() + field.name, field.name_size);
  };
  auto fields = table_->fields.subspan(type.first_field, type.field_count);
  auto found = std::ranges::lower_bound(fields, name, {}, name_of);
  return found != fields.end() && name_of(*found) == name ? &*found : nullptr;
}

Field TypeRef::field_of(const FieldRecord& record) const {
  return {text(record.name), TypeRef(table_, record.type), text(record.default_json),
          record.required};
}

TypeRef TypeRef::field(std::string_view name) const {
  const FieldRecord* found = field_record(name);
  return found ? TypeRef(table_, found->type) : TypeRef();
}

std::optional<Field> TypeRef::find_field(std::string_view name) const {
  const FieldRecord* found = field_record(name);
  return found ? std::optional(field_of(*found)) : std::nullopt;
}

size_t TypeRef::field_count() const { return record().field_count; }

Field TypeRef::field_at(size_t index) const {
  return field_of(table_->fields[record().first_field + index]);
}

TypeRef TypeRef::child(std::string_view key) const {
  if (const FieldRecord* found = field_record(key)) return TypeRef(table_, found->type);
  if (!table_ || kind() == TypeKind::kList) return {};
  if (record().element != kNoType) return element();
  return open() || kind() == TypeKind::kAny ? TypeRef(table_, 0) : TypeRef();
}

Value Field::default_value() const {
  return default_json.empty() ? Value() : parse_json(default_json).value_or(Value());
}

Schema Schema::of_static(const SchemaTable& table) {
  return Schema(std::shared_ptr<const SchemaTable>(std::shared_ptr<void>(), &table));
}

Schema Schema::current() { return of_static(kCurrentSchema); }
Schema Schema::kustomize() { return of_static(kKustomizeSchema); }
size_t Schema::bytes() const { return table_->bytes(); }
size_t Schema::kind_count() const { return table_->kinds.size(); }

KindInfo Schema::kind_at(size_t index) const {
  const KindRecord& record = table_->kinds[index];
  Scope scope = record.flags & KindRecord::kNamespaced ? Scope::kNamespaced
                : record.flags & KindRecord::kCluster  ? Scope::kCluster
                                                       : Scope::kUnknown;
  return {table_->string(record.group),
          table_->string(record.version),
          table_->string(record.kind),
          table_->string(record.plural),
          scope,
          (record.flags & KindRecord::kStatus) != 0,
          (record.flags & KindRecord::kScale) != 0,
          TypeRef(table_.get(), record.type)};
}

size_t Schema::lower_bound(std::string_view group, std::string_view version,
                           std::string_view kind) const {
  auto key = [this](const KindRecord& record) {
    return std::tuple(table_->string(record.group), table_->string(record.version),
                      table_->string(record.kind));
  };
  auto found = std::ranges::lower_bound(table_->kinds, std::tuple(group, version, kind), {}, key);
  return static_cast<size_t>(found - table_->kinds.begin());
}

std::optional<KindInfo> Schema::find(std::string_view group, std::string_view version,
                                     std::string_view kind) const {
  size_t index = lower_bound(group, version, kind);
  if (index == kind_count()) return std::nullopt;
  KindInfo info = kind_at(index);
  bool same = info.group == group && info.version == version && info.kind == kind;
  return same ? std::optional(info) : std::nullopt;
}

std::optional<KindInfo> Schema::find(std::string_view api_version, std::string_view kind) const {
  size_t slash = api_version.find('/');
  if (slash == std::string_view::npos) return find("", api_version, kind);
  return find(api_version.substr(0, slash), api_version.substr(slash + 1), kind);
}

std::optional<KindInfo> Schema::find_resource(std::string_view group, std::string_view version,
                                              std::string_view plural) const {
  for (size_t i = lower_bound(group, version, ""); i < kind_count(); ++i) {
    KindInfo info = kind_at(i);
    if (info.group != group || info.version != version) break;
    if (!plural.empty() && info.plural == plural) return info;
  }
  return std::nullopt;
}

}  // namespace plumb::object
