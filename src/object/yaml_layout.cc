#include "object/yaml_layout.h"

#include <algorithm>

#include "object/json.h"

namespace plumb::object {

namespace {

bool is_block(const Value& value) { return !value.is_scalar() && !value.empty(); }

}  // namespace

YamlLayout YamlLayout::of(const YamlFile& file) {
  YamlLayout layout;
  const std::string_view source = file.source();
  const size_t end = line_end(source, 0);
  if (const size_t width = line_break_at(source, end); width == 1 || width == 2) {
    const std::string_view first = source.substr(end, width);
    if (first == "\r\n" || first == "\r") layout.line_break = first;
  }
  bool mapping_seen = false;
  bool sequence_seen = false;
  for (NodeId id = 0; id < file.size() && !(mapping_seen && sequence_seen); ++id) {
    const YamlNode& node = file.node(id);
    if (!node.is_block_collection() || node.parent == kNoNode) continue;
    const YamlNode& parent = file.node(node.parent);
    if (parent.kind != YamlKind::kMapping || node.block_column < parent.block_column) continue;
    const size_t indent = node.block_column - parent.block_column;
    if (node.kind == YamlKind::kMapping && !mapping_seen && indent > 0) {
      mapping_seen = true;
      layout.mapping_indent = std::min<size_t>(indent, 8);
    } else if (node.kind == YamlKind::kSequence && !sequence_seen) {
      sequence_seen = true;
      layout.sequence_indent = std::min<size_t>(indent, 8);
    }
  }
  // A block at the end of a text without a last line break would lose its own last break.
  layout.literals = source.empty() || line_begin(source, source.size()) == source.size();
  return layout;
}

YamlPiece YamlValueWriter::behind_key(const Value& value, size_t indent, YamlStyle wish) {
  YamlPiece piece;
  if (is_block(value)) {
    behind_key(piece.tail, value, indent);
    return piece;
  }
  scalar(piece.head, value, indent, wish);
  const size_t end = std::min(piece.head.find(layout_.line_break), piece.head.size());
  piece.tail = piece.head.substr(end);
  piece.head.resize(end);
  return piece;
}

YamlPiece YamlValueWriter::in_place(const Value& value, size_t column, size_t outer,
                                    YamlStyle wish) {
  if (!is_block(value)) return behind_key(value, outer, wish);
  YamlPiece piece;
  if (value.is_object()) {
    mapping(piece.head, value, column, true);
  } else {
    sequence(piece.head, value, column, true);
  }
  const size_t end = std::min(piece.head.find(layout_.line_break), piece.head.size());
  piece.tail = piece.head.substr(end);
  piece.head.resize(end);
  return piece;
}

std::string YamlValueWriter::key(std::string_view key) const {
  std::string out;
  append_scalar(out, key, style_for(key, ScalarPlace::kKey));
  out += ':';
  return out;
}

std::string YamlValueWriter::flow(const Value& value, bool json, YamlStyle wish) const {
  if (json) return to_json(value, {.indent = 0, .escape_html = false});
  std::string out;
  const auto text = [&](std::string_view string, YamlStyle style) {
    append_scalar(out, string, style_for(string, ScalarPlace::kFlow, style));
  };
  if (value.is_string()) {
    text(value.as_string(), wish);
  } else if (value.is_object()) {
    for (const Member& member : value.members()) {
      out += out.empty() ? "{" : ", ";
      text(member.key(), YamlStyle::kPlain);
      out += ": " + flow(member.value, json);
    }
    out += value.empty() ? "{}" : "}";
  } else if (value.is_array()) {
    for (const Value& item : value.items()) {
      out += out.empty() ? "[" : ", ";
      out += flow(item, json);
    }
    out += value.empty() ? "[]" : "]";
  } else {
    append_json(out, value);
  }
  return out;
}

void YamlValueWriter::mapping(std::string& out, const Value& value, size_t indent,
                              bool inline_first) const {
  for (const Member& member : value.members()) {
    if (!inline_first) new_line(out, indent);
    inline_first = false;
    out += key(member.key());
    behind_key(out, member.value, indent);
  }
}

void YamlValueWriter::sequence(std::string& out, const Value& value, size_t indent,
                               bool inline_first) const {
  for (const Value& item : value.items()) {
    if (!inline_first) new_line(out, indent);
    inline_first = false;
    out += '-';
    behind_dash(out, item, indent);
  }
}

void YamlValueWriter::behind_key(std::string& out, const Value& value, size_t indent) const {
  if (!is_block(value)) {
    out += ' ';
    scalar(out, value, indent, YamlStyle::kPlain);
  } else if (value.is_object()) {
    mapping(out, value, indent + layout_.mapping_indent, false);
  } else {
    sequence(out, value, indent + layout_.sequence_indent, false);
  }
}

void YamlValueWriter::behind_dash(std::string& out, const Value& value, size_t indent) const {
  out += ' ';
  if (!is_block(value)) {
    scalar(out, value, indent, YamlStyle::kPlain);
  } else if (value.is_object()) {
    mapping(out, value, indent + 2, true);
  } else {
    sequence(out, value, indent + 2, true);
  }
}

// A scalar or an empty collection. The lines of a literal stand two columns right of `indent`.
void YamlValueWriter::scalar(std::string& out, const Value& value, size_t indent,
                             YamlStyle wish) const {
  if (!value.is_string()) {
    append_json(out, value);
    return;
  }
  const std::string_view text = value.as_string();
  if (wish == YamlStyle::kPlain && text.find('\n') != std::string_view::npos) {
    wish = YamlStyle::kLiteral;
  }
  if (!layout_.literals && (wish == YamlStyle::kLiteral || wish == YamlStyle::kFolded)) {
    wish = YamlStyle::kDouble;
  }
  const YamlStyle style = style_for(text, ScalarPlace::kBlock, wish);
  if (style != YamlStyle::kLiteral) return append_scalar(out, text, style);
  out += '|';
  if (text[0] == ' ' || text[0] == '\n' || text[0] == '\t') out += '2';
  if (!text.ends_with('\n')) out += '-';
  if (text.ends_with("\n\n") || text == "\n") out += '+';
  std::string_view rest = text.ends_with('\n') ? text.substr(0, text.size() - 1) : text;
  while (true) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    out += layout_.line_break;
    if (end > 0) out.append(indent + 2, ' ').append(rest.substr(0, end));
    if (end == rest.size()) break;
    rest.remove_prefix(end + 1);
  }
}

void YamlValueWriter::new_line(std::string& out, size_t indent) const {
  out += layout_.line_break;
  out.append(indent, ' ');
}

}  // namespace plumb::object
