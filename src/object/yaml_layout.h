// A file's habits, and Values written in them: what an edit puts between an author's own lines.
#pragma once

#include <string>
#include <string_view>

#include "object/value.h"
#include "object/yaml_node.h"
#include "object/yaml_style.h"

namespace plumb::object {

struct YamlLayout {
  std::string line_break = "\n";  // the first of the file
  size_t mapping_indent = 2;      // of a mapping under its key, as the file's first one has it
  size_t sequence_indent = 0;     // of a sequence under its key, as the file's first one has it
  bool literals = true;           // texts of several lines as blocks after |

  static YamlLayout of(const YamlFile& file);
};

// A piece of YAML that goes behind `key:` or `-`: what stands on that line, and the lines below it,
// each with its break before it. Between the two there is room for a comment.
struct YamlPiece {
  std::string head;
  std::string tail;
};

class YamlValueWriter {
 public:
  // `layout` outlives the writer.
  explicit YamlValueWriter(const YamlLayout& layout) : layout_(layout) {}

  // For a key that stands at `indent`. The head of a block is empty.
  YamlPiece behind_key(const Value& value, size_t indent, YamlStyle wish = YamlStyle::kPlain);
  // For a place at `column` that may hold the first line of a block: behind a dash, or a root.
  YamlPiece in_place(const Value& value, size_t column, size_t outer,
                     YamlStyle wish = YamlStyle::kPlain);
  // "key:", indented.
  std::string key(std::string_view key) const;
  // On one line, for between brackets. As JSON, every string in double quotes.
  std::string flow(const Value& value, bool json, YamlStyle wish = YamlStyle::kPlain) const;

 private:
  void mapping(std::string& out, const Value& value, size_t indent, bool inline_first) const;
  void sequence(std::string& out, const Value& value, size_t indent, bool inline_first) const;
  void behind_key(std::string& out, const Value& value, size_t indent) const;
  void behind_dash(std::string& out, const Value& value, size_t indent) const;
  void scalar(std::string& out, const Value& value, size_t indent, YamlStyle wish) const;
  void new_line(std::string& out, size_t indent) const;

  const YamlLayout& layout_;
};

}  // namespace plumb::object
