// FieldPath: where in an object something is, as people write it:
//
//   spec.template.spec.containers[0].image      metadata.labels["app.kubernetes.io/name"]
//
// A walk down a document keeps one node a level on its own stack; text is only made when an error
// needs it. So a path costs nothing while all goes well:
//
//   Status check(const Value& pod, const FieldPath& path) {
//     const FieldPath spec = path.child("spec");
//     const FieldPath list = spec.child("containers");
//     ...
//     return base::invalid("image is empty").field(list.index(i).text());
//   }
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "object/value.h"

namespace plumb::object {

// One step below a parent. Parent and name must outlive it: that is why no step can be taken from a
// temporary.
class FieldPath {
 public:
  FieldPath() = default;  // the whole object

  FieldPath child(std::string_view name) const& { return {this, name, kName}; }
  FieldPath index(size_t index) const& { return {this, {}, index}; }
  FieldPath child(std::string_view name) && = delete;
  FieldPath index(size_t index) && = delete;

  // "" for the whole object.
  std::string text() const;

 private:
  static constexpr size_t kName = static_cast<size_t>(-1);
  FieldPath(const FieldPath* parent, std::string_view name, size_t index)
      : parent_(parent), name_(name), index_(index) {}
  void append_to(std::string& out) const;

  const FieldPath* parent_ = nullptr;
  std::string_view name_;  // view: of the caller's name, which outlives the step
  size_t index_ = kName;
};

// Text of the same form, step by step: ".name" (no dot at the start; ["na.me"] unless the name is
// made of letters, digits, '_', '-' and '$'), and "[3]".
void append_field(std::string& out, std::string_view name);
void append_index(std::string& out, size_t index);

}  // namespace plumb::object
