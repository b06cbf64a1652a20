// Label and field selectors: which objects of a kind are meant.
//
// The grammar and the messages are kube-apiserver's (apimachinery pkg/labels, pkg/fields):
//   label selector   app=web,tier in (front,back),!canary,generation>3
//   field selector   metadata.name=web,status.phase!=Running
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "object/value.h"

namespace plumb::object {

enum class SelectorOperator {
  kEquals,
  kNotEquals,
  kIn,
  kNotIn,
  kExists,
  kDoesNotExist,
  kGreater,
  kLess
};

// One term. `values` has one for equality and order, none for existence.
struct LabelRequirement {
  std::string key;
  SelectorOperator op = SelectorOperator::kExists;
  std::vector<std::string> values;

  // `labels` is an object of strings; anything else counts as no labels.
  bool matches(const Value& labels) const;
  std::string text() const;
  bool operator==(const LabelRequirement&) const = default;
};

// All of its requirements must hold; none matches everything. Sorted by key.
class LabelSelector {
 public:
  LabelSelector() = default;
  static base::Result<LabelSelector> parse(std::string_view text);
  // metav1.LabelSelector: matchLabels and matchExpressions. Null selects nothing in Kubernetes'
  // workloads; that is the caller's to know, here it is an error.
  static base::Result<LabelSelector> from_object(const Value& selector);

  bool matches(const Value& labels) const;
  bool empty() const { return requirements_.empty(); }
  const std::vector<LabelRequirement>& requirements() const { return requirements_; }
  // Parses to an equal selector. "==" is printed as "=".
  std::string text() const;
  bool operator==(const LabelSelector&) const = default;

 private:
  explicit LabelSelector(std::vector<LabelRequirement> requirements);
  std::vector<LabelRequirement> requirements_;
};

struct FieldRequirement {
  std::string field;
  bool equal = true;
  std::string value;
  bool operator==(const FieldRequirement&) const = default;
};

// Which fields exist is the kind's business: the caller looks them up and refuses unknown ones.
class FieldSelector {
 public:
  FieldSelector() = default;
  static base::Result<FieldSelector> parse(std::string_view text);

  bool matches(const std::function<std::string_view(std::string_view field)>& value_of) const;
  bool empty() const { return requirements_.empty(); }
  const std::vector<FieldRequirement>& requirements() const { return requirements_; }
  std::string text() const;
  bool operator==(const FieldSelector&) const = default;

 private:
  std::vector<FieldRequirement> requirements_;
};

}  // namespace plumb::object
