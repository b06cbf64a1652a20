// Where an edit cuts the source, and what it puts there. Pure geometry: what the result means is
// checked by YamlEditor afterwards.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "object/yaml_edit.h"

namespace plumb::object {

class YamlEditPlan {
 public:
  // `file` and `layout` outlive the plan.
  YamlEditPlan(const YamlFile& file, const YamlLayout& layout)
      : file_(file), layout_(layout), writer_(layout) {}

  base::Status replace(NodeId id, const Value& value);
  // The collection is not absent and holds no such key.
  base::Status insert_key(NodeId mapping, size_t position, std::string_view key,
                          const Value& value);
  base::Status append(NodeId sequence, const Value& item);
  base::Status remove(NodeId entry);
  // A text without any document gets one.
  void add_document(const Value& value);

  std::vector<YamlSplice> take() && { return std::move(splices_); }

 private:
  base::Status replace_behind_key(NodeId id, const Value& value, uint32_t colon);
  base::Status replace_in_place(NodeId id, const Value& value);
  void put(NodeId id, uint32_t from, uint32_t to, YamlPiece piece);
  void insert_in_flow(NodeId collection, const std::string& text);
  void insert_line_behind(NodeId collection, const std::string& text);
  base::Status remove_from_flow(NodeId first, NodeId last);
  base::Status remove_only(NodeId entry);
  void remove_lines(NodeId entry, NodeId next, uint32_t start, uint32_t end);

  bool in_flow(NodeId id) const;
  bool is_json(NodeId flow) const;
  // Behind the colon of a key; nullopt if there is none.
  std::optional<uint32_t> colon_end(NodeId key) const;
  // The dash of an item, the start of a key.
  uint32_t entry_start(NodeId entry) const;
  // Fails for a key behind "? ", whose entry starts before it.
  base::Status no_question_mark(NodeId entry) const;
  // Past the last byte that is text: for block scalars without the break and, unless they are part
  // of the value, the empty lines behind it.
  uint32_t text_end(NodeId id) const;
  uint32_t value_end(NodeId id) const;
  NodeId last_leaf(NodeId id) const;
  bool keeps_breaks(NodeId leaf) const;
  bool leads_line(uint32_t offset) const;
  // The start of the comment lines right above `entry` that are its own, or of its own line.
  uint32_t own_lines_start(NodeId entry) const;
  size_t column0(uint32_t offset) const;
  uint32_t past_line(uint32_t offset) const;
  bool has_comment_between(uint32_t from, uint32_t to) const;
  void splice(size_t start, size_t end, std::string text);

  const YamlFile& file_;
  const YamlLayout& layout_;
  YamlValueWriter writer_;
  std::vector<YamlSplice> splices_;
  std::pair<uint32_t, uint32_t> dropped_{0, 0};  // comments here are on their way out
};

}  // namespace plumb::object
