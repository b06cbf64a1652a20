#include "object/yaml_node.h"

#include <algorithm>

#include "base/text.h"
#include "object/yaml_resolve.h"

namespace plumb::object {

using base::Result;

std::span<const NodeId> YamlFile::children(NodeId id) const {
  const YamlNode& node = nodes_[id];
  return std::span(children_).subspan(node.first_child_, node.child_count_);
}

std::string_view YamlFile::text(NodeId id) const {
  const YamlNode& node = nodes_[id];
  return std::string_view(texts_).substr(node.text_start_, node.text_size_);
}

std::string_view YamlFile::anchor(NodeId id) const {
  const YamlNode& node = nodes_[id];
  return std::string_view(texts_).substr(node.text_start_ + node.text_size_, node.anchor_size_);
}

std::string_view YamlFile::tag(NodeId id) const {
  const YamlNode& node = nodes_[id];
  return std::string_view(texts_).substr(node.text_start_ + node.text_size_ + node.anchor_size_,
                                         node.tag_size_);
}

size_t YamlFile::tag_start(NodeId id) const {
  const YamlNode& node = nodes_[id];
  for (size_t at = node.start; at < node.content;) {
    switch (source_[at]) {
      case '!': return at;
      case '&': at = property_end(source_, at); break;
      case '#': at = line_end(source_, at); break;
      default: ++at;
    }
  }
  return std::string_view::npos;
}

bool YamlFile::is_absent(NodeId id) const {
  const YamlNode& node = nodes_[id];
  return node.kind == YamlKind::kScalar && node.start == node.end;
}

NodeId YamlFile::find(NodeId mapping, std::string_view key) const {
  const std::span<const NodeId> entries = children(mapping);
  for (size_t i = entries.size(); i >= 2; i -= 2) {
    const NodeId id = entries[i - 2];
    if (node(id).kind == YamlKind::kScalar && text(id) == key) return entries[i - 1];
  }
  return kNoNode;
}

Result<NodeId> YamlFile::find(NodeId from, const YamlPath& path) const {
  NodeId at = from;
  for (size_t depth = 0; depth < path.size(); ++depth) {
    const auto fail = [&](base::Error error) {
      base::Place where = place(at);
      where.field = to_string(YamlPath(path.begin(), path.begin() + static_cast<ptrdiff_t>(depth)));
      return std::move(error).at(std::move(where));
    };
    const YamlNode& here = node(at);
    if (here.kind == YamlKind::kAlias) {
      return fail(base::invalid("this is the alias *" + std::string(text(at)))
                      .advise("name the value at its anchor &" + std::string(text(at))));
    }
    if (const auto* key = std::get_if<std::string>(&path[depth])) {
      if (here.kind != YamlKind::kMapping) return fail(base::invalid("this is no mapping"));
      const NodeId next = find(at, *key);
      if (next == kNoNode) return fail(base::not_found("there is no key " + base::quoted(*key)));
      at = next;
      continue;
    }
    const size_t index = std::get<size_t>(path[depth]);
    if (here.kind != YamlKind::kSequence) return fail(base::invalid("this is no sequence"));
    if (index >= children(at).size()) {
      return fail(base::not_found("there is no item " + std::to_string(index) + ", only " +
                                  std::to_string(children(at).size())));
    }
    at = children(at)[index];
  }
  return at;
}

std::vector<YamlComment> YamlFile::comments(NodeId owner, CommentRole role) const {
  std::vector<YamlComment> found;
  const auto of = std::ranges::equal_range(by_owner_, owner, {},
                                           [&](uint32_t i) { return comments_[i].owner; });
  for (const uint32_t i : of) {
    if (comments_[i].role == role) found.push_back(comments_[i]);
  }
  return found;
}

base::Place YamlFile::place(NodeId id) const {
  return {.file = {},
          .line = static_cast<int>(nodes_[id].line),
          .column = static_cast<int>(nodes_[id].column),
          .commit = {},
          .field = {}};
}

base::Place YamlFile::place_of(uint32_t offset) const {
  int line = 1;
  for (size_t at = 0; at < offset;) {
    const size_t width = line_break_at(source_, at);
    if (width > 0) ++line;
    at += std::max<size_t>(width, 1);
  }
  return {.file = {},
          .line = line,
          .column = static_cast<int>(column_of(offset)),
          .commit = {},
          .field = {}};
}

uint32_t YamlFile::column_of(uint32_t offset) const {
  const size_t start = line_begin(source_, offset);
  const auto characters =
      std::ranges::count_if(std::string_view(source_).substr(start, offset - start),
                            [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
  return static_cast<uint32_t>(characters + 1);
}

std::string to_string(const YamlPath& path) {
  std::string out;
  for (const YamlStep& step : path) {
    if (const auto* index = std::get_if<size_t>(&step)) {
      out += '[' + std::to_string(*index) + ']';
      continue;
    }
    const auto& key = std::get<std::string>(step);
    const bool bare = !key.empty() && std::ranges::all_of(key, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '-' || c == '_';
    });
    if (bare) {
      out += (out.empty() ? "" : ".") + key;
    } else {
      out += '[' + base::quoted(key) + ']';
    }
  }
  return out;
}

namespace {

using Type = YamlScalar::Type;

// What a scalar would resolve to; anything quoted or tagged is taken by its text.
Type type_of(const YamlFile& file, NodeId id) {
  if (file.node(id).style != YamlStyle::kPlain || file.is_tagged(id)) return Type::kString;
  const Type type = resolve_yaml(file.text(id)).type;
  return type == Type::kString && !is_plain_yaml_string(file.text(id)) ? Type::kTimestamp : type;
}

bool same_scalar(const YamlFile& a, NodeId in_a, const YamlFile& b, NodeId in_b) {
  const Type type = type_of(a, in_a);
  if (type != type_of(b, in_b)) return false;
  return type == Type::kNull || a.text(in_a) == b.text(in_b);
}

}  // namespace

bool same_meaning(const YamlFile& a, NodeId in_a, const YamlFile& b, NodeId in_b) {
  const YamlNode& left = a.node(in_a);
  const YamlNode& right = b.node(in_b);
  if (left.kind != right.kind || a.anchor(in_a) != b.anchor(in_b) || a.tag(in_a) != b.tag(in_b)) {
    return false;
  }
  if (left.kind == YamlKind::kScalar) return same_scalar(a, in_a, b, in_b);
  if (left.kind == YamlKind::kAlias) return a.text(in_a) == b.text(in_b);
  return std::ranges::equal(a.children(in_a), b.children(in_b),
                            [&](NodeId x, NodeId y) { return same_meaning(a, x, b, y); });
}

size_t line_break_at(std::string_view text, size_t at) {
  const std::string_view rest = text.substr(std::min(at, text.size()), 3);
  if (rest.empty()) return 0;
  if (rest[0] == '\n') return 1;
  if (rest[0] == '\r') return rest.starts_with("\r\n") ? 2 : 1;
  if (rest.starts_with("\xc2\x85")) return 2;
  return rest == "\xe2\x80\xa8" || rest == "\xe2\x80\xa9" ? 3 : 0;
}

size_t property_end(std::string_view text, size_t at) {
  const bool anchor = text[at] == '&';
  const auto is_name = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  };
  for (++at; at < text.size(); ++at) {
    const char c = text[at];
    const bool ends = c == ' ' || c == '\t' || c == ',' || line_break_at(text, at) > 0;
    if (anchor ? !is_name(c) : ends) break;
  }
  return at;
}

bool is_line_begin(std::string_view text, size_t at) {
  const std::string_view before = text.substr(0, at);
  return before.empty() || before.ends_with('\n') ||
         (before.ends_with('\r') && line_break_at(text, at - 1) == 1) ||
         before.ends_with("\xc2\x85") || before.ends_with("\xe2\x80\xa8") ||
         before.ends_with("\xe2\x80\xa9") || before == kByteOrderMark;
}

size_t line_begin(std::string_view text, size_t at) {
  while (!is_line_begin(text, at)) --at;
  return at;
}

size_t line_end(std::string_view text, size_t at) {
  while (at < text.size() && line_break_at(text, at) == 0) ++at;
  return at;
}

}  // namespace plumb::object
