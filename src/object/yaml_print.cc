#include "object/yaml_print.h"

#include <algorithm>

#include "base/text.h"
#include "object/yaml_resolve.h"

namespace plumb::object {

namespace {

constexpr size_t kIndent = 2;
constexpr size_t kDash = 2;  // "- "
constexpr size_t kFlowColumns = 80;
constexpr size_t kKeyColumns = 1000;  // a reader looks for the colon within 1024 characters

bool is_blank_line(std::string_view line) {
  return line.find_first_not_of(" \t") == std::string_view::npos;
}

}  // namespace

base::Result<std::string> YamlPrinter::print() {
  bool first = true;
  for (const NodeId id : file_.documents()) {
    document(id, first);
    first = false;
  }
  comments(kNoNode, CommentRole::kFoot, 0);
  if (error_) return *std::move(error_);
  return std::move(out_);
}

void YamlPrinter::document(NodeId id, bool first) {
  const YamlNode& node = file_.node(id);
  const std::string_view prolog = file_.source(node.start, std::max(node.start, node.content));
  const bool directed = node.explicit_start && prolog.find('%') != std::string_view::npos;
  const bool heads = !file_.comments(id, CommentRole::kHead).empty();
  if (!first && (directed || heads)) out_ += "...\n";
  comments(id, CommentRole::kHead, 0);
  if (directed) directives(node);
  if (!first || node.explicit_start) {
    out_ += "---";
    line_comment(id);
    out_ += '\n';
    fresh_ = true;
  }
  root(file_.root(id));
  comments(id, CommentRole::kFoot, 0);
}

void YamlPrinter::directives(const YamlNode& document) {
  for (size_t at = document.start; at < document.content;) {
    const size_t end = line_end(file_.source(), at);
    const std::string_view line = file_.source().substr(at, end - at);
    if (line.starts_with('%')) {
      out_ += base::trim(line.substr(0, line.find('#')));
      out_ += '\n';
    }
    at = end + std::max<size_t>(line_break_at(file_.source(), end), 1);
  }
}

void YamlPrinter::root(NodeId id) {
  const YamlNode& node = file_.node(id);
  if (node.is_block_collection()) return value(id, 0, After::kMarker);
  comments(id, CommentRole::kHead, 0);
  if (file_.is_absent(id)) return comments(id, CommentRole::kLine, 0);
  start_line(node.start, 0);
  if (node.style != YamlStyle::kFlow) return value(id, 0, After::kMarker);
  verbatim(id);
  line_comment(id);
  out_ += '\n';
}

// JSON is kept as its author laid it out, but for line breaks and blanks at their ends.
void YamlPrinter::verbatim(NodeId id) {
  const YamlNode& node = file_.node(id);
  for (size_t at = node.start; at < node.end;) {
    const size_t end = std::min<size_t>(line_end(file_.source(), at), node.end);
    const size_t width = end < node.end ? line_break_at(file_.source(), end) : 0;
    std::string_view line = file_.source().substr(at, end - at);
    const size_t kept = line.find_last_not_of(" \t") + 1;
    const bool escaped = kept > 0 && line[kept - 1] == '\\';  // "\ " is text
    if (width > 0 && !escaped) line = line.substr(0, kept);
    out_ += line;
    if (width == 1 || width == 2) out_ += '\n';
    if (width == 3) out_ += file_.source().substr(end, width);
    at = end + width;
  }
  fresh_ = false;
}

void YamlPrinter::value(NodeId id, size_t indent, After after) {
  const YamlNode& node = file_.node(id);
  if (after != After::kMarker && !file_.is_absent(id)) out_ += ' ';
  properties(id);
  if (node.is_collection()) {
    const std::string_view line = std::string_view(out_).substr(line_begin(out_, out_.size()));
    if (!stays_flow(id, base::utf8_length(line))) return block(id, indent, after);
    flow(id);
  } else if (node.is_block_scalar()) {
    return block_scalar(id, indent);
  } else {
    leaf(id, ScalarPlace::kBlock);
  }
  line_comment(id);
  out_ += '\n';
  // Only an empty collection still has comments of its own to print.
  comments(id, CommentRole::kFoot, indent);
}

// A collection as a block. Its anchor and tag are printed, and a blank where one may be needed.
void YamlPrinter::block(NodeId id, size_t indent, After after) {
  const YamlNode& node = file_.node(id);
  const bool with_properties = node.content > node.start;
  while (out_.ends_with(' ') && (with_properties || after == After::kKey)) out_.pop_back();
  // Behind a dash, and above everything, there is no line to hold a comment: it went above.
  if (after == After::kKey || with_properties) {
    line_comment(id);
    out_ += '\n';
    fresh_ = true;
  }
  const bool inline_first = after == After::kDash && !with_properties;
  const bool sequence_under_key = after == After::kKey && node.kind == YamlKind::kSequence;
  const size_t inner = after == After::kMarker || sequence_under_key ? indent : indent + kIndent;
  if (node.kind == YamlKind::kMapping) return mapping(id, inner, inline_first);
  sequence(id, inner, inline_first, sequence_under_key);
}

void YamlPrinter::mapping(NodeId id, size_t indent, bool inline_first) {
  const std::span<const NodeId> children = file_.children(id);
  for (size_t i = 0; i + 1 < children.size(); i += 2) {
    if (i > 0 || !inline_first) {
      comments(children[i], CommentRole::kHead, indent);
      start_line(file_.node(children[i]).start, indent);
    }
    key(children[i], ScalarPlace::kKey);
    out_ += ':';
    value(children[i + 1], indent, After::kKey);
  }
  comments(id, CommentRole::kFoot, indent);
}

void YamlPrinter::sequence(NodeId id, size_t indent, bool inline_first, bool compact) {
  const std::span<const NodeId> children = file_.children(id);
  for (size_t i = 0; i < children.size(); ++i) {
    if (i > 0 || !inline_first) {
      heads_above_dash(children[i], indent, indent);
      start_line(file_.node(children[i]).start, indent);
    }
    out_ += '-';
    value(children[i], indent, After::kDash);
  }
  // Right below the dashes, a comment would be taken for the next key's; deeper, behind the text of
  // a block scalar, for more of that text.
  const bool deeper = compact && !file_.node(children.back()).is_block_scalar();
  comments(id, CommentRole::kFoot, indent + (deeper ? kIndent : 0));
}

// What belongs to an item, and to the first entries of blocks that start on its line.
void YamlPrinter::heads_above_dash(NodeId item, size_t indent, size_t column) {
  comments(item, CommentRole::kHead, indent);
  const YamlNode& node = file_.node(item);
  if (!node.is_collection() || node.content > node.start) return;
  if (stays_flow(item, column + kDash)) return;
  comments(item, CommentRole::kLine, indent);
  const NodeId first = file_.children(item)[0];
  if (node.kind == YamlKind::kMapping) return comments(first, CommentRole::kHead, indent);
  heads_above_dash(first, indent, column + kDash);
}

void YamlPrinter::properties(NodeId id) {
  const YamlNode& node = file_.node(id);
  for (size_t at = node.start; at < node.content;) {
    const char c = file_.source()[at];
    if (c == '#') {
      at = line_end(file_.source(), at);
    } else if (c != '&' && c != '!') {
      ++at;
    } else {
      const size_t end = property_end(file_.source().substr(0, node.content), at);
      out_ += file_.source().substr(at, end - at);
      out_ += ' ';
      at = end;
    }
  }
}

void YamlPrinter::key(NodeId id, ScalarPlace place) {
  const size_t start = out_.size();
  const YamlNode& node = file_.node(id);
  if (node.is_collection()) return fail(id, "a mapping or sequence as a key");
  properties(id);
  if (node.kind == YamlKind::kScalar && node.content == node.end && !node.is_quoted()) {
    out_ += !file_.is_tagged(id) ? "null" : "\"\"";
  } else {
    leaf(id, place);
  }
  if (node.kind == YamlKind::kAlias) out_ += ' ';
  if (out_.size() - start > kKeyColumns) fail(id, "a key of more than 1,000 characters");
}

void YamlPrinter::leaf(NodeId id, ScalarPlace place) {
  const YamlNode& node = file_.node(id);
  const std::string_view text = file_.text(id);
  if (node.kind == YamlKind::kAlias) {
    out_ += '*';
    out_ += text;
    return;
  }
  if (node.style == YamlStyle::kPlain && node.content == node.end) {
    // Nothing is written but, perhaps, an anchor or a tag.
    if (place != ScalarPlace::kFlow && out_.ends_with(' ')) out_.pop_back();
    return;
  }
  const bool tagged = file_.is_tagged(id);
  // What its author left plain may stay so: between brackets it had to be safe there before.
  const bool plain = node.style == YamlStyle::kPlain && may_be_plain(text, ScalarPlace::kBlock);
  const YamlStyle wish = tagged && !plain ? YamlStyle::kDouble : YamlStyle::kPlain;
  append_scalar(out_, text, plain ? YamlStyle::kPlain : style_for(text, place, wish));
}

void YamlPrinter::block_scalar(NodeId id, size_t indent) {
  const std::string_view text = file_.text(id);
  const std::vector<std::string_view> lines = block_scalar_lines(file_, id);
  const bool exotic_breaks = text.find("\xc2\x85") != std::string_view::npos ||
                             text.find("\xe2\x80\xa8") != std::string_view::npos ||
                             text.find("\xe2\x80\xa9") != std::string_view::npos;
  if (text.empty() || exotic_breaks) {
    append_scalar(out_, text, YamlStyle::kDouble);
    line_comment(id);
    out_ += '\n';
    return;
  }
  out_ += file_.node(id).style == YamlStyle::kLiteral ? '|' : '>';
  const std::string_view first = lines.empty() ? std::string_view() : lines[0];
  if (first.empty() || first[0] == ' ' || first[0] == '\t') out_ += std::to_string(kIndent);
  const bool kept = text.ends_with("\n\n") || text == "\n";
  if (!text.ends_with('\n')) out_ += '-';
  if (kept) out_ += '+';
  line_comment(id);
  out_ += '\n';
  for (const std::string_view line : lines) {
    if (!line.empty()) out_.append(indent + kIndent, ' ').append(line);
    out_ += '\n';
  }
  fresh_ = kept;
}

std::vector<std::string_view> block_scalar_lines(const YamlFile& file, NodeId id) {
  const YamlNode& node = file.node(id);
  const std::string_view source = file.source().substr(0, node.end);
  size_t at = line_end(source, node.content);
  const std::string_view header = source.substr(node.content, at - node.content);
  at += line_break_at(source, at);
  std::vector<std::string_view> lines;
  while (at < source.size()) {
    const size_t end = line_end(source, at);
    lines.push_back(source.substr(at, end - at));
    at = end + line_break_at(source, end);
  }
  // How far the text is indented: by so much more than the block around it, or as its first line.
  NodeId around = node.parent;
  while (around != kNoNode && !file.node(around).is_block_collection()) {
    around = file.node(around).parent;
  }
  const size_t outer = around == kNoNode ? 0 : file.node(around).block_column;
  const size_t digit = header.substr(0, header.find('#')).find_first_of("123456789");
  size_t indent = around == kNoNode ? 1 : outer + 1;
  if (digit != std::string_view::npos) {
    indent = outer + static_cast<size_t>(header[digit] - '0');
  } else {
    for (const std::string_view line : lines) {
      const size_t text = line.find_first_not_of(' ');
      indent = std::max(indent, std::min(text, line.size()));
      if (text != std::string_view::npos) break;
    }
  }
  for (std::string_view& line : lines) {
    line.remove_prefix(std::min({indent, line.size(), line.find_first_not_of(' ')}));
  }
  const std::string_view text = file.text(id);
  const bool broken = text.ends_with('\n');
  const bool only_breaks = text.find_first_not_of('\n') == std::string_view::npos;
  if (broken && (only_breaks || text.ends_with("\n\n"))) {
    // Every empty line counts, but for blanks behind the last break of the text.
    if (!lines.empty() && lines.back().empty() && line_break_at(source, source.size() - 1) == 0) {
      lines.pop_back();
    }
  } else {
    while (!lines.empty() && lines.back().empty()) lines.pop_back();
  }
  return lines;
}

void YamlPrinter::flow(NodeId id) {
  const YamlNode& node = file_.node(id);
  const bool mapping = node.kind == YamlKind::kMapping;
  out_ += mapping ? '{' : '[';
  const std::span<const NodeId> children = file_.children(id);
  for (size_t i = 0; i < children.size(); ++i) {
    const bool is_value = mapping && i % 2 == 1;
    if (is_value && file_.is_absent(children[i])) continue;
    if (i > 0) out_ += is_value ? ": " : ", ";
    if (mapping && !is_value) {
      key(children[i], ScalarPlace::kFlow);
      continue;
    }
    properties(children[i]);
    if (file_.node(children[i]).is_collection()) {
      flow(children[i]);
    } else {
      leaf(children[i], ScalarPlace::kFlow);
    }
  }
  out_ += mapping ? '}' : ']';
}

bool YamlPrinter::stays_flow(NodeId id, size_t column) {
  const YamlNode& node = file_.node(id);
  if (node.style != YamlStyle::kFlow) return false;
  if (file_.children(id).empty()) return true;
  if (has_comments_inside(node)) return false;
  const size_t before = out_.size();
  flow(id);
  const size_t width = base::utf8_length(std::string_view(out_).substr(before));
  out_.resize(before);
  return column + width <= kFlowColumns;
}

bool YamlPrinter::has_comments_inside(const YamlNode& node) const {
  const std::span<const YamlComment> all = file_.comments();
  const auto next = std::ranges::lower_bound(all, node.content, {}, &YamlComment::start);
  return next != all.end() && next->start < node.end;
}

void YamlPrinter::start_line(uint32_t offset, size_t indent) {
  const std::string_view source = file_.source();
  // Where something else comes first on the line, its empty line is not ours.
  size_t line = offset;
  while (line > 0 && std::string_view(" \t-?").find(source[line - 1]) != std::string_view::npos) {
    --line;
  }
  const bool leads = is_line_begin(source, line);
  if (!fresh_ && leads && line > 0) {
    const size_t above = line_begin(source, line - 1);
    if (is_blank_line(source.substr(above, line_end(source, above) - above))) out_ += '\n';
  }
  fresh_ = false;
  out_.append(indent, ' ');
}

void YamlPrinter::comments(NodeId owner, CommentRole role, size_t indent) {
  for (const YamlComment& comment : file_.comments(owner, role)) {
    start_line(comment.start, indent);
    out_ += file_.text(comment);
    out_ += '\n';
  }
}

void YamlPrinter::line_comment(NodeId owner) {
  for (const YamlComment& comment : file_.comments(owner, CommentRole::kLine)) {
    out_ += ' ';
    out_ += file_.text(comment);
  }
}

void YamlPrinter::fail(NodeId id, const std::string& what) {
  if (error_) return;
  error_ = base::unsupported(what + " can't be formatted")
               .at(file_.place(id))
               .advise("Kubernetes has no such keys; if this is a template, format its source");
}

}  // namespace plumb::object
