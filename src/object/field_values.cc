// Walks over one value or one set: fields_of, remove_fields, extract_fields, and sets under a type.
#include "object/field_values.h"

#include <set>

#include "object/field_shape.h"

namespace plumb::object {
namespace {

namespace shape = field_shape;
using Node = FieldSet::Node;

// --- fields_of ---

void collect(const Value& value, TypeRef type, Node& out);

void collect_items(const Value& list, TypeRef type, FieldSet& out) {
  std::vector<std::pair<PathElement, const Value*>> items;
  std::set<PathElement> seen;
  std::set<PathElement> repeated;
  for (const Value& item : list.items()) {
    auto element = shape::item_element(type, item);
    if (!element.ok()) continue;
    if (!seen.insert(*element).second) repeated.insert(*element);
    items.emplace_back(std::move(*element), &item);
  }
  for (auto& [element, item] : items) {
    Node node{element, true, {}};
    if (!repeated.contains(element)) {
      collect(*item, type.element(), node);
      node.member = true;
    }
    out.add(std::move(node));
  }
}

void collect_members(const Value& object, TypeRef type, FieldSet& out) {
  for (const Member& member : object.members()) {
    Node node{PathElement::field(member.key_text()), false, {}};
    if (const auto member_type = shape::member_type(type, member.key())) {
      collect(member.value, *member_type, node);
    }
    const bool empty_object = member.value.is_object() && member.value.empty();
    if (member.value.is_null() || empty_object || !shape::is_declared(type, member.key())) {
      node.member = true;
    }
    out.add(std::move(node));
  }
}

void collect(const Value& value, TypeRef type, Node& out) {
  switch (shape::chosen(shape::shapes(type, &value))) {
    case shape::kList:
      if (shape::is_atomic_list(type)) {
        out.member = true;
      } else {
        collect_items(value, type, out.below);
      }
      break;
    case shape::kObject:
      if (shape::is_atomic_object(type)) {
        out.member = true;
      } else {
        collect_members(value, type, out.below);
      }
      break;
    default: out.member = true;
  }
}

// --- remove_fields ---

Value remove_items(const Value& list, const FieldSet& set, TypeRef type) {
  std::vector<Value> kept;
  for (const Value& item : list.items()) {
    const auto element = shape::item_element(type, item);
    if (!element.ok()) {
      kept.push_back(item);
    } else if (!set.has(*element)) {
      const FieldSet* below = set.below(*element);
      kept.push_back(below ? remove_fields(item, *below, type.element()) : item);
    }
  }
  return kept.empty() ? Value() : Value::make_array(kept);
}

Value remove_members(const Value& object, const FieldSet& set, TypeRef type) {
  std::vector<Member> kept;
  for (const Member& member : object.members()) {
    const PathElement element = PathElement::field(member.key_text());
    if (set.has(element)) continue;
    const FieldSet* below = set.below(element);
    const auto member_type = shape::member_type(type, member.key());
    kept.emplace_back(member.key_text(), below && member_type
                                             ? remove_fields(member.value, *below, *member_type)
                                             : member.value);
  }
  return kept.empty() ? Value() : Value::make_object(kept);
}

// --- extract_fields ---

// `node` is what the set says of this value: perhaps itself, perhaps something below.
Value extract(const Value& value, const Node& node, TypeRef type);

const Node* node_of(const FieldSet& set, const PathElement& element) {
  const auto nodes = set.nodes();
  const auto at = std::ranges::lower_bound(nodes, element, std::less<>(), &Node::element);
  return at != nodes.end() && at->element == element ? &*at : nullptr;
}

Value extract_items(const Value& list, const FieldSet& set, TypeRef type) {
  std::vector<Value> kept;
  for (const Value& item : list.items()) {
    const auto element = shape::item_element(type, item);
    if (!element.ok()) continue;
    if (const Node* node = node_of(set, *element)) {
      kept.push_back(node->below.empty() ? item : extract(item, *node, type.element()));
    }
  }
  return kept.empty() ? Value() : Value::make_array(kept);
}

Value extract_members(const Value& object, const Node& node, TypeRef type) {
  std::vector<Member> kept;
  for (const Member& member : object.members()) {
    const Node* below = node_of(node.below, PathElement::field(member.key_text()));
    const auto member_type = shape::member_type(type, member.key());
    if (below == nullptr || !member_type) continue;
    kept.emplace_back(member.key_text(), extract(member.value, *below, *member_type));
  }
  return kept.empty() && !node.member ? Value() : Value::make_object(kept);
}

Value extract(const Value& value, const Node& node, TypeRef type) {
  if (value.is_array() && !shape::is_atomic_list(type)) {
    return value.empty() ? value : extract_items(value, node.below, type);
  }
  if (value.is_object() && !shape::is_atomic_object(type)) {
    return value.empty() ? value : extract_members(value, node, type);
  }
  return value;
}

// --- sets under a type ---

std::optional<TypeRef> element_type(TypeRef type, const PathElement& element) {
  if (type.kind() == TypeKind::kList) return type.element();
  if (element.is_field()) return shape::member_type(type, element.content().as_string());
  return TypeRef();
}

bool closes(TypeRef type, const FieldSet& below) {
  switch (shape::chosen(shape::shapes(type, nullptr))) {
    case shape::kList: return shape::is_atomic_list(type);
    case shape::kObject:
      return !below.empty() && !shape::is_free_form(type) && shape::is_atomic_object(type);
    default: return false;
  }
}

}  // namespace

FieldSet fields_of(const Value& value, TypeRef type) {
  Node root{PathElement::field(""), false, {}};
  collect(value, type, root);
  return std::move(root.below);
}

Value remove_fields(const Value& value, const FieldSet& set, TypeRef type) {
  switch (shape::chosen(shape::shapes(type, &value))) {
    case shape::kScalar: return value;
    case shape::kList:
      return shape::is_atomic_list(type) ? Value() : remove_items(value, set, type);
    default: return shape::is_atomic_object(type) ? Value() : remove_members(value, set, type);
  }
}

Value extract_fields(const Value& value, const FieldSet& set, TypeRef type) {
  return extract(value, {PathElement::field(""), false, set}, type);
}

FieldSet with_declared_parents(const FieldSet& set, TypeRef type) {
  FieldSet out;
  for (const Node& node : set.nodes()) {
    const bool parent = node.element.is_field() && !node.below.empty() &&
                        shape::is_declared(type, node.element.content().as_string());
    const TypeRef below = element_type(type, node.element).value_or(TypeRef());
    out.add({node.element, node.member || parent, with_declared_parents(node.below, below)});
  }
  return out;
}

FieldSet with_atomics_closed(const FieldSet& set, TypeRef type) {
  if (shape::is_free_form(type)) return set;
  FieldSet out;
  for (const Node& node : set.nodes()) {
    const auto below = element_type(type, node.element);
    const bool whole = node.member && node.below.empty();
    if (!below || whole) {
      out.add(node);
    } else if (closes(*below, node.below)) {
      out.add({node.element, true, {}});
    } else {
      out.add({node.element, node.member, with_atomics_closed(node.below, *below)});
    }
  }
  return out;
}

}  // namespace plumb::object
