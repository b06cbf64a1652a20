// Edits of a YAML text that leave everything else as its author wrote it, byte for byte: other
// lines, comments, quotes, line ends, a missing last line break.
//
// An edit finds its node, splices the source bytes there, and reads the result again: if that does
// not say exactly what was asked for, the edit is refused and the text stays as it was. New text
// follows the habits of the file: its line ends, its indentation, its quotes.
//
//   - A value that is replaced keeps its anchor (so its aliases change with it) and the comment
//     behind it; it loses its tag. A string keeps its quotes where the new text allows.
//   - Aliases are never looked through: what stands behind one is edited at its anchor. An alias
//     itself can be replaced and removed. Keys that come by << are not there; setting one adds it.
//   - What is removed takes along the comments behind it, and those directly above it without an
//     empty line between.
//   - Between brackets new text stays between brackets; {} and [] of a block become blocks.
//   - A removed last entry leaves {} or [].
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "object/value.h"
#include "object/yaml_layout.h"
#include "object/yaml_node.h"

namespace plumb::object {

struct YamlSplice {
  size_t start = 0;
  size_t end = 0;
  std::string text;
};

// A text under edit. After an error it is what it was before the call. Errors carry line, column
// and field path: kNotFound for a path that is not there, kInvalid for one that leads through
// a scalar or an alias, kUnsupported where the text's form leaves no room for the edit.
// Documents count from 0, those that are empty included.
class YamlEditor {
 public:
  static base::Result<YamlEditor> open(std::string text, const YamlLimits& limits = {});

  const YamlFile& file() const { return file_; }
  std::string text() const { return std::string(file_.source()); }

  // Replaces the value at `path`, or adds it behind its last sibling, with mappings on the way to
  // it where they are missing. Items of sequences must exist. A value that is equal changes
  // nothing.
  base::Status set(const YamlPath& path, const Value& value, size_t document = 0);

  // Adds a key that is not there yet to the mapping at `path`, as its entry number `position` (from
  // 0; behind the last one if there are fewer).
  base::Status insert_key(const YamlPath& path, size_t position, std::string_view key,
                          const Value& value, size_t document = 0);

  // Adds an item to the end of the sequence at `path`; null and nothing count as an empty one.
  base::Status append(const YamlPath& path, const Value& item, size_t document = 0);

  // Removes a mapping's key with its value, or an item.
  base::Status remove(const YamlPath& path, size_t document = 0);

 private:
  explicit YamlEditor(YamlFile file, const YamlLimits& limits)
      : file_(std::move(file)), limits_(limits) {}

  template <typename Plan>
  base::Status apply(size_t document, const Value& wanted, const Plan& plan);
  base::Status try_splices(std::vector<YamlSplice> splices, size_t document, const Value& wanted);
  base::Status drop_tag(NodeId at);
  base::Result<NodeId> document_root(size_t document) const;

  YamlFile file_;
  YamlLimits limits_;
};

// What a node says, for comparing: mappings by key, the last of equal ones; {"*": name} for aliases
// and {"?": text} for what JSON can't say.
Value outline(const YamlFile& file, NodeId id);

}  // namespace plumb::object
