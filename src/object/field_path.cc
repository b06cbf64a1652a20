#include "object/field_path.h"

#include <algorithm>

#include "object/json.h"

namespace plumb::object {
namespace {

bool is_plain(std::string_view name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '$';
  };
  return !name.empty() && std::all_of(name.begin(), name.end(), plain);
}

}  // namespace

void append_field(std::string& out, std::string_view name) {
  if (is_plain(name)) {
    if (!out.empty()) out += '.';
    out += name;
    return;
  }
  out += '[';
  append_json_string(out, name, false);
  out += ']';
}

void append_index(std::string& out, size_t index) {
  out += '[';
  out += std::to_string(index);
  out += ']';
}

std::string FieldPath::text() const {
  std::string out;
  append_to(out);
  return out;
}

void FieldPath::append_to(std::string& out) const {
  if (parent_ == nullptr) return;
  parent_->append_to(out);
  if (index_ == kName) {
    append_field(out, name_);
  } else {
    append_index(out, index_);
  }
}

}  // namespace plumb::object
