// YAML as it is written: the tree of a text with its places, styles and comments.
//
// Value (value.h) is what a document means; a YamlFile is how its author wrote it. It owns the
// source bytes and never changes: messages point into it, edits (yaml_edit.h) splice its bytes into
// a new text, and the formatter (yaml_format.h) prints it anew.
//
// Nodes lie in one arena in the order of the source and name each other by NodeId. A mapping's
// children are key, value, key, value …; a document has one child, its root. A key without a value,
// a dash without an item and an empty document have a plain scalar of no width in that place.
//
// Comments. Every comment of the text belongs to exactly one node, in one of three roles:
//   head  above an entry (a mapping's key, a sequence's item, a root): lines of their own that come
//         before it, and comments in places where nothing else could hold them, such as between
//         a key and a scalar on the next line
//   line  behind a value on its line; behind `key:` or `-` when a block follows; behind `---`
//   foot  behind the last entry of a block that ends there, indented as the block or deeper; an
//         outer block's comment once one stands further left. Owner is the collection. Also what
//         ends a document (owner: the document) and a text without any document (owner: kNoNode)
// So `# x` between two keys of one mapping is the head of the second one, however it is indented;
// removing an entry knows what goes with it; and a printer that prints head, entry, line, children,
// foot has printed all comments in order.
//
// Syntax is libyaml's: YAML 1.1 as Kubernetes' own tools read it. Errors carry line and column and
// go-yaml's wording. Text must be UTF-8.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace plumb::object {

using NodeId = uint32_t;
inline constexpr NodeId kNoNode = UINT32_MAX;

enum class YamlKind : uint8_t { kDocument, kMapping, kSequence, kScalar, kAlias };

// How a node is written. Collections are kBlock or kFlow, aliases and documents kPlain.
enum class YamlStyle : uint8_t { kPlain, kSingle, kDouble, kLiteral, kFolded, kBlock, kFlow };

// Offsets count bytes of the source; lines and columns count from 1, columns in characters.
struct YamlNode {
  YamlKind kind = YamlKind::kScalar;
  YamlStyle style = YamlStyle::kPlain;
  bool explicit_start = false;  // documents: `---` is written
  bool explicit_end = false;    // documents: `...` is written
  uint32_t start = 0;           // of the anchor and tag, if it has any; a document's of its first
                                // directive or `---`
  uint32_t content = 0;         // behind anchor and tag; a document's behind `---`
  uint32_t end = 0;             // past its last byte; block scalars end at the start of a line,
                                // with the empty lines that follow them
  uint32_t line = 0;            // of start
  uint32_t column = 0;
  uint32_t block_column = 0;  // block collections: where their keys or dashes stand, from 0
  NodeId parent = kNoNode;

  bool is_block_scalar() const {
    return style == YamlStyle::kLiteral || style == YamlStyle::kFolded;
  }
  bool is_quoted() const { return style == YamlStyle::kSingle || style == YamlStyle::kDouble; }
  bool is_collection() const { return kind == YamlKind::kMapping || kind == YamlKind::kSequence; }
  bool is_block_collection() const { return style == YamlStyle::kBlock; }

 private:
  friend class YamlFile;
  friend class YamlComposer;
  uint32_t text_start_ = 0;  // into the texts: scalar value, alias name
  uint32_t text_size_ = 0;
  uint32_t anchor_size_ = 0;  // behind the text
  uint32_t tag_size_ = 0;     // behind the anchor
  uint32_t first_child_ = 0;  // into the list of children
  uint32_t child_count_ = 0;
};

enum class CommentRole : uint8_t { kHead, kLine, kFoot };

struct YamlComment {
  uint32_t start = 0;  // of the '#'
  uint32_t end = 0;    // of the line, without its break and the blanks before it
  uint32_t column = 0;
  bool own_line = false;  // nothing but blanks before it
  CommentRole role = CommentRole::kHead;
  NodeId owner = kNoNode;
};

