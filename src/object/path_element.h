// Paths of fields as server-side apply names them: .spec.containers[name="web"].image
//
// Source of every rule here and in field_set.h: sigs.k8s.io/structured-merge-diff v6, as
// kube-apiserver 1.36 uses it.
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "object/value.h"

namespace plumb::object {

// The order of values inside keys and sets: numbers (by size, integers and doubles mixed), strings
// (bytewise), booleans, arrays, objects, null.
std::weak_ordering compare_values(const Value& a, const Value& b);

// One step of a path: a field of an object by name, an item of a list map by its key fields, an
// item of a set by its value, or an item of a list by its index (only older clients write those).
// In order: fields, keys, values, indexes. 24 bytes; copies share.
class PathElement {
 public:
  enum class Kind : uint8_t { kField, kKey, kValue, kIndex };

  static PathElement field(std::string_view name) { return {Kind::kField, Value(name)}; }
  static PathElement field(const Text& name) { return {Kind::kField, Value(name)}; }
  // An object of the key fields; what is no object counts as one without fields.
  static PathElement key(Value fields);
  static PathElement value(Value item) { return {Kind::kValue, std::move(item)}; }
  static PathElement index(int64_t index) { return {Kind::kIndex, Value(index)}; }

  Kind kind() const { return kind_; }
  // The name, the object of key fields, the set's item, the index.
  const Value& content() const { return content_; }
  bool is_field() const { return kind_ == Kind::kField; }

  // As kube-apiserver prints it: .name, [name="web",port=80], [="item"], [3].
  void append_to(std::string& out) const;
  std::string text() const;

  std::weak_ordering operator<=>(const PathElement& other) const;
  bool operator==(const PathElement& other) const { return std::is_eq(*this <=> other); }

 private:
  PathElement(Kind kind, Value content) : content_(std::move(content)), kind_(kind) {}

  Value content_;
  Kind kind_;
};

using Path = std::vector<PathElement>;

std::string path_text(std::span<const PathElement> path);

}  // namespace plumb::object
