#include "object/yaml_block.h"

namespace plumb::object {
namespace {

// Longer keys are libyaml's business: it has a limit near.
constexpr size_t kLongestKey = 1000;

}  // namespace

YamlBlockReader::Outcome YamlBlockReader::next(YamlDocument& document) {
  at_ = line_start_ = start_;
  line_ = start_line_;
  depth_ = 0;
  stack_.clear();
  if (at_ == text_.size()) return Outcome::kEnd;
  if (!text_.substr(at_).starts_with("---")) {
    // Only at the start of a stream; nothing may be there but comments.
    if (!find_content()) return Outcome::kUnread;
    if (column_ < 0 && at_ == text_.size()) return Outcome::kEnd;
    if (column_ < 0) start_ = at_, start_line_ = line_;
  }
  if (!read_document(document)) return Outcome::kUnread;
  start_ = at_;
  start_line_ = line_;
  return Outcome::kDocument;
}

bool YamlBlockReader::read_document(YamlDocument& document) {
  document.offset = at_;
  document.line = line_;
  if (text_.substr(at_).starts_with("---") && at_ == line_start_) {
    at_ += 3;
    if (!blank_or_end(at_) || !end_line() || !next_content()) return false;
  }
  document.empty = column_ < 0;
  document.value = Value();
  return document.empty || (block(document.value) && column_ < 0);
}

// A block that starts at at_, at the start of its line.
bool YamlBlockReader::block(Value& out) {
  if (is_item()) return sequence(column_, false, out);
  return starts_mapping() && mapping(column_, out);
}

bool YamlBlockReader::mapping(int column, Value& out) {
  if (++depth_ > options_.depth) return false;
  const size_t first = stack_.size();
  do {
    Text key;
    if (!this->key(key)) return false;
    stack_.emplace_back(std::move(key), Value());
    const size_t member = stack_.size() - 1;
    Value value;
    if (!member_value(column, value)) return false;
    stack_[member].value = std::move(value);
  } while (column_ == column && !is_item());
  --depth_;
  return column_ < column && close_mapping(first, out);
}

bool YamlBlockReader::sequence(int column, bool in_mapping, Value& out) {
  if (++depth_ > options_.depth) return false;
  const size_t first = stack_.size();
  do {
    ++at_;
    Value value;
    if (!item(column, value)) return false;
    stack_.emplace_back(Text(), std::move(value));
  } while (column_ == column && is_item());
  --depth_;
  close_sequence(first, out);
  return column_ < column || (in_mapping && column_ == column);
}

bool YamlBlockReader::close_mapping(size_t first, Value& out) {
  const std::span<Member> members(stack_.data() + first, stack_.size() - first);
  out = Value::make_object(members);
  if (options_.duplicates == Duplicates::kReject && out.size() != members.size()) return false;
  stack_.resize(first);
  return true;
}

void YamlBlockReader::close_sequence(size_t first, Value& out) {
  items_.clear();
  for (size_t i = first; i < stack_.size(); ++i) items_.push_back(std::move(stack_[i].value));
  stack_.resize(first);
  out = Value::make_array(items_);
}

// A key and its colon.
bool YamlBlockReader::key(Text& out) {
  const size_t start = at_;
  const int line = line_;
  std::string_view text;
  if (text_[at_] == '"' || text_[at_] == '\'') {
    if (!quoted(text) || line_ != line) return false;
    out = Text(text);
    skip_spaces();
    if (at_ == text_.size() || text_[at_] != ':' || !blank_or_end(at_ + 1)) return false;
  } else {
    bool is_key = false;
    if (!starts_plain()) return false;
    if (!plain(text, is_key) || !is_key || !resolve_key(text, out)) return false;
  }
  ++at_;
  return at_ - start <= kLongestKey;
}

bool YamlBlockReader::resolve_key(std::string_view text, Text& out) const {
  if (text == "<<") return false;
  auto key = to_key(resolve_yaml(text), text);
  if (!key.ok()) return false;
  out = *std::move(key);
  return true;
}

// What is behind a key of a mapping at that column.
bool YamlBlockReader::member_value(int column, Value& out) {
  skip_spaces();
  if (!ends_line() && !is_comment()) return value(column, out);
  if (!end_line() || !next_content()) return false;
  if (column_ > column) return block(out);
  if (column_ == column && is_item()) return sequence(column, true, out);
  return true;
}

// What is behind a "-" in that column.
bool YamlBlockReader::item(int column, Value& out) {
  skip_spaces();
  if (ends_line() || is_comment()) {
    if (!end_line() || !next_content()) return false;
    return column_ <= column || block(out);
  }
  const int inner = static_cast<int>(at_ - line_start_);
  if (is_item()) return sequence(column_ = inner, false, out);
  return starts_mapping() ? mapping(column_ = inner, out) : value(column, out);
}

// A scalar or flow collection that starts on this line, within a collection at that column.
bool YamlBlockReader::value(int column, Value& out) {
  switch (text_[at_]) {
    case '|': return literal(column, out);
    case '"':
    case '\'': {
      std::string_view text;
      if (!quoted(text)) return false;
      out = Value(text);
      break;
    }
    case '[':
    case '{':
      if (!flow(out)) return false;
      break;
    default: return plain_value(column, out);
  }
  return end_line() && next_content() && column_ <= column;
}

bool YamlBlockReader::resolve(std::string_view text, Value& out) const {
  auto value = to_value(resolve_yaml(text), text);
  if (!value.ok()) return false;
  out = *std::move(value);
  return true;
}

bool YamlBlockReader::flow(Value& out) {
  if (++depth_ > options_.depth) return false;
  const bool is_mapping = text_[at_++] == '{';
  if (!(is_mapping ? flow_mapping(out) : flow_sequence(out))) return false;
  --depth_;
  return true;
}

bool YamlBlockReader::flow_sequence(Value& out) {
  const size_t first = stack_.size();
  while (true) {
    skip_spaces();
    if (ends_line()) return false;
    if (text_[at_] == ']') break;
    Value item;
    if (!flow_value(item)) return false;
    stack_.emplace_back(Text(), std::move(item));
    skip_spaces();
    if (ends_line() || (text_[at_] != ',' && text_[at_] != ']')) return false;
    if (text_[at_] == ',') ++at_;
  }
  ++at_;
  close_sequence(first, out);
  return true;
}

bool YamlBlockReader::flow_mapping(Value& out) {
  const size_t first = stack_.size();
  while (true) {
    skip_spaces();
    if (ends_line()) return false;
    if (text_[at_] == '}') break;
    Text key;
    if (!flow_key(key)) return false;
    Value value;
    skip_spaces();
    if (ends_line() || !flow_value(value)) return false;
    stack_.emplace_back(std::move(key), std::move(value));
    skip_spaces();
    if (ends_line() || (text_[at_] != ',' && text_[at_] != '}')) return false;
    if (text_[at_] == ',') ++at_;
  }
  ++at_;
  return close_mapping(first, out);
}

bool YamlBlockReader::flow_key(Text& out) {
  const size_t start = at_;
  const int line = line_;
  std::string_view text;
  if (text_[at_] == '"' || text_[at_] == '\'') {
    if (!quoted(text) || line_ != line) return false;
    out = Text(text);
    skip_spaces();
    if (ends_line() || text_[at_] != ':') return false;
  } else {
    bool is_key = false;
    if (!plain_in_flow(text, is_key) || !is_key || !resolve_key(text, out)) return false;
  }
  ++at_;
  return at_ - start <= kLongestKey;
}

bool YamlBlockReader::flow_value(Value& out) {
  std::string_view text;
  switch (text_[at_]) {
    case '[':
    case '{': return flow(out);
    case '"':
    case '\'':
      if (!quoted(text)) return false;
      out = Value(text);
      return true;
    default: break;
  }
  bool is_key = false;
  return plain_in_flow(text, is_key) && !is_key && resolve(text, out);
}

void YamlBlockReader::skip_spaces() {
  while (at_ < text_.size() && text_[at_] == ' ') ++at_;
}

bool YamlBlockReader::blank_or_end(size_t i) const {
  return i >= text_.size() || text_[i] == ' ' || text_[i] == '\n' || text_[i] == '\t';
}

bool YamlBlockReader::is_comment() {
  return text_[at_] == '#' && (at_ == line_start_ || text_[at_ - 1] == ' ');
}

bool YamlBlockReader::is_item() const {
  return text_[at_] == '-' && blank_or_end(at_ + 1) && !text_.substr(at_ + 1).starts_with('\t');
}

// Whether the line's content from at_ on is a key.
bool YamlBlockReader::starts_mapping() {
  const size_t start = at_;
  const size_t line_start = line_start_;
  const int line = line_;
  std::string_view text;
  bool is_key = false;
  if (text_[at_] == '[' || text_[at_] == '{') return false;
  if (text_[at_] == '"' || text_[at_] == '\'') {
    if (quoted(text)) {
      skip_spaces();
      is_key = line_ == line && at_ < text_.size() && text_[at_] == ':' && blank_or_end(at_ + 1);
    }
  } else if (!plain(text, is_key)) {
    is_key = false;
  }
  at_ = start;
  line_start_ = line_start;
  line_ = line;
  return is_key;
}

// Past spaces and a comment to the end of the line.
bool YamlBlockReader::end_line() {
  skip_spaces();
  comment_ = false;
  if (ends_line()) return true;
  if (!is_comment()) return false;
  comment_ = true;
  while (!ends_line()) {
    const size_t length = printable(at_);
    if (length == 0) return false;
    at_ += length;
  }
  return true;
}

// From the end of a line to what comes next.
bool YamlBlockReader::next_content() {
  empty_lines_ = 0;
  comment_ = false;
  if (at_ == text_.size()) {
    column_ = -1;
    return true;
  }
  line_start_ = ++at_;
  ++line_;
  return find_content();
}

// From the start of a line.
bool YamlBlockReader::find_content() {
  empty_lines_ = 0;
  bool comment = false;
  while (true) {
    skip_spaces();
    if (at_ == text_.size()) break;
    if (text_[at_] == '#') {
      if (!end_line()) return false;
      comment = true;
      if (at_ == text_.size()) break;
    } else if (text_[at_] != '\n') {
      const std::string_view rest = text_.substr(at_);
      const bool marker = at_ == line_start_ && blank_or_end(at_ + 3);
      if (marker && rest.starts_with("...")) return false;
      comment_ = comment;
      column_ = marker && rest.starts_with("---") ? -1 : static_cast<int>(at_ - line_start_);
      return true;
    }
    ++empty_lines_;
    line_start_ = ++at_;
    ++line_;
  }
  comment_ = comment;
  column_ = -1;
  return true;
}

}  // namespace plumb::object