// One step down: a key of a mapping or an index of a sequence.
using YamlStep = std::variant<std::string, size_t>;
using YamlPath = std::vector<YamlStep>;

// "spec.containers[0].image", keys with other characters as ["a/b"].
std::string to_string(const YamlPath& path);

struct YamlLimits {
  size_t bytes = 64 << 20;
  size_t nodes = 4 << 20;
  int depth = 256;  // nested collections
};

class YamlFile {
 public:
  // Takes the text over. Fails with kInvalid for what is not YAML (and for an alias without its
  // anchor), kTooLarge beyond a limit.
  static base::Result<YamlFile> parse(std::string text, const YamlLimits& limits = {});

  std::string_view source() const { return source_; }
  // The bytes from node.start or node.content to node.end.
  std::string_view source(uint32_t start, uint32_t end) const {
    return std::string_view(source_).substr(start, end - start);
  }

  std::span<const NodeId> documents() const { return documents_; }
  // The single child of a document.
  NodeId root(NodeId document) const { return children(document)[0]; }

  size_t size() const { return nodes_.size(); }
  const YamlNode& node(NodeId id) const { return nodes_[id]; }
  std::span<const NodeId> children(NodeId id) const;
  // A scalar's value with quotes, escapes and folding undone; an alias's name.
  std::string_view text(NodeId id) const;
  std::string_view anchor(NodeId id) const;
  std::string_view tag(NodeId id) const;  // in full ("tag:yaml.org,2002:str"), empty if not written
  // Where a tag is written, be it only "!", which makes a string and has no name; npos if none is.
  size_t tag_start(NodeId id) const;
  bool is_tagged(NodeId id) const { return tag_start(id) != std::string_view::npos; }
  // A scalar that is not written at all: no text, no anchor, no tag.
  bool is_absent(NodeId id) const;

  // The value of a mapping's key; of equal keys the last. kNoNode if there is none. Keys compare by
  // text. Merge keys are not followed.
  NodeId find(NodeId mapping, std::string_view key) const;
  // Walks down from `from`. Fails with kNotFound at what is missing, kInvalid at what is no
  // collection or an alias; the error's field is the path up to there.
  base::Result<NodeId> find(NodeId from, const YamlPath& path) const;

  // All comments in the order of the text.
  std::span<const YamlComment> comments() const { return comments_; }
  // Those of one node and role, in the order of the text.
  std::vector<YamlComment> comments(NodeId owner, CommentRole role) const;
  std::string_view text(const YamlComment& comment) const {
    return source(comment.start, comment.end);
  }

  // The place of a node for messages.
  base::Place place(NodeId id) const;
  // Line and column of any byte.
  base::Place place_of(uint32_t offset) const;
  uint32_t column_of(uint32_t offset) const;

 private:
  friend class YamlComposer;

  std::string source_;
  std::string texts_;
  std::vector<YamlNode> nodes_;
  std::vector<NodeId> children_;
  std::vector<NodeId> documents_;
  std::vector<YamlComment> comments_;
  std::vector<uint32_t> by_owner_;  // indexes of comments_, sorted by owner
};

// Whether two nodes stand for the same: same shape, tags, anchors, and scalars that read the same
// under every resolver (so "1" is not 1, and 1 is not 0x1). Comments and styles do not count.
bool same_meaning(const YamlFile& a, NodeId in_a, const YamlFile& b, NodeId in_b);

// The length of the line break at text[at]: 0 if there is none. YAML 1.1 has \n, \r, \r\n, U+0085,
// U+2028 and U+2029.
size_t line_break_at(std::string_view text, size_t at);
// The end of the anchor or tag that starts at text[at].
size_t property_end(std::string_view text, size_t at);
// A text may start with it; it is part of no line.
inline constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
bool is_line_begin(std::string_view text, size_t at);
// The start of the line that holds text[at], and the end of it without its break.
size_t line_begin(std::string_view text, size_t at);
size_t line_end(std::string_view text, size_t at);

}  // namespace plumb::object
