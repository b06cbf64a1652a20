#include "object/last_applied.h"

#include "object/json.h"

namespace plumb::object::last_applied {
namespace {

constexpr std::string_view kAnnotation = "kubectl.kubernetes.io/last-applied-configuration";
constexpr size_t kMaxAnnotationBytes = 256 * 1024;  // of all annotations, keys and values

std::string_view annotation_of(const Value& object) {
  return object["metadata"]["annotations"][kAnnotation].as_string();
}

}  // namespace

std::optional<FieldSet> unchanged_fields(const ownership::Updater& updater, const Value& live,
                                         std::string_view api_version) {
  const std::string_view text = annotation_of(live);
  if (text.empty()) return std::nullopt;
  const auto applied = parse_json(text);
  if (!applied.ok() || (*applied)["apiVersion"].as_string() != api_version) return std::nullopt;
  const auto before = updater.typed(*applied, DuplicateItems::kRefuse);
  const auto now = updater.typed(live, DuplicateItems::kRefuse);
  if (!before.ok() || !now.ok()) return std::nullopt;
  const FieldChanges changes = compare_fields(before->value, now->value, before->type);
  return fields_of(before->value, before->type)
      .without(changes.modified)
      .without(changes.added)
      .without(changes.removed);
}

Value brought_up_to_date(Value object, const Value& applied) {
  if (annotation_of(object).empty()) return object;
  Value plain = applied;
  if (!annotation_of(plain).empty()) {
    plain.edit("metadata").edit("annotations").erase(kAnnotation);
  }
  Value& annotations = object.edit("metadata").edit("annotations");
  annotations.set(kAnnotation, to_json(plain) + "\n");
  size_t bytes = 0;
  for (const Member& member : annotations.members()) {
    bytes += member.key().size() + member.value.as_string().size();
  }
  if (bytes > kMaxAnnotationBytes) annotations.erase(kAnnotation);
  return object;
}

}  // namespace plumb::object::last_applied
