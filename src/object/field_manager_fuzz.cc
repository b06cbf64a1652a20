// Server-side apply of arbitrary objects: neither a crash nor managedFields that can't be read.
#include <cstdlib>

#include "object/field_manager.h"
#include "object/json.h"

namespace {

using namespace plumb::object;

void require(bool holds) {
  if (!holds) std::abort();
}

FieldManager deployments(bool with_schema) {
  FieldManagerOptions options;
  options.api_version = "apps/v1";
  options.kind = "Deployment";
  if (with_schema) {
    options.type = [](std::string_view version) -> std::optional<TypeRef> {
      const auto info = Schema::current().find(version, "Deployment");
      return info ? std::optional(info->type) : std::nullopt;
    };
  }
  return FieldManager(std::move(options));
}

void run(const FieldManager& manager, const Value& documents) {
  Value live = documents.at(0);
  for (size_t i = 1; i < documents.size(); ++i) {
    Value object = documents.at(i);
    object.set("apiVersion", "apps/v1");
    object.set("kind", "Deployment");
    const FieldManagerRequest request{
        .manager = i % 2 == 1 ? "a" : "b", .time = std::chrono::sys_seconds(), .force = i % 3 == 0};
    bool written = false;
    if (i % 4 == 3) {
      auto updated = manager.update(live, object, request);
      written = updated.ok();
      if (written) live = *updated;
    } else if (auto outcome = manager.apply(live, object, request); outcome.ok()) {
      written = outcome->conflicts.empty();
      if (written) live = outcome->object;
      require(written || !conflict_message(outcome->conflicts).empty());
    }
    require(!written || decode_managed_fields(live["metadata"]["managedFields"]).ok());
  }
}

}  // namespace

// The input is a JSON array: the live object, then those that are applied (every fourth: updated).
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto documents = parse_json({reinterpret_cast<const char*>(data), size});
  if (!documents.ok() || documents->size() > 8) return 0;
  run(deployments(true), *documents);
  run(deployments(false), *documents);
  return 0;
}
