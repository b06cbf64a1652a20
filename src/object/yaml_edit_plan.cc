#include "object/yaml_edit_plan.h"

#include <algorithm>

#include "base/text.h"
#include "object/yaml_print.h"

namespace plumb::object {

namespace {

using base::Status;

bool is_block(const Value& value) { return !value.is_scalar() && !value.empty(); }

bool is_blank(char c) { return c == ' ' || c == '\t'; }

}  // namespace

Status YamlEditPlan::replace(NodeId id, const Value& value) {
  const YamlNode& node = file_.node(id);
  if (!in_flow(id)) {
    const YamlNode& parent = file_.node(node.parent);
    if (parent.kind != YamlKind::kMapping) return replace_in_place(id, value);
    const std::span<const NodeId> children = file_.children(node.parent);
    const NodeId key = *(std::ranges::find(children, id) - 1);
    const std::optional<uint32_t> colon = colon_end(key);
    if (colon) return replace_behind_key(id, value, *colon);
    return base::unsupported("the key is written without a colon").at(file_.place(key));
  }
  const YamlNode& parent = file_.node(node.parent);
  const bool json = parent.is_collection() && is_json(node.parent);
  const std::string text = writer_.flow(value, json, node.style);
  if (node.content < node.end) {
    splice(node.content, node.end, text);
    return base::ok();
  }
  const std::span<const NodeId> children = file_.children(node.parent);
  const NodeId key = *(std::ranges::find(children, id) - 1);
  const std::optional<uint32_t> colon = colon_end(key);
  const bool anchored = node.start < node.end;
  const uint32_t at = anchored ? node.end : colon ? *colon : file_.node(key).end;
  splice(at, at, (colon || anchored ? " " : ": ") + text);
  return base::ok();
}

// The value of a key in block context. What stands on the key's line goes right behind the colon,
// or behind an anchor; the comment on that line stays there.
Status YamlEditPlan::replace_behind_key(NodeId id, const Value& value, uint32_t colon) {
  const YamlNode& node = file_.node(id);
  const size_t indent = file_.node(node.parent).block_column;
  const YamlStyle wish =
      node.kind == YamlKind::kScalar && node.content < node.end ? node.style : YamlStyle::kPlain;
  YamlPiece piece = writer_.behind_key(value, indent, wish);
  uint32_t from = node.start < node.content ? node.start : colon;
  if (from < node.content && file_.source()[from] == '&') {
    from = static_cast<uint32_t>(property_end(file_.source(), from));
  }
  if (!piece.head.empty()) piece.head.insert(0, " ");
  const uint32_t to = std::max(value_end(id), from);
  const auto line = static_cast<uint32_t>(line_begin(file_.source(), node.content));
  const auto key_line_end = static_cast<uint32_t>(line_end(file_.source(), from));
  const bool comments_below = key_line_end < line && has_comment_between(key_line_end, line);
  if (!has_comment_between(from, node.content) || (!comments_below && !piece.head.empty())) {
    put(id, from, to, std::move(piece));
    return base::ok();
  }
  // Comments stand between the key and its value: they stay, and the new value below them.
  if (piece.head.empty()) {
    uint32_t last = from;
    for (const YamlComment& comment : file_.comments()) {
      if (comment.start >= from && comment.start < node.content) last = comment.end;
    }
    splice(last, to, piece.tail);
    return base::ok();
  }
  piece.head.erase(0, 1);
  splice(line, node.content, std::string(indent + layout_.mapping_indent, ' '));
  put(id, node.content, to, std::move(piece));
  return base::ok();
}

// An item or a root in block context.
Status YamlEditPlan::replace_in_place(NodeId id, const Value& value) {
  const YamlNode& node = file_.node(id);
  const YamlNode& parent = file_.node(node.parent);
  const bool root = parent.kind == YamlKind::kDocument;
  const bool anchored =
      node.start < node.content || (node.start < node.end && node.content == node.end);
  const YamlStyle wish =
      node.kind == YamlKind::kScalar && node.content < node.end ? node.style : YamlStyle::kPlain;
  const size_t outer = root ? 0 : parent.block_column;
  const uint32_t to = value_end(id);
  if (root && file_.is_absent(id)) {
    const YamlPiece piece = writer_.in_place(value, 0, 0, wish);
    const bool at_start = line_begin(file_.source(), node.start) == node.start;
    std::string text = piece.head + piece.tail;
    if (!at_start) text.insert(0, layout_.line_break);
    if (at_start) text += layout_.line_break;
    splice(node.start, node.start, std::move(text));
    return base::ok();
  }
  const bool own_line = is_block(value) && (anchored || (root && !leads_line(node.content)));
  if (own_line) {
    const size_t column = root ? 0 : outer + 2;
    YamlPiece piece = writer_.in_place(value, column, outer);
    piece.tail = layout_.line_break + std::string(column, ' ') + piece.head + piece.tail;
    piece.head.clear();
    uint32_t from = node.content;
    while (from > 0 && is_blank(file_.source()[from - 1])) --from;
    put(id, from, to, std::move(piece));
    return base::ok();
  }
  const bool absent = node.content == node.end;
  const size_t column = absent ? column0(node.content) + 1 : column0(node.content);
  YamlPiece piece = writer_.in_place(value, column, outer, wish);
  if (absent) piece.head.insert(0, " ");
  put(id, node.content, to, std::move(piece));
  return base::ok();
}

// Replaces a range that ends a value: the piece's head stands there, its tail behind the comment on
// that line.
void YamlEditPlan::put(NodeId id, uint32_t from, uint32_t to, YamlPiece piece) {
  const std::vector<YamlComment> line = file_.comments(id, CommentRole::kLine);
  if (line.empty() || line[0].start < from) {
    splice(from, to, piece.head + piece.tail);
  } else if (line[0].start < to) {
    // In the header of a block scalar, or on the line of a key whose block goes.
    splice(from, to, piece.head + " " + std::string(file_.text(line[0])) + piece.tail);
  } else {
    splice(from, to, std::move(piece.head));
    splice(line[0].end, line[0].end, std::move(piece.tail));
  }
}

Status YamlEditPlan::insert_key(NodeId mapping, size_t position, std::string_view key,
                                const Value& value) {
  const YamlNode& node = file_.node(mapping);
  const std::span<const NodeId> children = file_.children(mapping);
  if (node.style == YamlStyle::kFlow) {
    const bool json = is_json(mapping);
    const Value pair = Value::object({{key, value}});
    std::string text = writer_.flow(pair, json);
    text = text.substr(1, text.size() - 2);
    if (json) text.insert(text.find("\":") + 2, " ");
    if (position >= children.size() / 2) {
      insert_in_flow(mapping, text);
    } else {
      const uint32_t at = file_.node(children[2 * position]).start;
      splice(at, at, text + ", ");
    }
    return base::ok();
  }
  const size_t indent = node.block_column;
  const YamlPiece piece = writer_.behind_key(value, indent);
  const std::string text =
      writer_.key(key) + (piece.head.empty() ? "" : " ") + piece.head + piece.tail;
  if (position >= children.size() / 2) {
    insert_line_behind(mapping, text);
    return base::ok();
  }
  const NodeId before = children[2 * position];
  PLUMB_CHECK_OK(no_question_mark(before));
  const std::string margin(indent, ' ');
  if (leads_line(file_.node(before).start)) {
    const uint32_t at = own_lines_start(before);
    splice(at, at, margin + text + layout_.line_break);
  } else {
    const uint32_t at = file_.node(before).start;
    splice(at, at, text + layout_.line_break + margin);
  }
  return base::ok();
}

Status YamlEditPlan::append(NodeId sequence, const Value& item) {
  const YamlNode& node = file_.node(sequence);
  if (node.style == YamlStyle::kFlow) {
    insert_in_flow(sequence, writer_.flow(item, is_json(sequence)));
    return base::ok();
  }
  const YamlPiece piece = writer_.in_place(item, node.block_column + 2, node.block_column);
  insert_line_behind(sequence, "- " + piece.head + piece.tail);
  return base::ok();
}

// Behind the last entry of a block, and what else stands on its last line.
void YamlEditPlan::insert_line_behind(NodeId collection, const std::string& text) {
  const NodeId leaf = last_leaf(collection);
  const YamlNode& last = file_.node(leaf);
  const std::string_view source = file_.source();
  if (last.is_block_scalar() && last.end == source.size() && !file_.text(leaf).ends_with('\n') &&
      !file_.text(leaf).empty()) {
    // Its text ends without a line break only for standing at the end of the file.
    const size_t end = line_end(source, last.content);
    size_t sign = source.substr(0, end).find_first_of("+- \t#", last.content);
    if (sign == std::string_view::npos) sign = end;
    if (sign == end || source[sign] != '-') {
      splice(sign, sign < end && source[sign] == '+' ? sign + 1 : sign, "-");
    }
  }
  const size_t at = line_end(source, text_end(collection));
  splice(at, at, layout_.line_break + std::string(file_.node(collection).block_column, ' ') + text);
}

void YamlEditPlan::insert_in_flow(NodeId collection, const std::string& text) {
  const YamlNode& node = file_.node(collection);
  const std::span<const NodeId> children = file_.children(collection);
  if (children.empty()) {
    splice(node.content + 1, node.content + 1, text);
    return;
  }
  const NodeId last = children.back();
  const NodeId entry = node.kind == YamlKind::kMapping ? children[children.size() - 2] : last;
  const uint32_t end = file_.node(last).end;
  const uint32_t start = file_.node(entry).start;
  if (!leads_line(start)) {
    splice(end, end, ", " + text);
    return;
  }
  // One entry a line: the new one too, behind the comment of the last.
  const std::string line = layout_.line_break + std::string(column0(start), ' ') + text;
  size_t comma = end;
  while (comma < node.end && file_.source()[comma] != ',' && file_.source()[comma] != '#' &&
         file_.source()[comma] != ']' && file_.source()[comma] != '}') {
    ++comma;
  }
  const bool trailing = file_.source()[comma] == ',';
  const std::vector<YamlComment> comment = file_.comments(last, CommentRole::kLine);
  if (comment.empty()) {
    const size_t at = trailing ? comma + 1 : end;
    splice(at, at, (trailing ? "" : ",") + line + (trailing ? "," : ""));
    return;
  }
  if (!trailing) splice(end, end, ",");
  splice(comment[0].end, comment[0].end, line + (trailing ? "," : ""));
}

Status YamlEditPlan::remove(NodeId entry) {
  const YamlNode& node = file_.node(entry);
  const NodeId parent = node.parent;
  const bool mapping = file_.node(parent).kind == YamlKind::kMapping;
  const std::span<const NodeId> children = file_.children(parent);
  const auto index = static_cast<size_t>(std::ranges::find(children, entry) - children.begin());
  const size_t width = mapping ? 2 : 1;
  const NodeId last = children[index + width - 1];
  if (file_.node(parent).style == YamlStyle::kFlow) return remove_from_flow(entry, last);
  PLUMB_CHECK_OK(no_question_mark(entry));
  if (children.size() == width) return remove_only(entry);
  const NodeId next = index + width < children.size() ? children[index + width] : kNoNode;
  const uint32_t end = static_cast<uint32_t>(line_end(file_.source(), text_end(last)));
  remove_lines(entry, next, entry_start(entry), end);
  return base::ok();
}

void YamlEditPlan::remove_lines(NodeId entry, NodeId next, uint32_t start, uint32_t end) {
  const std::string_view source = file_.source();
  if (!leads_line(start)) {
    // The first of a block that starts behind a dash: the next one, or its comment, moves there.
    uint32_t to = past_line(end);
    const uint32_t limit = entry_start(next);
    while (to < limit && (is_blank(source[to]) || line_break_at(source, to) > 0)) ++to;
    splice(start, to, "");
    return;
  }
  const uint32_t from = own_lines_start(entry);
  uint32_t to = past_line(end);
  // Empty lines must not run into a block scalar above that counts them.
  NodeId above = entry;
  while (above > 0 && file_.node(above - 1).end > from) --above;
  if (above > 0 && keeps_breaks(above - 1)) {
    while (to < source.size()) {
      const size_t stop = line_end(source, to);
      const bool blank = base::trim(source.substr(to, stop - to)).empty();
      if (!blank || stop == source.size()) break;
      to = past_line(static_cast<uint32_t>(stop));
    }
  }
  splice(from, to, "");
}

// The last entry of a block leaves {} or [] in the block's place.
Status YamlEditPlan::remove_only(NodeId entry) {
  const NodeId parent = file_.node(entry).parent;
  const YamlNode& node = file_.node(parent);
  const Value empty = node.kind == YamlKind::kMapping ? Value::object() : Value::array();
  const uint32_t own = own_lines_start(entry);
  const uint32_t line = static_cast<uint32_t>(line_begin(file_.source(), entry_start(entry)));
  if (own < line) splice(own, line, "");
  dropped_ = {own, line};
  return replace(parent, empty);
}

Status YamlEditPlan::remove_from_flow(NodeId first, NodeId last) {
  const std::string_view source = file_.source();
  const NodeId parent = file_.node(first).parent;
  const YamlNode& node = file_.node(parent);
  const std::span<const NodeId> children = file_.children(parent);
  const uint32_t start = file_.node(first).start;
  uint32_t end = file_.node(last).end;
  if (source[node.content] != '{' && source[node.content] != '[') {
    return base::unsupported("the only pair of a mapping without braces can't be removed")
        .at(file_.place(first));
  }
  const std::vector<YamlComment> own = file_.comments(last, CommentRole::kLine);
  const auto skip_blanks = [&](uint32_t at) {
    while (at < node.end && is_blank(source[at])) ++at;
    return at;
  };
  const auto comma_behind = [&](uint32_t at) {
    while (source[at] != ',' && source[at] != ']' && source[at] != '}') {
      at = source[at] == '#' ? static_cast<uint32_t>(line_end(source, at)) : at + 1;
    }
    return at;
  };
  const uint32_t comma = comma_behind(end);
  if (source[comma] == ',') {
    if (has_comment_between(end, comma) && own.empty()) {
      return base::unsupported("a comment stands before the comma").at(file_.place(first));
    }
    end = comma + 1;
  } else if (first != children[0]) {
    // The last one goes with the comma before it.
    const uint32_t before = comma_behind(file_.node(*(std::ranges::find(children, first) - 1)).end);
    splice(before, before + 1, "");
  }
  if (!own.empty()) end = std::max(end, own[0].end);
  end = skip_blanks(end);
  uint32_t from = start;
  if (leads_line(start) && line_break_at(source, end) > 0) {
    from = own_lines_start(first);
    end = past_line(end);
  } else if (source[comma] != ',') {
    const uint32_t previous =
        first == children[0] ? start : file_.node(*(std::ranges::find(children, first) - 1)).end;
    while (from > previous && is_blank(source[from - 1])) --from;
    end = comma;
    if (has_comment_between(file_.node(last).end, comma)) end = file_.node(last).end;
  }
  splice(from, end, "");
  return base::ok();
}

void YamlEditPlan::add_document(const Value& value) {
  const std::string_view source = file_.source();
  const YamlPiece piece = writer_.in_place(value, 0, 0);
  const bool at_start = line_begin(source, source.size()) == source.size();
  splice(source.size(), source.size(),
         (at_start ? "" : layout_.line_break) + piece.head + piece.tail +
             (at_start ? layout_.line_break : ""));
}

bool YamlEditPlan::in_flow(NodeId id) const {
  const NodeId parent = file_.node(id).parent;
  return parent != kNoNode && file_.node(parent).style == YamlStyle::kFlow;
}

// Whether the text around writes strings as JSON does.
bool YamlEditPlan::is_json(NodeId flow) const {
  for (NodeId id = flow; file_.node(id).style == YamlStyle::kFlow; id = file_.node(id).parent) {
    const std::span<const NodeId> children = file_.children(id);
    if (children.empty()) continue;
    const YamlNode& first = file_.node(children[0]);
    if (first.kind == YamlKind::kScalar) return first.style == YamlStyle::kDouble;
  }
  return false;
}

std::optional<uint32_t> YamlEditPlan::colon_end(NodeId key) const {
  const std::string_view source = file_.source();
  for (size_t at = file_.node(key).end; at < source.size();) {
    if (source[at] == ':') return static_cast<uint32_t>(at + 1);
    if (source[at] == '#') {
      at = line_end(source, at);
    } else if (is_blank(source[at])) {
      ++at;
    } else if (const size_t width = line_break_at(source, at); width > 0) {
      at += width;
    } else {
      break;
    }
  }
  return std::nullopt;
}

uint32_t YamlEditPlan::entry_start(NodeId entry) const {
  const YamlNode& node = file_.node(entry);
  const YamlNode& parent = file_.node(node.parent);
  if (parent.kind != YamlKind::kSequence || !parent.is_block_collection()) return node.start;
  const std::span<const NodeId> children = file_.children(node.parent);
  const auto at = std::ranges::find(children, entry);
  uint32_t from = at == children.begin() ? parent.content : file_.node(*(at - 1)).end;
  while (from < node.start && file_.source()[from] != '-') {
    from = file_.source()[from] == '#' ? static_cast<uint32_t>(line_end(file_.source(), from))
                                       : from + 1;
  }
  return from;
}

// As text_end, but past the comment behind the last entry of a block, which goes with the block.
uint32_t YamlEditPlan::value_end(NodeId id) const {
  const NodeId leaf = last_leaf(id);
  const uint32_t end = text_end(id);
  const std::vector<YamlComment> line = file_.comments(leaf, CommentRole::kLine);
  return leaf == id || line.empty() ? end : std::max(end, line[0].end);
}

Status YamlEditPlan::no_question_mark(NodeId entry) const {
  const YamlNode& node = file_.node(entry);
  const std::span<const NodeId> children = file_.children(node.parent);
  const auto at = std::ranges::find(children, entry);
  uint32_t from =
      at == children.begin() ? file_.node(node.parent).content : file_.node(*(at - 1)).end;
  while (from < node.start && file_.source()[from] != '?') {
    from = file_.source()[from] == '#' ? static_cast<uint32_t>(line_end(file_.source(), from))
                                       : from + 1;
  }
  if (from >= node.start) return base::ok();
  return base::unsupported("this key is written with a question mark").at(file_.place(entry));
}

NodeId YamlEditPlan::last_leaf(NodeId id) const {
  while (file_.node(id).is_block_collection()) id = file_.children(id).back();
  return id;
}

bool YamlEditPlan::keeps_breaks(NodeId leaf) const {
  const YamlNode& node = file_.node(leaf);
  if (!node.is_block_scalar()) return false;
  const std::string_view header =
      file_.source().substr(node.content, line_end(file_.source(), node.content) - node.content);
  return header.substr(0, header.find('#')).find('+') != std::string_view::npos;
}

uint32_t YamlEditPlan::text_end(NodeId id) const {
  const NodeId leaf = last_leaf(id);
  const YamlNode& node = file_.node(leaf);
  if (!node.is_block_scalar()) return node.end;
  const std::string_view source = file_.source();
  size_t end = node.end;
  const size_t header = line_end(source, node.content);
  const auto before_break = [&](size_t at) {
    const size_t line = line_begin(source, at);
    if (line != at || line <= header) return at;
    size_t last = line - 1;
    while (last > header && line_break_at(source, last) == 0) --last;
    return last > 0 && line_break_at(source, last - 1) == 2 ? last - 1 : last;
  };
  end = before_break(end);
  if (keeps_breaks(leaf)) return static_cast<uint32_t>(std::max(end, header));
  // Empty lines at the end do not count.
  while (end > header) {
    const size_t line = line_begin(source, end);
    const bool blank =
        source.substr(line, end - line).find_first_not_of(' ') == std::string_view::npos;
    if (!blank || line <= header) break;
    end = before_break(line);
  }
  return static_cast<uint32_t>(std::max(end, header));
}

bool YamlEditPlan::leads_line(uint32_t offset) const {
  const size_t line = line_begin(file_.source(), offset);
  return file_.source().substr(line, offset - line).find_first_not_of(" \t") ==
         std::string_view::npos;
}

uint32_t YamlEditPlan::own_lines_start(NodeId entry) const {
  const std::string_view source = file_.source();
  size_t line = line_begin(source, entry_start(entry));
  const std::vector<YamlComment> heads = file_.comments(entry, CommentRole::kHead);
  for (size_t i = heads.size(); i > 0; --i) {
    if (!heads[i - 1].own_line || heads[i - 1].start > line) continue;
    if (heads[i - 1].end > line || past_line(heads[i - 1].end) != line) break;
    line = line_begin(source, heads[i - 1].start);
  }
  return static_cast<uint32_t>(line);
}

size_t YamlEditPlan::column0(uint32_t offset) const { return file_.column_of(offset) - 1; }

uint32_t YamlEditPlan::past_line(uint32_t offset) const {
  const size_t end = line_end(file_.source(), offset);
  return static_cast<uint32_t>(end + line_break_at(file_.source(), end));
}

bool YamlEditPlan::has_comment_between(uint32_t from, uint32_t to) const {
  return std::ranges::any_of(file_.comments(), [&](const YamlComment& comment) {
    const bool dropped = comment.start >= dropped_.first && comment.start < dropped_.second;
    return comment.start >= from && comment.start < to && !dropped;
  });
}

void YamlEditPlan::splice(size_t start, size_t end, std::string text) {
  splices_.push_back({start, std::max(start, end), std::move(text)});
}

}  // namespace plumb::object
