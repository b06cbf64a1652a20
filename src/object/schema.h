// Schema: what Kubernetes says of its types, as far as it decides how objects merge.
//
// For every kind and every type within it: fields, defaults, which lists are sets or maps and by
// which keys, which maps are atomic, patch strategies, scopes. Strategic merge, server-side apply,
// defaulting and typed checks ask it. It is not a validator: patterns and ranges are left out.
//
// The rules for reading OpenAPI are kube-apiserver's own for server-side apply
// (k8s.io/kube-openapi/pkg/schemaconv).
//
//   Schema schema = Schema::current();
//   TypeRef ports = schema.find("v1", "Pod")->type.field("spec").field("containers").element()
//                       .field("ports");
//   ports.list_type();  // ListType::kMap
//   ports.list_keys();  // containerPort, protocol
//
// Threads: everything here is immutable; share it freely.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "object/value.h"

namespace plumb::object {

struct FieldRecord;
struct KindRecord;
struct SchemaTable;
struct TypeRecord;

enum class TypeKind : uint8_t {
  kAny,  // nothing is known; takes every value
  kObject,
  kList,
  kString,
  kInteger,
  kNumber,
  kBoolean,
  kIntOrString,
  kQuantity,
  kBytes,  // a string of base64
  kTime,   // a string as RFC 3339 says
};

// What a list is to server-side apply: one value; scalars, each there once; objects told apart by
// keys. Where the OpenAPI does not say, the patch strategy decides, and else it is atomic.
enum class ListType : uint8_t { kAtomic, kSet, kMap };

// Whether each member of an object has an owner of its own.
enum class MapType : uint8_t { kGranular, kAtomic };

enum class Scope : uint8_t { kUnknown, kCluster, kNamespaced };

struct Field;
class ListKeys;

// One use of a type: small, copied freely, good for as long as a Schema of its table is held.
//
// Reading is lenient, like a Value's: an empty TypeRef (there is no such field, nothing is known)
// is of kind kAny and gives empty TypeRefs, so that a walk needs no ladder of tests. `if (type)`
// tells it apart from a type that is known to take anything.
class TypeRef {
 public:
  TypeRef() = default;
  explicit operator bool() const { return table_ != nullptr; }
  bool operator==(const TypeRef&) const = default;

  TypeKind kind() const;
  // OpenAPI's refinement of a scalar: "int32", "int64", "double", "date-time"; or "".
  std::string_view format() const;

  // Objects. field() knows declared fields only; child() is what governs the member `key` of a
  // value: its field, or the element of a map, or "anything" where unknown members are allowed.
  TypeRef field(std::string_view name) const;
  std::optional<Field> find_field(std::string_view name) const;
  size_t field_count() const;
  Field field_at(size_t index) const;  // sorted by name
  TypeRef child(std::string_view key) const;
  MapType map_type() const;
  // Members that are not declared are allowed, of any type.
  bool open() const;
  // As a CustomResourceDefinition says: x-kubernetes-preserve-unknown-fields of this very object,
  // x-kubernetes-embedded-resource, nullable.
  bool preserve_unknown() const;
  bool embedded_resource() const;
  bool nullable() const;

  // Items of a list, values of a map.
  TypeRef element() const;

  // Lists. Keys are those of a kMap, in the order of the schema.
  ListType list_type() const;
  ListKeys list_keys() const;

  // x-kubernetes-patch-strategy and -merge-key, as strategic merge takes them.
  bool patch_merges() const;
  bool patch_replaces() const;
  bool patch_retains_keys() const;
  std::string_view merge_key() const;

 private:
  friend class Schema;
  friend class SchemaBuilder;
  TypeRef(const SchemaTable* table, uint32_t index) : table_(table), index_(index) {}
  static TypeRef of(const SchemaTable* table, uint32_t index);
  const TypeRecord& record() const;
  std::string_view text(uint32_t offset) const;
  const FieldRecord* field_record(std::string_view name) const;
  Field field_of(const FieldRecord& record) const;

  const SchemaTable* table_ = nullptr;
  uint32_t index_ = 0;
};

struct Field {  // view: of the table, as a TypeRef
  std::string_view name;
  TypeRef type;
  // Compact JSON; empty if there is no default. In built-in kinds "", 0, false and {} only say that
  // Go's zero value stands there; server-side apply fills missing list keys with them all the same.
  std::string_view default_json;
  bool required = false;

  Value default_value() const;  // null if there is none
};

// The names that key a list; a view, as short-lived as a TypeRef.
class ListKeys {
 public:
  ListKeys() = default;
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::string_view operator[](size_t index) const;

 private:
  friend class TypeRef;
  ListKeys(const SchemaTable* table, size_t first, size_t size)
      : table_(table), first_(first), size_(size) {}

  const SchemaTable* table_ = nullptr;
  size_t first_ = 0;
  size_t size_ = 0;
};

// A kind, and how it is served.
struct KindInfo {          // view: of the table, as a TypeRef
  std::string_view group;  // "" is the core group
  std::string_view version;
  std::string_view kind;
  std::string_view plural;  // of the resource, "deployments"; empty if there is none
  Scope scope = Scope::kUnknown;
  bool has_status = false;  // as a subresource
  bool has_scale = false;
  TypeRef type;
};

// A handle to a table of types: cheap to copy, and every copy keeps the table alive.
class Schema {
 public:
  // A current release of Kubernetes: built-in kinds at all their versions.
  static Schema current();
  // What kustomize merges by: fixed at Kubernetes 1.21.2, without plurals and subresources.
  static Schema kustomize();

  // The definitions of an OpenAPI document (v2 or v3) that carry x-kubernetes-group-version-kind,
  // with scopes and plurals if the document has paths. Fails on what is no such document, on a
  // reference to nothing, and past limits on depth and size.
  static base::Result<Schema> from_openapi(const Value& document);
  // Every version of a CustomResourceDefinition (apiextensions.k8s.io/v1), with the metadata of
  // current(). A version without schema is open.
  static base::Result<Schema> from_crd(const Value& definition);

  std::optional<KindInfo> find(std::string_view group, std::string_view version,
                               std::string_view kind) const;
  // By apiVersion: "v1", "apps/v1".
  std::optional<KindInfo> find(std::string_view api_version, std::string_view kind) const;
  // By the name in its path: ("apps", "v1", "deployments").
  std::optional<KindInfo> find_resource(std::string_view group, std::string_view version,
                                        std::string_view plural) const;

  size_t kind_count() const;
  KindInfo kind_at(size_t index) const;  // sorted by group, version and kind
  size_t bytes() const;

 private:
  friend class SchemaBuilder;
  explicit Schema(std::shared_ptr<const SchemaTable> table) : table_(std::move(table)) {}
  static Schema of_static(const SchemaTable& table);
  size_t lower_bound(std::string_view group, std::string_view version, std::string_view kind) const;

  std::shared_ptr<const SchemaTable> table_;
};

}  // namespace plumb::object
