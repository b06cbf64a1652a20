#include "object/schema_builder.h"

#include <algorithm>

#include "object/json.h"

namespace plumb::object {
namespace {

constexpr int kMaxDepth = 128;           // schemas within schemas, references not counted
constexpr size_t kMaxTypes = 1u << 20;   // a cluster with hundreds of large CRDs has some 10^5
constexpr size_t kMaxText = 64u << 20;   // bytes of names and defaults
constexpr size_t kMaxName = UINT16_MAX;  // bytes of a field's name

TypeRecord blank() {
  TypeRecord record{};
  record.element = kNoType;
  return record;
}

std::string_view definition_name(const Value& schema) {
  std::string_view reference = schema["$ref"].as_string();
  if (reference.empty() && schema["allOf"].size() == 1) {
    reference = schema["allOf"].at(0)["$ref"].as_string();
  }
  return reference.substr(reference.rfind('/') + 1);
}

uint8_t patch_flags(const Value& schema) {
  std::string_view strategies = schema["x-kubernetes-patch-strategy"].as_string();
  if (strategies == "merge") return TypeRecord::kPatchMerge;
  if (strategies == "replace") return TypeRecord::kPatchReplace;
  if (strategies == "retainKeys") return TypeRecord::kPatchRetainKeys;
  if (strategies == "merge,retainKeys") {
    return TypeRecord::kPatchMerge | TypeRecord::kPatchRetainKeys;
  }
  return 0;
}

uint8_t declared_flags(const Value& schema) {
  uint8_t flags = patch_flags(schema);
  if (schema["x-kubernetes-preserve-unknown-fields"].as_bool()) {
    flags |= TypeRecord::kPreserveUnknown;
  }
  if (schema["x-kubernetes-embedded-resource"].as_bool()) flags |= TypeRecord::kEmbedded;
  if (schema["nullable"].as_bool()) flags |= TypeRecord::kNullable;
  return flags;
}

MapType map_type(const Value& schema) {
  return schema["x-kubernetes-map-type"].as_string() == "atomic" ? MapType::kAtomic
                                                                 : MapType::kGranular;
}

TypeKind scalar_kind(const Value& schema) {
  std::string_view type = schema["type"].as_string();
  std::string_view format = schema["format"].as_string();
  if (schema["x-kubernetes-int-or-string"].as_bool()) return TypeKind::kIntOrString;
  if (type.empty() || type == "string") {
    if (format == "int-or-string") return TypeKind::kIntOrString;
    if (format == "byte") return TypeKind::kBytes;
    if (format == "date-time") return TypeKind::kTime;
  }
  if (type == "string") return TypeKind::kString;
  if (type == "integer") return TypeKind::kInteger;
  if (type == "number") return TypeKind::kNumber;
  if (type == "boolean") return TypeKind::kBoolean;
  return TypeKind::kAny;
}

}  // namespace

SchemaBuilder::SchemaBuilder(const Value& definitions) : definitions_(definitions) {
  table_->text.push_back('\0');
  table_->types.push_back(blank());
  scalars_[{TypeKind::kAny, 0, 0}] = 0;
}

uint32_t SchemaBuilder::string(std::string_view text) {
  if (text.empty()) return 0;
  auto [entry, added] = strings_.try_emplace(std::string(text), table_->text.size());
  if (added) table_->text.append(text).push_back('\0');
  return entry->second;
}

uint32_t SchemaBuilder::add(const TypeRecord& record) {
  table_->types.push_back(record);
  return static_cast<uint32_t>(table_->types.size() - 1);
}

// The content follows in convert_pending(), so that definitions may refer to themselves and chains
// of references take no stack.
base::Result<uint32_t> SchemaBuilder::definition(std::string_view name) {
  auto members = definitions_.members();
  auto found = std::ranges::lower_bound(members, name, {}, &Member::key);
  if (found == members.end() || found->key() != name) {
    return base::invalid("refers to the definition \"" + std::string(name) +
                         "\", which is not there");
  }
  auto [entry, added] = named_.try_emplace(found->key(), 0);
  if (added) {
    entry->second = add(blank());
    pending_.emplace_back(&*found, entry->second);
  }
  return entry->second;
}

uint32_t SchemaBuilder::aliased(const Value& schema, uint32_t target) {
  Alias alias{0, target, declared_flags(schema), std::nullopt};
  if (schema.contains("x-kubernetes-map-type")) alias.map_type = map_type(schema);
  if (alias.flags == 0 && !alias.map_type) return target;
  alias.type = add(blank());
  aliases_.push_back(alias);
  return alias.type;
}

base::Result<uint32_t> SchemaBuilder::type_of(const Value& schema, bool open, int depth) {
  if (depth > kMaxDepth) return base::too_large("schemas are nested more than 128 deep");
  if (table_->types.size() > kMaxTypes || table_->text.size() > kMaxText) {
    return base::too_large("more than a million types or 64 MiB of names");
  }
  if (std::string_view name = definition_name(schema); !name.empty()) {
    PLUMB_TRY(uint32_t target, definition(name));
    return aliased(schema, target);
  }
  PLUMB_TRY(TypeRecord record, convert(schema, open, depth));
  if (record.kind == TypeKind::kObject || record.kind == TypeKind::kList) return add(record);
  auto key = std::tuple(record.kind, record.format, record.flags);
  auto known = scalars_.find(key);
  return known != scalars_.end() ? known->second : scalars_[key] = add(record);
}

// `open` is inherited from x-kubernetes-preserve-unknown-fields of an object around this one.
base::Result<TypeRecord> SchemaBuilder::convert(const Value& schema, bool open, int depth) {
  TypeRecord record = blank();
  record.flags = declared_flags(schema);
  open = open || (record.flags & TypeRecord::kPreserveUnknown);
  std::string_view type = schema["type"].as_string();
  if (type == "array") {
    PLUMB_CHECK_OK(convert_list(schema, open, depth, record));
  } else if (type == "object" || schema.contains("properties") ||
             schema.contains("additionalProperties")) {
    PLUMB_CHECK_OK(convert_object(schema, open, depth, record));
  } else {
    record.kind = scalar_kind(schema);
    record.format = string(schema["format"].as_string());
  }
  return record;
}

base::Status SchemaBuilder::convert_list(const Value& schema, bool open, int depth,
                                         TypeRecord& record) {
  record.kind = TypeKind::kList;
  PLUMB_TRY(auto element, type_of(schema["items"], open, depth + 1));
  record.element = element;
  std::string_view merge_key = schema["x-kubernetes-patch-merge-key"].as_string();
  record.merge_key = string(merge_key);

  std::string_view declared = schema["x-kubernetes-list-type"].as_string();
  if (declared == "set") {
    record.list_type = ListType::kSet;
  } else if (declared == "map") {
    record.list_type = ListType::kMap;
    std::vector<std::string_view> names;
    for (const Value& key : schema["x-kubernetes-list-map-keys"].items()) {
      names.push_back(key.as_string());
    }
    if (names.empty()) {
      return base::invalid("x-kubernetes-list-type is map without x-kubernetes-list-map-keys");
    }
    set_keys(names, record);
  } else if (declared.empty() && (record.flags & TypeRecord::kPatchMerge)) {
    record.list_type = merge_key.empty() ? ListType::kSet : ListType::kMap;
    if (!merge_key.empty()) set_keys({merge_key}, record);
  }
  return base::ok();
}

void SchemaBuilder::set_keys(const std::vector<std::string_view>& names, TypeRecord& record) {
  record.first_key = static_cast<uint32_t>(table_->keys.size());
  record.key_count = static_cast<uint32_t>(names.size());
  for (std::string_view name : names) table_->keys.push_back(string(name));
}

base::Status SchemaBuilder::convert_object(const Value& schema, bool open, int depth,
                                           TypeRecord& record) {
  record.kind = TypeKind::kObject;
  record.map_type = map_type(schema);
  const Value& values = schema["additionalProperties"];
  if (values.is_object()) {
    PLUMB_TRY(auto element, type_of(values, open, depth + 1));
    record.element = element;
  }
  bool undeclared = values.is_null() && schema["properties"].empty();
  if (open || undeclared || values.as_bool()) record.flags |= TypeRecord::kOpen;

  Fields fields;
  for (const Member& property : schema["properties"].members()) {
    auto made = convert_field(property.key(), property.value, open, depth + 1);
    if (!made.ok()) return std::move(made).error().while_doing(property.key());
    fields[property.key()] = *made;
  }
  for (const Value& name : schema["required"].items()) {
    auto found = fields.find(name.as_string());
    if (found != fields.end()) found->second.required = true;
  }
  if (record.flags & TypeRecord::kEmbedded) add_object_fields(fields);
  set_fields(fields, record);
  return base::ok();
}

base::Result<FieldRecord> SchemaBuilder::convert_field(std::string_view name, const Value& schema,
                                                       bool open, int depth) {
  if (name.size() > kMaxName || name.find('\0') != std::string_view::npos) {
    return base::invalid("a field's name is longer than 65535 bytes or has a NUL in it");
  }
  PLUMB_TRY(uint32_t type, type_of(schema, open, depth));
  const Value* fallback = schema.find("default");
  std::string json = fallback ? to_json(*fallback, {.escape_html = false}) : std::string();
  return field(name, json, type);
}

FieldRecord SchemaBuilder::field(std::string_view name, std::string_view default_json,
                                 uint32_t type) {
  return {string(name), string(default_json), type, static_cast<uint16_t>(name.size()), false};
}

void SchemaBuilder::set_fields(const Fields& fields, TypeRecord& record) {
  record.first_field = static_cast<uint32_t>(table_->fields.size());
  record.field_count = static_cast<uint32_t>(fields.size());
  for (const auto& [name, field] : fields) table_->fields.push_back(field);
}

// What kube-apiserver adds to every custom resource, whatever its own schema says.
void SchemaBuilder::add_object_fields(Fields& fields) {
  TypeRef config_map = Schema::current().find("v1", "ConfigMap")->type;
  for (std::string_view name : {"apiVersion", "kind", "metadata"}) {
    fields[name] = field(name, "", import(config_map.field(name)));
  }
}

// Copies a type of Schema::current() and all that it refers to.
uint32_t SchemaBuilder::import(TypeRef type) {
  if (!type) return kNoType;
  if (auto known = imported_.find(type.index_); known != imported_.end()) return known->second;
  uint32_t index = add(blank());
  imported_[type.index_] = index;

  TypeRecord record = type.record();
  record.element = import(type.element());
  record.merge_key = string(type.merge_key());
  record.format = string(type.format());
  std::vector<std::string_view> keys;
  for (size_t i = 0; i < type.list_keys().size(); ++i) keys.push_back(type.list_keys()[i]);
  set_keys(keys, record);
  Fields fields;
  for (size_t i = 0; i < type.field_count(); ++i) {
    Field source = type.field_at(i);
    FieldRecord copy = field(source.name, source.default_json, import(source.type));
    copy.required = source.required;
    fields[source.name] = copy;
  }
  set_fields(fields, record);
  table_->types[index] = record;
  return index;
}

base::Status SchemaBuilder::convert_pending() {
  constexpr std::string_view kQuantity = "io.k8s.apimachinery.pkg.api.resource.Quantity";
  constexpr std::string_view kRawExtension = "io.k8s.apimachinery.pkg.runtime.RawExtension";
  while (!pending_.empty()) {
    auto [definition, index] = pending_.back();
    pending_.pop_back();
    TypeRecord record = blank();
    if (definition->key() == kQuantity) {
      record.kind = TypeKind::kQuantity;
    } else if (definition->key() == kRawExtension) {
      record.map_type = MapType::kAtomic;
    } else {
      auto converted = convert(definition->value, false, 0);
      if (!converted.ok()) return std::move(converted).error().while_doing(definition->key());
      record = *converted;
    }
    table_->types[index] = record;
  }
  return base::ok();
}

void SchemaBuilder::resolve_aliases() {
  for (const Alias& alias : aliases_) {
    TypeRecord record = table_->types[alias.target];
    record.flags |= alias.flags;
    record.map_type = alias.map_type.value_or(record.map_type);
    table_->types[alias.type] = record;
  }
}

base::Result<uint32_t> SchemaBuilder::custom_resource(Value schema, bool open) {
  if (!schema.is_object()) schema = Value::object();
  if (!schema.contains("type")) schema.set("type", "object");
  if (schema["type"].as_string() != "object") {
    return base::invalid("the schema of a custom resource must be of type object");
  }
  schema.set("x-kubernetes-embedded-resource", true);  // for the fields that every object has
  PLUMB_TRY(uint32_t type, type_of(schema, open, 0));
  table_->types[type].flags &= static_cast<uint8_t>(~TypeRecord::kEmbedded);
  return type;
}

void SchemaBuilder::add_kind(const KindInfo& info, uint32_t type) {
  uint32_t flags = info.scope == Scope::kNamespaced ? KindRecord::kNamespaced
                   : info.scope == Scope::kCluster  ? KindRecord::kCluster
                                                    : 0;
  if (info.has_status) flags |= KindRecord::kStatus;
  if (info.has_scale) flags |= KindRecord::kScale;
  table_->kinds.push_back({string(info.group), string(info.version), string(info.kind),
                           string(info.plural), type, flags});
}

base::Result<Schema> SchemaBuilder::finish() {
  PLUMB_CHECK_OK(convert_pending());
  resolve_aliases();
  OwnedTable& table = *table_;
  auto key = [&table](const KindRecord& record) {
    auto text = [&table](uint32_t offset) { return std::string_view(&table.text[offset]); };
    return std::tuple(text(record.group), text(record.version), text(record.kind));
  };
  std::ranges::sort(table.kinds, {}, [&key](const KindRecord& record) {
    return std::tuple_cat(key(record), std::tuple(record.type));  // types count up: first is first
  });
  auto repeated = std::ranges::unique(table.kinds, {}, key);
  table.kinds.erase(repeated.begin(), repeated.end());
  table.view = {table.types, table.fields, table.keys, table.kinds, table.text};
  return Schema(std::shared_ptr<const SchemaTable>(table_, &table.view));
}

}  // namespace plumb::object
