#include "object/field_set.h"

#include <algorithm>

namespace plumb::object {
namespace {

using Node = FieldSet::Node;

// Walks two levels side by side: both(a, b) where an element is in both, otherwise left(a) or
// right(b).
void zip(std::span<const Node> a, std::span<const Node> b, auto left, auto right, auto both) {
  size_t i = 0;
  size_t j = 0;
  while (i < a.size() && j < b.size()) {
    const auto order = a[i].element <=> b[j].element;
    if (std::is_lt(order)) {
      left(a[i++]);
    } else if (std::is_gt(order)) {
      right(b[j++]);
    } else {
      both(a[i++], b[j++]);
    }
  }
  while (i < a.size()) left(a[i++]);
  while (j < b.size()) right(b[j++]);
}

void nothing(const Node&) {}

}  // namespace

const Node* FieldSet::find(const PathElement& element) const {
  const auto at = std::ranges::lower_bound(nodes_, element, std::less<>(), &Node::element);
  return at != nodes_.end() && at->element == element ? &*at : nullptr;
}

Node& FieldSet::descend(const PathElement& element) {
  if (nodes_.empty() || nodes_.back().element < element) {
    return nodes_.emplace_back(Node{element, false, {}});
  }
  const auto at = std::ranges::lower_bound(nodes_, element, std::less<>(), &Node::element);
  if (at->element == element) return *at;
  return *nodes_.insert(at, Node{element, false, {}});
}

const FieldSet* FieldSet::below(const PathElement& element) const {
  const Node* node = find(element);
  return node != nullptr && !node->below.empty() ? &node->below : nullptr;
}

bool FieldSet::has(const PathElement& element) const {
  const Node* node = find(element);
  return node != nullptr && node->member;
}

bool FieldSet::contains(std::span<const PathElement> path) const {
  if (path.empty()) return false;
  const FieldSet* level = this;
  for (const PathElement& element : path.first(path.size() - 1)) {
    level = level->below(element);
    if (level == nullptr) return false;
  }
  return level->has(path.back());
}

size_t FieldSet::size() const {
  size_t count = 0;
  for (const Node& node : nodes_) count += (node.member ? 1 : 0) + node.below.size();
  return count;
}

void FieldSet::insert(std::span<const PathElement> path) {
  if (path.empty()) return;
  FieldSet* level = this;
  for (const PathElement& element : path.first(path.size() - 1)) {
    level = &level->descend(element).below;
  }
  level->descend(path.back()).member = true;
}

void FieldSet::add(Node node) {
  if (!node.member && node.below.empty()) return;
  if (nodes_.empty() || nodes_.back().element < node.element) {
    nodes_.push_back(std::move(node));
    return;
  }
  Node& there = descend(node.element);
  there.member = there.member || node.member;
  there.below = there.below.empty() ? std::move(node.below) : there.below.united(node.below);
}

FieldSet FieldSet::united(const FieldSet& other) const {
  FieldSet out;
  const auto keep = [&](const Node& node) { out.nodes_.push_back(node); };
  zip(nodes_, other.nodes_, keep, keep, [&](const Node& a, const Node& b) {
    out.add({a.element, a.member || b.member, a.below.united(b.below)});
  });
  return out;
}

FieldSet FieldSet::intersected(const FieldSet& other) const {
  FieldSet out;
  zip(nodes_, other.nodes_, nothing, nothing, [&](const Node& a, const Node& b) {
    out.add({a.element, a.member && b.member, a.below.intersected(b.below)});
  });
  return out;
}

FieldSet FieldSet::without(const FieldSet& other) const {
  FieldSet out;
  const auto keep = [&](const Node& node) { out.nodes_.push_back(node); };
  zip(nodes_, other.nodes_, keep, nothing, [&](const Node& a, const Node& b) {
    out.add({a.element, a.member && !b.member, a.below.without(b.below)});
  });
  return out;
}

FieldSet FieldSet::without_subtrees(const FieldSet& other) const {
  FieldSet out;
  const auto keep = [&](const Node& node) { out.nodes_.push_back(node); };
  zip(nodes_, other.nodes_, keep, nothing, [&](const Node& a, const Node& b) {
    if (b.member) return;
    out.add({a.element, a.member, a.below.without_subtrees(b.below)});
  });
  return out;
}

FieldSet FieldSet::leaves() const {
  FieldSet out;
  for (const Node& node : nodes_) {
    out.nodes_.push_back({node.element, node.below.empty(), node.below.leaves()});
  }
  return out;
}

void FieldSet::visit_all(Path& prefix,
                         const std::function<void(std::span<const PathElement>)>& visit) const {
  for (const Node& node : nodes_) {
    if (!node.member) continue;
    prefix.push_back(node.element);
    visit(prefix);
    prefix.pop_back();
  }
  for (const Node& node : nodes_) {
    if (node.below.empty()) continue;
    prefix.push_back(node.element);
    node.below.visit_all(prefix, visit);
    prefix.pop_back();
  }
}

void FieldSet::for_each(const std::function<void(std::span<const PathElement>)>& visit) const {
  Path prefix;
  visit_all(prefix, visit);
}

std::vector<std::string> FieldSet::texts() const {
  std::vector<std::string> out;
  for_each([&](std::span<const PathElement> path) { out.push_back(path_text(path)); });
  return out;
}

bool FieldSet::operator==(const FieldSet& other) const {
  return std::ranges::equal(nodes_, other.nodes_);
}

}  // namespace plumb::object
