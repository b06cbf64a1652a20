#include "object/yaml_block.h"

#include "base/text.h"

namespace plumb::object {
namespace {

// Longer keys are libyaml's business: it has a limit near.
constexpr size_t kLongestKey = 1000;

// Visible ASCII that never ends a plain scalar.
constexpr std::array<bool, 256> make_ordinary(std::string_view but) {
  std::array<bool, 256> ordinary{};
  for (size_t c = 0x21; c < 0x7F; ++c) ordinary[c] = true;
  for (const char c : but) ordinary[static_cast<uint8_t>(c)] = false;
  return ordinary;
}
constexpr auto kOrdinary = make_ordinary(":#");
constexpr auto kOrdinaryInFlow = make_ordinary(":#,[]{}?");
constexpr auto kVisible = make_ordinary("");
constexpr auto kOrdinaryInSingleQuotes = make_ordinary("'");
constexpr auto kOrdinaryInDoubleQuotes = make_ordinary("\"\\");

constexpr bool is_ordinary(const std::array<bool, 256>& table, char c) {
  return table[static_cast<uint8_t>(c)];
}

// What starts a plain scalar, '-' before a blank aside.
constexpr auto kPlainStart = make_ordinary(",[]{}#&*!|>'\"%@`?:");

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
    if (!is_ordinary(kPlainStart, text_[at_]) && wide(at_) == 0) return false;
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

bool YamlBlockReader::plain_value(int column, Value& out) {
  std::string_view text;
  bool is_key = false;
  if (!is_ordinary(kPlainStart, text_[at_]) && wide(at_) == 0) return false;
  if (text_[at_] == '-' && blank_or_end(at_ + 1)) return false;
  if (!plain(text, is_key) || is_key || !end_line()) return false;
  bool commented = comment_;
  if (!next_content()) return false;
  if (column_ <= column) return resolve(text, out);
  buffer_ = text;
  while (column_ > column) {
    if (commented || comment_) return false;
    buffer_.append(std::max<size_t>(empty_lines_, 1), empty_lines_ == 0 ? ' ' : '\n');
    if (!plain(text, is_key) || is_key || !end_line()) return false;
    buffer_ += text;
    commented = comment_;
    if (!next_content()) return false;
  }
  return resolve(buffer_, out);
}

bool YamlBlockReader::resolve(std::string_view text, Value& out) const {
  auto value = to_value(resolve_yaml(text), text);
  if (!value.ok()) return false;
  out = *std::move(value);
  return true;
}

bool YamlBlockReader::literal(int column, Value& out) {
  ++at_;
  const char chomp = ends_line() ? ' ' : text_[at_];
  if (chomp == '-' || chomp == '+') ++at_;
  if (!blank_or_end(at_) || !end_line()) return false;
  buffer_.clear();
  int indent = -1;       // of the text; not known before its first line
  size_t breaks = 0;     // before the next line
  bool written = false;  // a line
  while (at_ < text_.size()) {
    const size_t start = at_ + 1;
    size_t i = start;
    while (i < text_.size() && text_[i] == ' ' && static_cast<int>(i - start) != indent) ++i;
    const int spaces = static_cast<int>(i - start);
    if (i == text_.size()) {
      if (spaces != 0) return false;
      at_ = i;
      break;
    }
    if (text_[i] != '\n') {
      if ((indent < 0 || spaces < indent) && text_[i] == '\t') return false;
      if (indent < 0) indent = std::max(spaces, column + 1);
      if (spaces < indent) break;
      buffer_.append(breaks, '\n');
      if (!literal_line(i)) return false;
      written = true;
      breaks = 0;
    } else {
      if (indent < 0 && spaces > column + 1) return false;
      at_ = i;
    }
    if (at_ < text_.size()) ++breaks;
    ++line_;
  }
  if (chomp == '+') buffer_.append(breaks, '\n');
  if (chomp != '+' && chomp != '-' && written && breaks > 0) buffer_ += '\n';
  out = Value(buffer_);
  return next_content() && column_ <= column;
}

// The rest of a line of a literal; at_ is then at its end.
bool YamlBlockReader::literal_line(size_t from) {
  size_t i = from;
  while (i < text_.size() && text_[i] != '\n') {
    if (is_ordinary(kVisible, text_[i]) || text_[i] == ' ' || text_[i] == '\t') {
      ++i;
    } else {
      const size_t length = wide(i);
      if (length == 0) return false;
      i += length;
    }
  }
  buffer_ += text_.substr(from, i - from);
  at_ = i;
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

bool YamlBlockReader::plain_in_flow(std::string_view& out, bool& is_key) {
  if (!is_ordinary(kPlainStart, text_[at_]) && wide(at_) == 0) return false;
  if (text_[at_] == '-' && (blank_or_end(at_ + 1) || !is_ordinary(kOrdinaryInFlow, text_[at_ + 1])))
    return false;
  const size_t start = at_;
  size_t end = start;
  is_key = false;
  while (!ends_line()) {
    const char c = text_[at_];
    if (is_ordinary(kOrdinaryInFlow, c)) {
      end = ++at_;
    } else if (c == ' ') {
      ++at_;
    } else if (c == ',' || c == ']' || c == '}') {
      break;
    } else if (c == ':' && at_ + 1 < text_.size() && is_ordinary(kOrdinaryInFlow, text_[at_ + 1])) {
      end = ++at_;
    } else if (c == ':' && at_ + 1 < text_.size() && text_[at_ + 1] == ' ') {
      is_key = true;
      break;
    } else if (c == '#' && at_ > start && text_[at_ - 1] != ' ') {
      end = ++at_;
    } else {
      const size_t length = wide(at_);
      if (length == 0) return false;
      end = at_ += length;
    }
  }
  out = text_.substr(start, end - start);
  return true;
}

// A plain scalar up to the end of its line, a comment, or the colon that makes it a key.
bool YamlBlockReader::plain(std::string_view& out, bool& is_key) {
  const size_t start = at_;
  size_t end = start;
  is_key = false;
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (is_ordinary(kOrdinary, c)) {
      end = ++at_;
    } else if (c == ' ') {
      ++at_;
    } else if (c == '\n') {
      break;
    } else if (c == ':') {
      if (blank_or_end(at_ + 1)) {
        is_key = true;
        break;
      }
      end = ++at_;
    } else if (c == '#') {
      if (is_comment()) break;
      end = ++at_;
    } else {
      const size_t length = wide(at_);
      if (length == 0) return false;
      end = at_ += length;
    }
  }
  out = text_.substr(start, end - start);
  return true;
}

// A quoted scalar. `out` is good until the next one.
bool YamlBlockReader::quoted(std::string_view& out) {
  const bool single = text_[at_] == '\'';
  const auto& ordinary = single ? kOrdinaryInSingleQuotes : kOrdinaryInDoubleQuotes;
  size_t start = ++at_;  // of what is not in the buffer yet
  bool buffered = false;
  const auto flush = [&] {
    if (!std::exchange(buffered, true)) buffer_.clear();
    buffer_ += text_.substr(start, at_ - start);
  };
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (is_ordinary(ordinary, c) || c == ' ') {
      ++at_;
    } else if (c == '\\') {
      flush();
      if (!escape()) return false;
      start = at_;
    } else if (c == '\n') {
      const size_t end = at_;
      while (at_ > start && text_[at_ - 1] == ' ') --at_;
      flush();
      at_ = end;
      if (!fold()) return false;
      start = at_;
    } else if (c == '\'' && at_ + 1 < text_.size() && text_[at_ + 1] == '\'') {
      ++at_;
      flush();
      start = ++at_;
    } else if (c == '\'' || c == '"') {
      out = text_.substr(start, at_ - start);
      if (buffered) {
        flush();
        out = buffer_;
      }
      ++at_;
      return true;
    } else {
      const size_t length = wide(at_);
      if (length == 0) return false;
      at_ += length;
    }
  }
  return false;
}

// A line break within quotes, and the empty lines and the indentation behind it.
bool YamlBlockReader::fold() {
  size_t breaks = 0;
  for (; at_ < text_.size() && text_[at_] == '\n'; ++breaks) {
    line_start_ = ++at_;
    ++line_;
    skip_spaces();
  }
  if (at_ == line_start_) return false;  // perhaps a "---"
  buffer_.append(std::max<size_t>(breaks - 1, 1), breaks == 1 ? ' ' : '\n');
  return true;
}

// The escapes that are common.
bool YamlBlockReader::escape() {
  if (at_ + 1 >= text_.size()) return false;
  switch (text_[at_ + 1]) {
    case 'n': buffer_ += '\n'; break;
    case 't': buffer_ += '\t'; break;
    case '"': buffer_ += '"'; break;
    case '\\': buffer_ += '\\'; break;
    default: return false;
  }
  at_ += 2;
  return true;
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
    const bool ascii = is_ordinary(kVisible, text_[at_]) || text_[at_] == ' ' || text_[at_] == '\t';
    const size_t length = ascii ? 1 : wide(at_);
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

// The length of the character outside ASCII at i, if it may stand in a scalar and breaks no line;
// else 0.
size_t YamlBlockReader::wide(size_t i) const {
  const auto lead = static_cast<uint8_t>(text_[i]);
  if (lead < 0xC2) return 0;
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  const std::string_view character = text_.substr(i, length);
  if (character.size() != length || !base::is_utf8(character)) return 0;
  if (lead == 0xC2) return static_cast<uint8_t>(character[1]) >= 0xA0 ? length : 0;
  const bool line_break = character == "\xE2\x80\xA8" || character == "\xE2\x80\xA9";
  const bool no_character =
      character == "\xEF\xBB\xBF" || character == "\xEF\xBF\xBE" || character == "\xEF\xBF\xBF";
  return line_break || no_character ? 0 : length;
}

}  // namespace plumb::object
