// fieldsV1: what is read is written, and reads back the same; set operations keep their laws.
#include <cstdlib>

#include "object/field_set.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

// The input is one or two texts of fieldsV1, separated by a line break.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using plumb::object::FieldSet;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t cut = input.find('\n');
  const auto a = FieldSet::from_json(input.substr(0, cut));
  if (!a.ok()) return 0;
  const std::string text = a->to_json();
  const auto again = FieldSet::from_json(text);
  require(again.ok() && *again == *a && again->to_json() == text);
  const auto value = FieldSet::from_value(a->to_value());
  require(value.ok() && *value == *a);
  require(a->leaves().without(*a).empty());
  if (cut == std::string_view::npos) return 0;
  const auto b = FieldSet::from_json(input.substr(cut + 1));
  if (!b.ok()) return 0;
  require(a->united(*b) == b->united(*a));
  require(a->without(*b).united(a->intersected(*b)) == *a);
  require(a->without_subtrees(*b).without(a->without(*b)).empty());
  require(a->united(*b).size() + a->intersected(*b).size() == a->size() + b->size());
  return 0;
}
