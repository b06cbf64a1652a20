#include "object/yaml_scalar.h"

#include "base/text.h"

namespace plumb::object {
namespace {

constexpr size_t kWidth = 80;

// Bytes that need a closer look anywhere in a text; all others are ordinary.
constexpr std::array<bool, 256> make_remarkable() {
  std::array<bool, 256> remarkable{};
  for (size_t c = 0; c < 256; ++c) remarkable[c] = c < 0x20 || c >= 0x7F;
  for (const char c : std::string_view(" :#")) remarkable[static_cast<uint8_t>(c)] = true;
  return remarkable;
}
constexpr auto kRemarkable = make_remarkable();

// A text that starts with one of these is no plain scalar.
constexpr std::string_view kIndicators = "#,[]{}&*!|>'\"%@`";

uint8_t byte_at(std::string_view text, size_t i) {
  return i < text.size() ? static_cast<uint8_t>(text[i]) : 0;
}

size_t length_at(std::string_view text, size_t i) {
  const uint8_t lead = byte_at(text, i);
  return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

// Line breaks of YAML 1.1: CR, LF, NEL, LS, PS.
bool is_break(std::string_view text, size_t i) {
  const uint8_t c = byte_at(text, i);
  if (c == '\r' || c == '\n') return true;
  if (c == 0xC2) return byte_at(text, i + 1) == 0x85;
  return c == 0xE2 && byte_at(text, i + 1) == 0x80 && (byte_at(text, i + 2) | 1) == 0xA9;
}

// Characters above U+FFFF count as unprintable: go-yaml's emitter escapes them.
bool is_printable(std::string_view text, size_t i) {
  const uint8_t c = byte_at(text, i);
  if (c < 0x80) return c == '\n' || (c >= 0x20 && c <= 0x7E);
  const uint8_t next = byte_at(text, i + 1);
  if (c == 0xC2) return next >= 0xA0;
  if (c == 0xED) return next < 0xA0;
  if (c != 0xEF) return c > 0xC2 && c < 0xEF;
  const uint8_t last = byte_at(text, i + 2);
  return !(next == 0xBB && last == 0xBF) && !(next == 0xBF && last >= 0xBE);
}

bool is_blank_or_end(std::string_view text, size_t i) {
  return i >= text.size() || text[i] == ' ' || text[i] == '\t';
}

// Whether the text would be read as something else, or not at all, for its first characters.
bool starts_like_syntax(std::string_view text) {
  if (text.starts_with("---") || text.starts_with("...")) return true;
  const char first = text[0];
  if (first == '?' || first == ':' || first == '-') return is_blank_or_end(text, 1);
  return kIndicators.find(first) != std::string_view::npos;
}

char32_t decode(std::string_view text, size_t i) {
  const size_t length = length_at(text, i);
  char32_t code = byte_at(text, i);
  if (length > 1) code &= 0x7FU >> length;
  for (size_t k = 1; k < length; ++k) code = code << 6 | (byte_at(text, i + k) & 0x3FU);
  return code;
}

// The letter after the backslash, or 0 for characters that are written by their number.
char escape_letter(char32_t code) {
  switch (code) {
    case 0x00: return '0';
    case 0x07: return 'a';
    case 0x08: return 'b';
    case 0x09: return 't';
    case 0x0A: return 'n';
    case 0x0B: return 'v';
    case 0x0C: return 'f';
    case 0x0D: return 'r';
    case 0x1B: return 'e';
    case 0x22: return '"';
    case 0x5C: return '\\';
    case 0x85: return 'N';
    case 0xA0: return '_';
    case 0x2028: return 'L';
    case 0x2029: return 'P';
    default: return 0;
  }
}

void append_escape(std::string& out, char32_t code) {
  out += '\\';
  if (const char letter = escape_letter(code); letter != 0) {
    out += letter;
    return;
  }
  out += code <= 0xFF ? 'x' : code <= 0xFFFF ? 'u' : 'U';
  const int digits = code <= 0xFF ? 2 : code <= 0xFFFF ? 4 : 8;
  for (int k = (digits - 1) * 4; k >= 0; k -= 4) out += "0123456789ABCDEF"[code >> k & 15];
}

}  // namespace

YamlScalarForm analyze_yaml_scalar(std::string_view text) {
  YamlScalarForm form;
  if (text.empty()) {
    form.literal = false;
    return form;
  }
  bool syntax = starts_like_syntax(text);
  bool special = false;      // something that only double quotes can say
  bool space_break = false;  // a space before a line break
  bool break_space = false;
  bool after_break = false;
  for (size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (!kRemarkable[static_cast<uint8_t>(c)]) {
      ++i;
      after_break = false;
      continue;
    }
    if (c == ' ') {
      break_space = break_space || after_break;
      space_break = space_break || (i + 1 < text.size() && is_break(text, i + 1));
      if (byte_at(text, i + 1) == '#') syntax = true;
      after_break = false;
    } else if (c == ':') {
      syntax = syntax || is_blank_or_end(text, i + 1);
      after_break = false;
    } else if (c == '#') {
      syntax = syntax || after_break;
      after_break = false;
    } else {
      special = special || !is_printable(text, i);
      after_break = is_break(text, i);
      form.multiline = form.multiline || after_break;
    }
    i += length_at(text, i);
  }
  const bool break_at_end = after_break;
  const bool space_at_end = text.back() == ' ';
  const bool padded = text[0] == ' ' || is_break(text, 0) || space_at_end || break_at_end;
  form.literal = !space_at_end && !space_break && !special;
  form.single_quoted = !break_space && !space_break && !special;
  form.plain = form.single_quoted && !padded && !form.multiline && !syntax;
  return form;
}

void YamlScalarWriter::next_line(int indent) {
  if (!at_line_start()) return new_line(indent);
  out_.append(static_cast<size_t>(indent), ' ');
}

void YamlScalarWriter::new_line(int indent) {
  out_ += '\n';
  line_start_ = out_.size();
  out_.append(static_cast<size_t>(indent), ' ');
}

size_t YamlScalarWriter::column() const {
  return base::utf8_length(std::string_view(out_).substr(line_start_));
}

// Bytes are at least as many as columns, so most texts need no counting.
bool YamlScalarWriter::may_fold(std::string_view text) const {
  return out_.size() - line_start_ + text.size() > kWidth;
}

void YamlScalarWriter::plain(std::string_view text, int indent, bool fold) {
  if (!fold || !may_fold(text)) {
    out_ += text;
    return;
  }
  size_t column = this->column();
  bool after_space = false;
  for (size_t i = 0; i < text.size();) {
    const size_t length = length_at(text, i);
    const bool space = text[i] == ' ';
    if (space && !after_space && column > kWidth && byte_at(text, i + 1) != ' ') {
      new_line(indent);
      column = static_cast<size_t>(indent);
    } else {
      out_ += text.substr(i, length);
      ++column;
    }
    after_space = space;
    i += length;
  }
}

void YamlScalarWriter::single_quoted(std::string_view text, int indent, bool fold) {
  out_ += '\'';
  size_t column = this->column();
  bool after_space = false;
  bool after_break = false;
  for (size_t i = 0; i < text.size();) {
    const size_t length = length_at(text, i);
    const bool space = text[i] == ' ';
    const bool line_break = is_break(text, i);
    if (space && fold && !after_space && column > kWidth && i > 0 && i + 1 < text.size() &&
        text[i + 1] != ' ') {
      new_line(indent);
      column = static_cast<size_t>(indent);
    } else {
      if (after_break && !space && !line_break) {
        // Past a break that is no LF: such a line is indented like any other.
        for (; column < static_cast<size_t>(indent); ++column) out_ += ' ';
      }
      if (text[i] == '\'') {
        out_ += '\'';
        ++column;
      }
      out_ += text.substr(i, length);
      ++column;
    }
    if (line_break) {
      line_start_ = out_.size();
      column = 0;
    }
    if (!space) after_break = line_break;
    if (space || !line_break) after_space = space;
    i += length;
  }
  out_ += '\'';
}

void YamlScalarWriter::double_quoted(std::string_view text, int indent, bool fold) {
  // go-yaml takes a text that starts with a byte order mark for one that is nothing but such.
  const bool escape_all = text.starts_with("\xEF\xBB\xBF");
  out_ += '"';
  size_t column = this->column();
  bool after_space = false;
  for (size_t i = 0; i < text.size();) {
    const size_t length = length_at(text, i);
    const char c = text[i];
    const bool space = c == ' ' && !escape_all;
    if (escape_all || c == '"' || c == '\\' || !is_printable(text, i) || is_break(text, i)) {
      const size_t before = out_.size();
      append_escape(out_, decode(text, i));
      column += out_.size() - before;
    } else if (space && fold && !after_space && column > kWidth && i > 0 && i + 1 < text.size()) {
      new_line(indent);
      column = static_cast<size_t>(indent);
      if (text[i + 1] == ' ') {
        out_ += '\\';
        ++column;
      }
    } else {
      out_ += text.substr(i, length);
      ++column;
    }
    after_space = space;
    i += length;
  }
  out_ += '"';
}

void YamlScalarWriter::literal(std::string_view text, int indent) {
  out_ += '|';
  if (text[0] == ' ' || is_break(text, 0)) out_ += '2';
  // How many breaks the text ends with: none, one, or more.
  const auto break_before = [&](size_t end) -> size_t {
    size_t start = end - 1;
    while (start > 0 && (text[start] & 0xC0) == 0x80) --start;
    return is_break(text, start) ? end - start : 0;
  };
  const size_t last = break_before(text.size());
  if (last == 0) {
    out_ += '-';
  } else if (last == text.size() || break_before(text.size() - last) != 0) {
    out_ += '+';
  }
  out_ += '\n';
  line_start_ = out_.size();
  bool at_start = true;
  for (size_t i = 0; i < text.size();) {
    const size_t length = length_at(text, i);
    const bool line_break = is_break(text, i);
    if (at_start && !line_break) out_.append(static_cast<size_t>(indent), ' ');
    out_ += text.substr(i, length);
    if (line_break) line_start_ = out_.size();
    at_start = line_break;
    i += length;
  }
}

}  // namespace plumb::object
