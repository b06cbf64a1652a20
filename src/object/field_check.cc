// check_fields: whether a value is of its type.
#include "base/text.h"
#include "object/field_shape.h"
#include "object/field_values.h"
#include "object/go_format.h"

namespace plumb::object {
namespace {

namespace shape = field_shape;

enum class Scalar { kUntyped, kNumber, kString, kBoolean };

Scalar scalar_of(TypeRef type) {
  switch (type.kind()) {
    case TypeKind::kInteger:
    case TypeKind::kNumber: return Scalar::kNumber;
    case TypeKind::kBytes: return Scalar::kString;
    case TypeKind::kString: return type.format().empty() ? Scalar::kString : Scalar::kUntyped;
    case TypeKind::kBoolean: return Scalar::kBoolean;
    default: return Scalar::kUntyped;
  }
}

// As kube-apiserver prints an unexpected value: %v of a pointer to a struct around it.
std::string shown(const Value& value) {
  std::string out = "&{";
  append_go_value(out, value);
  return out + '}';
}

// Beyond these, a value is wrong altogether; the message stays readable.
constexpr size_t kMaxFaults = 100;

class Checker {
 public:
  explicit Checker(DuplicateItems duplicates) : duplicates_(duplicates) {}

  void check(const Value& value, TypeRef type) {
    switch (shape::chosen(shape::shapes(type, &value))) {
      case shape::kScalar: return scalar(value, scalar_of(type));
      case shape::kList: return list(value, type);
      default: return object(value, type);
    }
  }

  base::Status result() const {
    if (faults_.empty()) return base::ok();
    if (faults_.size() == 1) return base::invalid(faults_.front());
    return base::invalid("errors:\n  " + base::join(faults_, "\n  "));
  }

 private:
  void scalar(const Value& value, Scalar want) {
    if (value.is_null()) return;
    if (want == Scalar::kNumber && !value.is_number()) {
      fault("expected numeric (int or float), got " + std::string(go_type(value)));
    } else if (want == Scalar::kString && !value.is_string()) {
      fault("expected string, got &value.valueUnstructured{Value:" + go_syntax(value) + "}");
    } else if (want == Scalar::kBoolean && !value.is_bool()) {
      fault("expected boolean, got " + shown(value));
    } else if (want == Scalar::kUntyped && !value.is_scalar()) {
      fault("expected any scalar, got " + shown(value));
    }
  }

  void list(const Value& value, TypeRef type) {
    if (value.is_null()) return;
    if (!value.is_array()) return fault("expected list, got " + shown(value));
    std::set<PathElement> seen;
    for (size_t i = 0; i < value.size(); ++i) {
      PathElement element = PathElement::index(static_cast<int64_t>(i));
      if (!shape::is_atomic_list(type)) {
        auto named = shape::item_element(type, value.at(i));
        if (!named.ok()) {
          return fault("element " + std::to_string(i) + ": " + named.error().message());
        }
        element = std::move(*named);
        if (!seen.insert(element).second && duplicates_ == DuplicateItems::kRefuse) {
          fault("duplicate entries for key " + element.text());
        }
      }
      below(element, value.at(i), type.element());
    }
  }

  void object(const Value& value, TypeRef type) {
    if (value.is_null()) return;
    if (!value.is_object()) return fault("expected map, got " + shown(value));
    for (const Member& member : value.members()) {
      const PathElement element = PathElement::field(member.key_text());
      if (const auto member_type = shape::member_type(type, member.key())) {
        below(element, member.value, *member_type);
      } else {
        path_.push_back(element);
        fault("field not declared in schema");
        path_.pop_back();
      }
    }
  }

  void below(const PathElement& element, const Value& value, TypeRef type) {
    path_.push_back(element);
    check(value, type);
    path_.pop_back();
  }

  void fault(const std::string& sentence) {
    if (faults_.size() >= kMaxFaults) return;
    const std::string at = path_text(path_);
    faults_.push_back(at.empty() ? sentence : at + ": " + sentence);
  }

  const DuplicateItems duplicates_;
  Path path_;
  std::vector<std::string> faults_;
};

}  // namespace

base::Status check_fields(const Value& value, TypeRef type, DuplicateItems duplicates) {
  Checker checker(duplicates);
  checker.check(value, type);
  return checker.result();
}

}  // namespace plumb::object
