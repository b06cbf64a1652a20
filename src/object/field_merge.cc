// merge_fields: an applied configuration laid over the live object.
#include <map>

#include "object/field_shape.h"
#include "object/field_values.h"

namespace plumb::object {
namespace {

namespace shape = field_shape;

// Either side may be missing, not both. Nothing comes back where the merge is empty of anything
// to say.
std::optional<Value> merge(const Value* live, const Value* applied, TypeRef type);

// The items of one side, by the element that names them.
struct ItemIndex {
  std::vector<PathElement> order;
  std::map<PathElement, const Value*> items;

  bool contains(const PathElement& element) const { return items.contains(element); }
  const Value* find(const PathElement& element) const {
    const auto at = items.find(element);
    return at == items.end() ? nullptr : at->second;
  }
};

const Value kNull;

// An item that is there more than once can't be merged with anything: it counts as null.
ItemIndex index_items(const Value* list, TypeRef type) {
  ItemIndex index;
  if (list == nullptr) return index;
  for (const Value& item : list->items()) {
    auto element = shape::item_element(type, item);
    // No item is lost: one that can't be named is named by its place.
    if (!element.ok()) element = PathElement::index(static_cast<int64_t>(index.order.size()));
    const auto [at, fresh] = index.items.try_emplace(*element, &item);
    if (!fresh) at->second = &kNull;
    index.order.push_back(std::move(*element));
  }
  return index;
}

// Merges two lists item by item. Both are walked at once. Items that both have come in the order of
// `applied`; an item of `live` alone comes as soon as the walk of `live` reaches it, and that walk
// passes over a shared item that is not the next in turn.
class ListMerge {
 public:
  ListMerge(const Value* live, const Value* applied, TypeRef type)
      : live_list_(live),
        element_type_(type.element()),
        live_(index_items(live, type)),
        applied_(index_items(applied, type)) {
    for (const PathElement& element : applied_.order) {
      if (live_.contains(element)) shared_.push_back(&element);
    }
  }

  std::optional<Value> run() {
    while (at_live_ < live_.order.size() || at_applied_ < applied_.order.size()) step();
    if (out_.empty()) return std::nullopt;
    return Value::make_array(out_);
  }

 private:
  void step() {
    const bool has_live = at_live_ < live_.order.size();
    const bool has_applied = at_applied_ < applied_.order.size();
    if (has_live && has_applied) {
      const PathElement& element = live_.order[at_live_];
      if (element == applied_.order[at_applied_]) {
        take_applied();
        ++at_live_;
        return;
      }
      if (applied_.contains(element) && next_shared() && !(*next_shared() == element)) {
        ++at_live_;
        return;
      }
    }
    if (has_live) {
      const PathElement& element = live_.order[at_live_];
      if (!applied_.contains(element)) {
        emit(merge(&live_list_->at(at_live_), nullptr, element_type_));
        ++at_live_;
        return;
      }
      if (taken_.contains(element)) ++at_live_;
    }
    if (has_applied) take_applied();
  }

  const PathElement* next_shared() const {
    return at_shared_ < shared_.size() ? shared_[at_shared_] : nullptr;
  }

  void take_applied() {
    const PathElement& element = applied_.order[at_applied_++];
    taken_.emplace(element);
    emit(merge(live_.find(element), applied_.find(element), element_type_));
    if (next_shared() && *next_shared() == element) ++at_shared_;
  }

  void emit(std::optional<Value> item) {
    if (item) out_.push_back(std::move(*item));
  }

  const Value* live_list_;
  const TypeRef element_type_;
  const ItemIndex live_;
  const ItemIndex applied_;
  std::vector<const PathElement*> shared_;  // in both, in the order of `applied`
  size_t at_shared_ = 0;
  size_t at_live_ = 0;
  size_t at_applied_ = 0;
  std::set<PathElement> taken_;
  std::vector<Value> out_;
};

std::optional<Value> merge_members(const Value* live, const Value* applied, TypeRef type) {
  std::vector<Member> out;
  const auto take = [&](const Text& key, const Value* a, const Value* b) {
    const auto member_type = shape::member_type(type, key.view());
    auto merged = member_type ? merge(a, b, *member_type) : std::optional(b ? *b : *a);
    if (merged) out.emplace_back(key, std::move(*merged));
  };
  const auto left = live ? live->members() : std::span<const Member>();
  const auto right = applied ? applied->members() : std::span<const Member>();
  size_t i = 0;
  size_t j = 0;
  while (i < left.size() || j < right.size()) {
    const int order = i == left.size()    ? 1
                      : j == right.size() ? -1
                                          : left[i].key().compare(right[j].key());
    const Member* a = order <= 0 ? &left[i++] : nullptr;
    const Member* b = order >= 0 ? &right[j++] : nullptr;
    take(a ? a->key_text() : b->key_text(), a ? &a->value : nullptr, b ? &b->value : nullptr);
  }
  if (out.empty()) return std::nullopt;
  return Value::make_object(out);
}

std::optional<Value> merge(const Value* live, const Value* applied, TypeRef type) {
  const auto shape = shape::chosen(shape::shapes(type, applied ? applied : live));
  const auto leaf = [&] { return std::optional(applied ? *applied : *live); };
  if (shape == shape::kScalar) return leaf();
  const bool is_list = shape == shape::kList;
  if (is_list ? shape::is_atomic_list(type) : shape::is_atomic_object(type)) return leaf();

  const auto of_shape = [&](const Value* value) {
    const bool fits = value && (is_list ? value->is_array() : value->is_object());
    return fits ? value : nullptr;
  };
  const Value* left = of_shape(live);
  const Value* right = of_shape(applied);
  // Two empty ones are told apart as one field: null from {} from nothing.
  if ((!left || left->empty()) && (!right || right->empty())) return leaf();
  return is_list ? ListMerge(left, right, type).run() : merge_members(left, right, type);
}

}  // namespace

Value merge_fields(const Value& live, const Value& applied, TypeRef type) {
  return merge(&live, &applied, type).value_or(Value());
}

}  // namespace plumb::object
