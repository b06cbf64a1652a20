// Any JSON: reading it as OpenAPI and as a CustomResourceDefinition answers, and what comes of it
// can be walked.
#include <vector>

#include "object/json.h"
#include "object/schema.h"

namespace {

using namespace plumb::object;

constexpr int kVisits = 10000;  // types may hold themselves

void visit(TypeRef type, std::vector<TypeRef>& next) {
  for (size_t i = 0; i < type.list_keys().size(); ++i) (void)type.list_keys()[i];
  for (size_t i = 0; i < type.field_count(); ++i) {
    const Field field = type.field_at(i);
    (void)field.default_value();
    if (type.field(field.name) != field.type) std::abort();
    next.push_back(field.type);
  }
  (void)type.merge_key();
  (void)type.format();
  next.push_back(type.child("anything"));
  next.push_back(type.element());
}

void walk(const plumb::base::Result<Schema>& schema) {
  if (!schema.ok()) return;
  std::vector<TypeRef> next;
  for (size_t i = 0; i < schema->kind_count(); ++i) {
    const KindInfo info = schema->kind_at(i);
    if (!schema->find(info.group, info.version, info.kind)) std::abort();
    next.push_back(info.type);
  }
  for (int visits = 0; visits < kVisits && !next.empty(); ++visits) {
    const TypeRef type = next.back();
    next.pop_back();
    if (type) visit(type, next);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto value = parse_json({reinterpret_cast<const char*>(data), size});
  if (!value.ok()) return 0;
  walk(Schema::from_openapi(*value));
  walk(Schema::from_crd(*value));
  return 0;
}
