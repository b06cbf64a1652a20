#include "object/yaml_comments.h"

#include <algorithm>

namespace plumb::object {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// Adds the comments between two leaves: there, every '#' starts one.
void find_in_gap(std::string_view source, size_t from, size_t to,
                 std::vector<YamlComment>& comments, const YamlFile& file) {
  for (size_t at = from; at < to; ++at) {
    if (source[at] != '#') continue;
    size_t end = line_end(source, at);
    const size_t next = end;
    while (is_blank(source[end - 1])) --end;
    YamlComment& comment = comments.emplace_back();
    comment.start = static_cast<uint32_t>(at);
    comment.end = static_cast<uint32_t>(end);
    const size_t line = line_begin(source, at);
    std::string_view before = source.substr(line, at - line);
    if (before.starts_with(kByteOrderMark)) before.remove_prefix(kByteOrderMark.size());
    comment.own_line = std::ranges::all_of(before, is_blank);
    comment.column =
        comment.own_line ? static_cast<uint32_t>(before.size() + 1) : file.column_of(comment.start);
    at = next;
  }
}

}  // namespace

std::vector<YamlComment> find_comments(const YamlFile& file) {
  std::vector<YamlComment> comments;
  size_t at = 0;
  for (NodeId id = 0; id < file.size(); ++id) {
    const YamlNode& node = file.node(id);
    if (node.kind != YamlKind::kScalar && node.kind != YamlKind::kAlias) continue;
    if (node.content > at) find_in_gap(file.source(), at, node.content, comments, file);
    at = std::max<size_t>(at, node.end);
    if (!node.is_block_scalar()) continue;
    // The header of a block scalar may carry one.
    const size_t header_end = line_end(file.source(), node.content);
    find_in_gap(file.source(), node.content, header_end, comments, file);
  }
  find_in_gap(file.source(), at, file.source().size(), comments, file);
  return comments;
}

void CommentAttacher::attach(std::span<YamlComment> comments) {
  has_line_.assign(file_.size(), false);
  for (YamlComment& comment : comments) attach_one(comment);
}

void CommentAttacher::attach_one(YamlComment& comment) {
  const NodeId document = document_of(comment);
  if (document == kNoNode) return set(comment, kNoNode, CommentRole::kFoot);
  const YamlNode& node = file_.node(document);
  if (node.explicit_start && comment.start < node.content) {
    return set(comment, document, CommentRole::kHead);
  }
  const Gap gap = gap_of(comment, document);
  const YamlNode& around = file_.node(gap.around);
  if (around.kind == YamlKind::kScalar) return set_line(comment, gap.around);
  if (around.style == YamlStyle::kFlow) return attach_in_flow(comment, gap);
  if (!comment.own_line) return attach_behind(comment, gap);
  attach_on_own_line(comment, gap);
}

// Documents reach to the start of the next one; what stands behind `...` belongs to the next.
NodeId CommentAttacher::document_of(const YamlComment& comment) const {
  const std::span<const NodeId> documents = file_.documents();
  if (documents.empty()) return kNoNode;
  const auto behind = std::ranges::upper_bound(documents, comment.start, {},
                                               [&](NodeId id) { return file_.node(id).start; });
  size_t i = behind == documents.begin() ? 0 : static_cast<size_t>(behind - documents.begin()) - 1;
  const YamlNode& node = file_.node(documents[i]);
  if (node.explicit_end && comment.own_line && comment.start >= node.end &&
      i + 1 < documents.size()) {
    ++i;
  }
  return documents[i];
}

CommentAttacher::Gap CommentAttacher::gap_of(const YamlComment& comment, NodeId document) const {
  Gap gap{.around = document};
  while (true) {
    const std::span<const NodeId> children = file_.children(gap.around);
    const auto behind = std::ranges::upper_bound(children, comment.start, {},
                                                 [&](NodeId id) { return file_.node(id).start; });
    const auto index = static_cast<size_t>(behind - children.begin());
    const bool mapping = file_.node(gap.around).kind == YamlKind::kMapping;
    if (index > 0 && comment.start < file_.node(children[index - 1]).end) {
      gap.around = children[index - 1];
      continue;
    }
    if (index > 0) gap.before = children[index - 1];
    if (index < children.size()) gap.behind = children[index];
    gap.before_is_key = mapping && index % 2 == 1;
    gap.behind_is_value = mapping && index % 2 == 1 && index < children.size();
    return gap;
  }
}

void CommentAttacher::attach_in_flow(YamlComment& comment, const Gap& gap) {
  if (!comment.own_line && gap.before != kNoNode &&
      on_line_of(comment, file_.node(gap.before).end)) {
    if (gap.before_is_key) return set_head(comment, gap.before);
    return set_line(comment, gap.before);
  }
  if (gap.behind != kNoNode) return set_head(comment, gap.behind);
  set(comment, gap.around, CommentRole::kFoot);
}

