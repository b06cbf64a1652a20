// Places of values: the document is read again, this time as a tree that keeps marks.
#include "base/text.h"
#include "object/yaml.h"
#include "object/yaml_events.h"
#include "object/yaml_resolve.h"

namespace plumb::object {
namespace {

// A node of the document. An alias is no node of its own: its entry has the node it stands for.
struct Node {
  struct Entry {
    size_t node = 0;
    std::string key;  // of a member
    bool is_merge = false;
    base::Place key_place;
    base::Place place;
  };

  yaml_event_type_t type;
  std::string as_key;          // of a scalar
  std::vector<Entry> entries;  // members or items
};

// The key that the parser makes of a scalar; "" for one that it refuses.
std::string key_of(YamlEvents& events) {
  const yaml_event_t& event = events.event();
  const std::string_view text = text_of(event);
  YamlScalar scalar;
  if (event.data.scalar.tag != nullptr) {
    const auto tagged = resolve_yaml(text, tag_of(event));
    if (!tagged.ok()) return {};
    scalar = *tagged;
  } else if (event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE && !events.has_bare_tag()) {
    scalar = resolve_yaml(text);
  }
  const auto key = to_key(scalar, text);
  return key.ok() ? std::string(key->view()) : std::string();
}

class Tree {
 public:
  // Reads the text up to the end of the document.
  static base::Result<Tree> of(std::string_view text, size_t document) {
    Tree tree;
    YamlEvents events(text, YamlOptions().depth);
    for (size_t number = 0;;) {
      if (!events.next()) return events.error();
      const yaml_event_type_t type = events.event().type;
      if (type == YAML_STREAM_END_EVENT) {
        return base::not_found("there is no document " + std::to_string(document));
      }
      if (number == document) PLUMB_CHECK_OK(tree.add(events));
      if (type == YAML_DOCUMENT_END_EVENT && number++ == document) return tree;
    }
  }

  // What is at the end of the path; null if nothing is.
  const Node::Entry* find(std::span<const std::string> path) const {
    const Node::Entry* entry = &root_;
    for (const std::string& part : path) {
      entry = step(nodes_[entry->node], part);
      if (entry == nullptr) return nullptr;
    }
    return entry;
  }

 private:
  static constexpr size_t kMostMaps = 1'000'000;

  struct Open {
    size_t node;
    bool expects_key;
  };

  base::Status add(YamlEvents& events) {
    const yaml_event_t& event = events.event();
    const std::string anchor(anchor_of(event));
    switch (event.type) {
      case YAML_MAPPING_END_EVENT:
      case YAML_SEQUENCE_END_EVENT: open_.pop_back(); return base::ok();
      case YAML_ALIAS_EVENT:
        if (!anchors_.contains(anchor)) {
          return base::invalid("unknown anchor '" + anchor + "' referenced");
        }
        attach(anchors_[anchor], event);
        return base::ok();
      case YAML_SCALAR_EVENT: nodes_.push_back({event.type, key_of(events), {}}); break;
      case YAML_MAPPING_START_EVENT:
      case YAML_SEQUENCE_START_EVENT: nodes_.push_back({event.type, {}, {}}); break;
      default: return base::ok();
    }
    const size_t node = nodes_.size() - 1;
    if (!anchor.empty()) anchors_[anchor] = node;
    attach(node, event);
    if (event.type != YAML_SCALAR_EVENT) {
      open_.push_back({node, event.type == YAML_MAPPING_START_EVENT});
    }
    return base::ok();
  }

  // Takes a node to where it belongs in the innermost open collection.
  void attach(size_t node, const yaml_event_t& event) {
    Node::Entry entry;
    entry.node = node;
    entry.place = place_of(event, node);
    if (open_.empty()) {
      root_ = entry;
      return;
    }
    Node& parent = nodes_[open_.back().node];
    if (parent.type == YAML_SEQUENCE_START_EVENT) {
      parent.entries.push_back(entry);
    } else if (open_.back().expects_key) {
      entry.key = nodes_[node].as_key;
      entry.is_merge = is_merge_key(event);
      entry.key_place = YamlEvents::place(event.start_mark);
      parent.entries.push_back(entry);
    } else {
      parent.entries.back().node = node;
      parent.entries.back().place = entry.place;
    }
    if (parent.type == YAML_MAPPING_START_EVENT) {
      open_.back().expects_key = !open_.back().expects_key;
    }
  }

  // Where the value was written: for an alias, where its anchor is.
  base::Place place_of(const yaml_event_t& event, size_t node) {
    if (event.type == YAML_ALIAS_EVENT) return places_[node];
    places_.push_back(YamlEvents::place(event.start_mark));
    return places_.back();
  }

  const Node::Entry* step(const Node& node, const std::string& part) const {
    if (node.type == YAML_MAPPING_START_EVENT) return member(node, part);
    const auto index = base::parse_int(part);
    if (!index || *index < 0 || static_cast<size_t>(*index) >= node.entries.size()) return nullptr;
    return &node.entries[static_cast<size_t>(*index)];
  }

  // The last that sets the key counts; within a list of merged maps the first. Maps that merge
  // maps are a tree that may be as large as one likes: the search gives up at some point.
  const Node::Entry* member(const Node& node, const std::string& key) const {
    if (++maps_searched_ > kMostMaps) return nullptr;
    for (auto entry = node.entries.rbegin(); entry != node.entries.rend(); ++entry) {
      if (!entry->is_merge) {
        if (entry->key == key) return &*entry;
        continue;
      }
      const Node& merged = nodes_[entry->node];
      if (merged.type == YAML_MAPPING_START_EVENT) {
        if (const auto* found = member(merged, key)) return found;
        continue;
      }
      for (const Node::Entry& item : merged.entries) {
        if (const auto* found = member(nodes_[item.node], key)) return found;
      }
    }
    return nullptr;
  }

  std::vector<Node> nodes_;
  std::vector<base::Place> places_;  // of nodes_
  std::vector<Open> open_;
  std::map<std::string, size_t> anchors_;
  Node::Entry root_;
  mutable size_t maps_searched_ = 0;
};

base::Result<base::Place> locate(std::string_view text, size_t document,
                                 std::span<const std::string> path, bool of_key) {
  PLUMB_TRY(const Tree tree, Tree::of(text, document));
  const Node::Entry* entry = tree.find(path);
  if (entry == nullptr) {
    return base::not_found("nothing is at /" + base::join(path, "/"));
  }
  return of_key && entry->key_place.line != 0 ? entry->key_place : entry->place;
}

}  // namespace

base::Result<base::Place> locate_yaml(std::string_view text, size_t document,
                                      std::span<const std::string> path) {
  return locate(text, document, path, false);
}

base::Result<base::Place> locate_yaml_key(std::string_view text, size_t document,
                                          std::span<const std::string> path) {
  return locate(text, document, path, true);
}

}  // namespace plumb::object
