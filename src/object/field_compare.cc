// compare_fields: which fields differ between two values.
#include <map>

#include "object/field_shape.h"
#include "object/field_values.h"

namespace plumb::object {
namespace {

namespace shape = field_shape;

class Comparison {
 public:
  // Either side may be missing, not both.
  void compare(const Value* before, const Value* after, TypeRef type) {
    const uint8_t left = shape::shapes(type, before);
    const uint8_t right = shape::shapes(type, after);
    if (before && after && left != right) compare_as(shape::chosen(left), before, after, type);
    const bool leaf = compare_as(shape::chosen(after ? right : left), before, after, type);
    if (leaf) return;
    if (!before) changes_.added.insert(path_);
    if (!after) changes_.removed.insert(path_);
  }

  FieldChanges take() { return std::move(changes_); }

 private:
  // Whether the two were compared as one field.
  bool compare_as(shape::Shape shape, const Value* before, const Value* after, TypeRef type) {
    if (shape == shape::kScalar) return compare_leaf(before, after);
    const bool is_list = shape == shape::kList;
    if (is_list ? shape::is_atomic_list(type) : shape::is_atomic_object(type)) {
      return compare_leaf(before, after);
    }
    const auto of_shape = [&](const Value* value) {
      const bool fits = value && (is_list ? value->is_array() : value->is_object());
      return fits ? value : nullptr;
    };
    const Value* left = of_shape(before);
    const Value* right = of_shape(after);
    if ((!left || left->empty()) && (!right || right->empty())) return compare_leaf(before, after);
    if (is_list) {
      compare_items(left, right, type);
    } else {
      compare_members(left, right, type);
    }
    return false;
  }

  bool compare_leaf(const Value* before, const Value* after) {
    if (!before) {
      changes_.added.insert(path_);
    } else if (!after) {
      changes_.removed.insert(path_);
    } else if (!(*before == *after)) {
      changes_.modified.insert(path_);
    }
    return true;
  }

  void compare_members(const Value* before, const Value* after, TypeRef type) {
    const auto left = before ? before->members() : std::span<const Member>();
    const auto right = after ? after->members() : std::span<const Member>();
    size_t i = 0;
    size_t j = 0;
    while (i < left.size() || j < right.size()) {
      const int order = i == left.size()    ? 1
                        : j == right.size() ? -1
                                            : left[i].key().compare(right[j].key());
      const Member* a = order <= 0 ? &left[i++] : nullptr;
      const Member* b = order >= 0 ? &right[j++] : nullptr;
      const Text& key = a ? a->key_text() : b->key_text();
      if (const auto member_type = shape::member_type(type, key.view())) {
        below(PathElement::field(key), a ? &a->value : nullptr, b ? &b->value : nullptr,
              *member_type);
      }
    }
  }

  // One element may name several items where duplicates are let through.
  struct Items {
    std::vector<const Value*> before;
    std::vector<const Value*> after;
  };

  void compare_items(const Value* before, const Value* after, TypeRef type) {
    std::map<PathElement, Items> items;
    const auto collect = [&](const Value* list, std::vector<const Value*> Items::* side) {
      if (!list) return;
      for (const Value& item : list->items()) {
        auto element = shape::item_element(type, item);
        if (element.ok()) (items[std::move(*element)].*side).push_back(&item);
      }
    };
    collect(before, &Items::before);
    collect(after, &Items::after);
    for (const auto& [element, both] : items) compare_item(element, both, type.element());
  }

  // An item that is there more than once is one field, told apart from what is in a single one.
  void compare_item(const PathElement& element, const Items& items, TypeRef type) {
    const auto first = [](const std::vector<const Value*>& side) {
      return side.empty() ? nullptr : side.front();
    };
    const bool many_before = items.before.size() > 1;
    const bool many_after = items.after.size() > 1;
    if (!many_before && !many_after) {
      below(element, first(items.before), first(items.after), type);
      return;
    }
    path_.push_back(element);
    if (many_before && many_after) {
      const auto same = [](const Value* a, const Value* b) { return *a == *b; };
      if (!std::ranges::equal(items.before, items.after, same)) changes_.modified.insert(path_);
    } else if (many_before) {
      if (!items.after.empty()) compare(nullptr, items.after.front(), type);
      changes_.removed.insert(path_);
    } else {
      if (!items.before.empty()) compare(items.before.front(), nullptr, type);
      changes_.added.insert(path_);
    }
    path_.pop_back();
  }

  void below(const PathElement& element, const Value* before, const Value* after, TypeRef type) {
    path_.push_back(element);
    compare(before, after, type);
    path_.pop_back();
  }

  Path path_;
  FieldChanges changes_;
};

}  // namespace

FieldChanges compare_fields(const Value& before, const Value& after, TypeRef type) {
  Comparison comparison;
  comparison.compare(&before, &after, type);
  return comparison.take();
}

}  // namespace plumb::object
