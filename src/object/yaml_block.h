// A short cut around libyaml for the YAML that nearly all manifests are made of.
//
// Block mappings and sequences, plain scalars on one or several lines, quoted scalars on one line,
// literals (|), and flow collections on one line are read here, three times as fast. All else,
// every error included, is left to libyaml, a document at a time: nothing is decided here that
// libyaml decides differently.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "object/yaml.h"
#include "object/yaml_resolve.h"

namespace plumb::object {

class YamlBlockReader {
 public:
  enum class Outcome {
    kDocument,
    kEnd,     // there are no more documents
    kUnread,  // the next document is for libyaml; it starts at offset()
  };

  // Reads `text`, which outlives this object.
  YamlBlockReader(std::string_view text, const YamlOptions& options)
      : text_(text), options_(options) {}

  Outcome next(YamlDocument& document);

  // Where the next document starts: at its "---", or at the start of the text.
  size_t offset() const { return start_; }
  int line() const { return start_line_; }
  void resume(size_t offset, int line) { start_ = offset, start_line_ = line; }

 private:
  // These return false for "leave it to libyaml". Collections and values are read from at_ on, and
  // leave at_ at the next thing behind them, wherever that stands.
  bool read_document(YamlDocument& document);
  bool block(Value& out);
  bool mapping(int column, Value& out);
  bool sequence(int column, bool in_mapping, Value& out);
  bool key(Text& out);
  bool member_value(int column, Value& out);
  bool item(int column, Value& out);
  bool value(int column, Value& out);
  bool plain_value(int column, Value& out);
  bool literal(int column, Value& out);
  bool literal_line(size_t from);
  bool flow(Value& out);
  bool flow_value(Value& out);
  bool flow_sequence(Value& out);
  bool flow_mapping(Value& out);
  bool flow_key(Text& out);

  bool quoted(std::string_view& out);
  bool escape();
  bool fold();
  bool plain(std::string_view& out, bool& is_key);
  bool plain_in_flow(std::string_view& out, bool& is_key);
  bool resolve(std::string_view text, Value& out) const;
  bool resolve_key(std::string_view text, Text& out) const;
  bool close_mapping(size_t first, Value& out);
  void close_sequence(size_t first, Value& out);

  bool end_line();
  bool next_content();
  bool find_content();
  bool is_comment();
  bool starts_mapping();
  bool is_item() const;
  bool ends_line() const { return at_ == text_.size() || text_[at_] == '\n'; }
  bool blank_or_end(size_t i) const;
  void skip_spaces();
  bool starts_plain() const;
  size_t printable(size_t i) const;
  size_t wide(size_t i) const;

  const std::string_view text_;  // view: the caller's, for as long as this reader lives
  const YamlOptions& options_;
  size_t start_ = 0;
  int start_line_ = 1;

  size_t at_ = 0;
  size_t line_start_ = 0;
  int line_ = 1;
  int column_ = 0;             // of at_, where a line's content starts; -1 behind the document
  size_t empty_lines_ = 0;     // passed on the way to at_
  bool comment_ = false;       // so was a comment
  int depth_ = 0;              // open collections
  std::vector<Member> stack_;  // finished items and members of the open collections
  std::vector<Value> items_;
  std::string buffer_;  // a scalar that is not in the text as it is
};

}  // namespace plumb::object
