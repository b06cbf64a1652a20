// FieldSet: a set of field paths, what one manager owns of an object.
//
// On the wire (metadata.managedFields[].fieldsV1) it is a JSON object whose keys are path elements
// with a prefix for their kind, nested as the fields are:
//   {"f:spec":{"f:replicas":{},"f:containers":{"k:{\"name\":\"web\"}":{".":{},"f:image":{}}}}}
// An empty object is a member of the set; so is one with "." in it, beside what it contains.
//
// In memory it is a trie: every level is one sorted vector, so the set operations walk two levels
// side by side and cost the sum of their sizes. A path does not bring its parents with it: {.a.b}
// does not contain .a. The empty path is no member of any set.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "object/path_element.h"

namespace plumb::object {

struct FieldSetLimits {
  int depth = 250;            // elements in a path
  size_t elements = 200'000;  // in the whole trie; an object of etcd's 1.5 MB can't say more
};

class FieldSet {
 public:
  struct Node;

  // Reads fieldsV1. As kube-apiserver: null is the empty set, elements of an unknown kind ("x:…")
  // are skipped, numbers inside keys and values become doubles. Stricter: text after the value of
  // "v:" and "k:" is refused. Errors name the path.
  static base::Result<FieldSet> from_value(const Value& fields_v1,
                                           const FieldSetLimits& limits = {});
  static base::Result<FieldSet> from_json(std::string_view fields_v1,
                                          const FieldSetLimits& limits = {});

  // The bytes that kube-apiserver stores, in the order of path elements. As a Value the members are
  // in the order of all objects, bytewise.
  std::string to_json() const;
  Value to_value() const;

  bool empty() const;
  size_t size() const;  // number of paths
  bool contains(std::span<const PathElement> path) const;
  // What the set holds below `element`; nullptr if nothing.
  const FieldSet* below(const PathElement& element) const;
  // Whether the path of this one element is a member.
  bool has(const PathElement& element) const;
  // Sorted by element, each once; every node is a member or has something below.
  std::span<const Node> nodes() const;

  // The empty path is ignored.
  void insert(std::span<const PathElement> path);
  // Unites with what is there. Costs nothing where nodes come in order; a node that is no member
  // and has nothing below is ignored.
  void add(Node node);

  FieldSet united(const FieldSet& other) const;
  FieldSet intersected(const FieldSet& other) const;
  // Without the paths of `other`; what lies below them stays.
  FieldSet without(const FieldSet& other) const;
  // Without the paths of `other` and all that lies below them.
  FieldSet without_subtrees(const FieldSet& other) const;
  // The members that have nothing below.
  FieldSet leaves() const;

  // Every path: on each level first the members, then what is below (the order in which
  // kube-apiserver prints conflicts). The span is good during the call.
  void for_each(const std::function<void(std::span<const PathElement>)>& visit) const;
  // The paths as text, in that order.
  std::vector<std::string> texts() const;

  bool operator==(const FieldSet& other) const;

 private:
  const Node* find(const PathElement& element) const;
  Node& descend(const PathElement& element);
  void visit_all(Path& prefix,
                 const std::function<void(std::span<const PathElement>)>& visit) const;

  std::vector<Node> nodes_;
};

struct FieldSet::Node {
  PathElement element;
  bool member = false;
  FieldSet below;

  bool operator==(const Node& other) const = default;
};

inline std::span<const FieldSet::Node> FieldSet::nodes() const { return nodes_; }
inline bool FieldSet::empty() const { return nodes_.empty(); }

}  // namespace plumb::object
