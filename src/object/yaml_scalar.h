// Strings as YAML scalars: which style a text allows, and how go-yaml v2's emitter writes it.
#pragma once

#include <string>
#include <string_view>

namespace plumb::object {

// What the text of a string allows.
struct YamlScalarForm {
  bool multiline = false;  // holds a line break
  bool plain = true;       // readable without quotes, type aside
  bool single_quoted = true;
  bool literal = true;  // as a block after |
};

YamlScalarForm analyze_yaml_scalar(std::string_view text);

// Writes scalars at the end of a growing text. Lines that run over 80 columns break at the next
// single space if `fold` allows, and go on at `indent`.
class YamlScalarWriter {
 public:
  explicit YamlScalarWriter(std::string& out) : out_(out) {}

  // Where the current line starts in the text.
  void start_line() { line_start_ = out_.size(); }
  bool at_line_start() const { return out_.size() == line_start_; }
  // To `indent` on a new line, or on this one if nothing is on it yet.
  void next_line(int indent);

  void plain(std::string_view text, int indent, bool fold);
  void single_quoted(std::string_view text, int indent, bool fold);
  void double_quoted(std::string_view text, int indent, bool fold);
  void literal(std::string_view text, int indent);

 private:
  void new_line(int indent);
  size_t column() const;
  bool may_fold(std::string_view text) const;

  std::string& out_;
  size_t line_start_ = 0;
};

}  // namespace plumb::object