// Not alone on its line, in block context.
void CommentAttacher::attach_behind(YamlComment& comment, const Gap& gap) {
  if (gap.before != kNoNode) {
    const NodeId leaf = last_leaf(gap.before);
    if (on_line_of(comment, file_.node(leaf).end) && !gap.before_is_key) {
      return set_line(comment, leaf);
    }
  }
  const YamlNode& around = file_.node(gap.around);
  if (gap.before == kNoNode && around.kind == YamlKind::kDocument) {
    return set_line(comment, gap.around);
  }
  if (gap.before == kNoNode && gap.behind != kNoNode && !gap.behind_is_value &&
      on_line_of(comment, around.start) && around.content > comment.start) {
    return set_line(comment, gap.around);  // behind an anchor or tag
  }
  if (gap.behind != kNoNode) {
    const bool block = file_.node(gap.behind).is_block_collection();
    return block ? set_line(comment, gap.behind) : set_head(comment, gap.behind);
  }
  // Behind `...`.
  set(comment, gap.around, CommentRole::kFoot);
}

void CommentAttacher::attach_on_own_line(YamlComment& comment, const Gap& gap) {
  if (gap.behind_is_value) return set_first_head(comment, gap.behind);
  const YamlNode& around = file_.node(gap.around);
  const bool in_document = around.kind == YamlKind::kDocument;
  if (gap.before == kNoNode) {
    if (gap.behind == kNoNode) return set(comment, gap.around, CommentRole::kFoot);
    return in_document ? set_first_head(comment, gap.behind) : set_head(comment, gap.behind);
  }

  // The blocks that end here, the outermost first.
  std::vector<NodeId> ended;
  for (NodeId id = gap.before; file_.node(id).is_block_collection();
       id = file_.children(id).back()) {
    ended.push_back(id);
  }
  if (level_gap_ != gap.before) level_ = ended.size();
  level_gap_ = gap.before;
  // A sequence that stands right under its key ends left of a comment in the same column.
  const auto reaches = [&](NodeId id) {
    const YamlNode& node = file_.node(id);
    const YamlNode& parent = file_.node(node.parent);
    const bool compact = parent.kind == YamlKind::kMapping && parent.is_block_collection() &&
                         parent.block_column == node.block_column;
    return comment.column - 1 >= node.block_column + (compact ? 1 : 0);
  };
  while (level_ > 0 && !reaches(ended[level_ - 1])) {
    const bool outermost = level_ == 1;
    if (outermost && (in_document || comment.column - 1 > around.block_column)) break;
    --level_;
  }
  if (level_ > 0) return set(comment, ended[level_ - 1], CommentRole::kFoot);
  if (gap.behind != kNoNode) return set_head(comment, gap.behind);
  set(comment, gap.around, CommentRole::kFoot);
}

void CommentAttacher::set(YamlComment& comment, NodeId owner, CommentRole role) {
  comment.owner = owner;
  comment.role = role;
}

void CommentAttacher::set_line(YamlComment& comment, NodeId owner) {
  const NodeId parent = file_.node(owner).parent;
  const bool key = parent != kNoNode && file_.node(parent).kind == YamlKind::kMapping &&
                   entry_of(owner) == owner;
  if (key || has_line_[owner]) return set_head(comment, owner);
  has_line_[owner] = true;
  set(comment, owner, CommentRole::kLine);
}

void CommentAttacher::set_head(YamlComment& comment, NodeId id) {
  set(comment, entry_of(id), CommentRole::kHead);
}

void CommentAttacher::set_first_head(YamlComment& comment, NodeId id) {
  const bool block = file_.node(id).is_block_collection();
  set(comment, block ? file_.children(id)[0] : entry_of(id), CommentRole::kHead);
}

bool CommentAttacher::on_line_of(const YamlComment& comment, uint32_t offset) const {
  const std::string_view source = file_.source();
  return offset <= comment.start && line_end(source, offset) >= comment.start;
}

NodeId CommentAttacher::entry_of(NodeId id) const {
  const NodeId parent = file_.node(id).parent;
  if (parent == kNoNode || file_.node(parent).kind != YamlKind::kMapping) return id;
  const std::span<const NodeId> children = file_.children(parent);
  const auto index = static_cast<size_t>(std::ranges::lower_bound(children, id) - children.begin());
  return children[index - index % 2];
}

NodeId CommentAttacher::last_leaf(NodeId id) const {
  while (file_.node(id).is_block_collection()) id = file_.children(id).back();
  return id;
}

}  // namespace plumb::object
