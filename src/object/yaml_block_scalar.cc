// The scalars of YamlBlockReader.
#include "base/text.h"
#include "object/yaml_block.h"

namespace plumb::object {
namespace {

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

bool YamlBlockReader::plain_value(int column, Value& out) {
  std::string_view text;
  bool is_key = false;
  if (!starts_plain() || (text_[at_] == '-' && blank_or_end(at_ + 1))) return false;
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

bool YamlBlockReader::plain_in_flow(std::string_view& out, bool& is_key) {
  if (!starts_plain()) return false;
  if (text_[at_] == '-' && (blank_or_end(at_ + 1) || !is_ordinary(kOrdinaryInFlow, text_[at_ + 1])))
    return false;
  const size_t start = at_;
  size_t end = start;
  is_key = false;
  while (!ends_line()) {
    const char c = text_[at_];
    const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (is_ordinary(kOrdinaryInFlow, c) || (c == ':' && is_ordinary(kOrdinaryInFlow, next)) ||
        (c == '#' && at_ > start && text_[at_ - 1] != ' ')) {
      end = ++at_;
    } else if (c == ' ') {
      ++at_;
    } else if (c == ',' || c == ']' || c == '}') {
      break;
    } else if (c == ':' && next == ' ') {
      is_key = true;
      break;
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
    const size_t length = printable(i);
    if (length == 0) return false;
    i += length;
  }
  buffer_ += text_.substr(from, i - from);
  at_ = i;
  return true;
}

// Whether a plain scalar may start at at_; '-' before a blank is for the caller.
bool YamlBlockReader::starts_plain() const {
  return is_ordinary(kPlainStart, text_[at_]) || wide(at_) != 0;
}

// The length of the character at i, if it may stand in a comment or a literal; else 0.
size_t YamlBlockReader::printable(size_t i) const {
  const char c = text_[i];
  return is_ordinary(kVisible, c) || c == ' ' || c == '\t' ? 1 : wide(i);
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
