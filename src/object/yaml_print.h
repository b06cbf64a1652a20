// Printing a YamlFile in the one canonical form of `plumb fmt`. The form is described in
// yaml_format.h; this is the one printer.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "object/yaml_node.h"
#include "object/yaml_style.h"

namespace plumb::object {

class YamlPrinter {
 public:
  // `file` outlives the printer.
  explicit YamlPrinter(const YamlFile& file) : file_(file) {}

  // The whole text; to be called once. Fails with kUnsupported at a key that is a collection or
  // too long for a line.
  base::Result<std::string> print();

 private:
  // What a value follows. Its `indent` is the column of that key or dash, 0 for a document.
  enum class After : uint8_t { kMarker, kKey, kDash };

  void document(NodeId id, bool first);
  void directives(const YamlNode& document);
  void root(NodeId id);
  void verbatim(NodeId id);

  void value(NodeId id, size_t indent, After after);
  void block(NodeId id, size_t indent, After after);
  // The entries and foot of a collection that starts on this line (`inline_first`) or the next.
  void mapping(NodeId id, size_t indent, bool inline_first);
  void sequence(NodeId id, size_t indent, bool inline_first, bool compact);
  // The comments, printed at `indent`, of an item whose dash stands at `column`, and of the first
  // entries of blocks that start on its line.
  void heads_above_dash(NodeId item, size_t indent, size_t column);

  void properties(NodeId id);
  void key(NodeId id, ScalarPlace place);
  // A scalar or alias on one line.
  void leaf(NodeId id, ScalarPlace place);
  void block_scalar(NodeId id, size_t indent);
  void flow(NodeId id);
  // Whether a collection is printed between brackets, for a place `column` characters into a line.
  bool stays_flow(NodeId id, size_t column);
  bool has_comments_inside(const YamlNode& node) const;

  // Starts the line of what stands at `offset` in the source, below an empty line if it does there.
  void start_line(uint32_t offset, size_t indent);
  void comments(NodeId owner, CommentRole role, size_t indent);
  void line_comment(NodeId owner);
  void fail(NodeId id, const std::string& what);

  const YamlFile& file_;
  std::string out_;
  bool fresh_ = true;  // an empty line would be the first of a document or block, or be content
  std::optional<base::Error> error_;
};

// The source of a block scalar line by line, without its indentation and breaks, empty lines at its
// end only where they are part of its value.
std::vector<std::string_view> block_scalar_lines(const YamlFile& file, NodeId id);

}  // namespace plumb::object
