// Finding the comments of a YAML text, and deciding which node each belongs to. The rules are in
// yaml_node.h; YamlFile::parse is the one caller.
#pragma once

#include <span>
#include <vector>

#include "object/yaml_node.h"

namespace plumb::object {

// All comments of the text, without owners. Scalars and aliases are the only places where a '#'
// may be text.
std::vector<YamlComment> find_comments(const YamlFile& file);

class CommentAttacher {
 public:
  // `file` is complete but for its comments.
  explicit CommentAttacher(const YamlFile& file) : file_(file) {}

  // Gives each an owner and a role. They come in the order of the text.
  void attach(std::span<YamlComment> comments);

 private:
  // A comment's surroundings: the innermost collection or document around it, and that one's last
  // child before and first child behind the comment.
  struct Gap {
    NodeId around = kNoNode;
    NodeId before = kNoNode;
    NodeId behind = kNoNode;
    bool before_is_key = false;
    bool behind_is_value = false;
  };

  NodeId document_of(const YamlComment& comment) const;
  Gap gap_of(const YamlComment& comment, NodeId document) const;
  void attach_one(YamlComment& comment);
  void attach_in_flow(YamlComment& comment, const Gap& gap);
  void attach_behind(YamlComment& comment, const Gap& gap);
  void attach_on_own_line(YamlComment& comment, const Gap& gap);

  void set(YamlComment& comment, NodeId owner, CommentRole role);
  // As line comment of `owner`, unless it has one or is a key: then as head of its entry.
  void set_line(YamlComment& comment, NodeId owner);
  // As head of the entry that `id` is (or is the value of).
  void set_head(YamlComment& comment, NodeId id);
  // As head of the first entry inside a block, or of a leaf itself.
  void set_first_head(YamlComment& comment, NodeId id);

  bool on_line_of(const YamlComment& comment, uint32_t offset) const;
  NodeId entry_of(NodeId id) const;
  NodeId last_leaf(NodeId id) const;

  const YamlFile& file_;
  std::vector<bool> has_line_;  // by node
  // Within one gap, comments only move outwards.
  NodeId level_gap_ = kNoNode;
  size_t level_ = 0;
};

}  // namespace plumb::object
