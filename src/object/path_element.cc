#include "object/path_element.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "object/go_format.h"

namespace plumb::object {
namespace {

int rank(const Value& value) {
  switch (value.kind()) {
    case Kind::kInt:
    case Kind::kUint:
    case Kind::kDouble: return 0;
    case Kind::kString: return 1;
    case Kind::kBool: return 2;
    case Kind::kArray: return 3;
    case Kind::kObject: return 4;
    case Kind::kNull: break;
  }
  return 5;
}

// Two int64 compare exactly; where a double takes part, both compare as doubles.
std::weak_ordering compare_numbers(const Value& a, const Value& b) {
  if (a.kind() == Kind::kInt && b.kind() == Kind::kInt) return a.as_int() <=> b.as_int();
  const double x = a.as_double();
  const double y = b.as_double();
  if (x < y) return std::weak_ordering::less;
  return x > y ? std::weak_ordering::greater : std::weak_ordering::equivalent;
}

std::weak_ordering compare_arrays(const Value& a, const Value& b) {
  const size_t shared = std::min(a.size(), b.size());
  for (size_t i = 0; i < shared; ++i) {
    if (const auto order = compare_values(a.at(i), b.at(i)); std::is_neq(order)) return order;
  }
  return a.size() <=> b.size();
}

// Member by member in the order of keys; the shorter object first where one begins the other.
std::weak_ordering compare_objects(const Value& a, const Value& b) {
  const auto left = a.members();
  const auto right = b.members();
  const size_t shared = std::min(left.size(), right.size());
  for (size_t i = 0; i < shared; ++i) {
    if (const auto order = left[i].key() <=> right[i].key(); std::is_neq(order)) return order;
    const auto order = compare_values(left[i].value, right[i].value);
    if (std::is_neq(order)) return order;
  }
  return left.size() <=> right.size();
}

// A value as structured-merge-diff prints one in a path.
void append_value(std::string& out, const Value& value) {
  switch (value.kind()) {
    case Kind::kString: append_go_quoted(out, value.as_string()); break;
    case Kind::kArray: {
      out += '[';
      bool first = true;
      for (const Value& item : value.items()) {
        if (!std::exchange(first, false)) out += ',';
        append_value(out, item);
      }
      out += ']';
      break;
    }
    case Kind::kObject:
      for (const Member& member : value.members()) {
        out += member.key();
        out += '=';
        append_value(out, member.value);
      }
      break;
    case Kind::kNull: out += "null"; break;
    default: append_go_value(out, value);
  }
}

}  // namespace

std::weak_ordering compare_values(const Value& a, const Value& b) {
  const int left = rank(a);
  if (const int right = rank(b); left != right) return left <=> right;
  switch (left) {
    case 0: return compare_numbers(a, b);
    case 1: return a.as_string() <=> b.as_string();
    case 2: return a.as_bool() <=> b.as_bool();
    case 3: return compare_arrays(a, b);
    case 4: return compare_objects(a, b);
    default: return std::weak_ordering::equivalent;
  }
}

PathElement PathElement::key(Value fields) {
  if (!fields.is_object()) fields = Value::object();
  return {Kind::kKey, std::move(fields)};
}

std::weak_ordering PathElement::operator<=>(const PathElement& other) const {
  if (kind_ != other.kind_) return kind_ <=> other.kind_;
  return compare_values(content_, other.content_);
}

void PathElement::append_to(std::string& out) const {
  switch (kind_) {
    case Kind::kField:
      out += '.';
      out += content_.as_string();
      break;
    case Kind::kKey: {
      out += '[';
      bool first = true;
      for (const Member& field : content_.members()) {
        if (!std::exchange(first, false)) out += ',';
        out += field.key();
        out += '=';
        append_value(out, field.value);
      }
      out += ']';
      break;
    }
    case Kind::kValue:
      out += "[=";
      append_value(out, content_);
      out += ']';
      break;
    case Kind::kIndex: out += '[' + std::to_string(content_.as_int()) + ']'; break;
  }
}

std::string PathElement::text() const {
  std::string out;
  append_to(out);
  return out;
}

std::string path_text(std::span<const PathElement> path) {
  std::string out;
  for (const PathElement& element : path) element.append_to(out);
  return out;
}

}  // namespace plumb::object
