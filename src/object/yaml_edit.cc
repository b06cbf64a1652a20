#include "object/yaml_edit.h"

#include <algorithm>

#include "base/text.h"
#include "object/yaml_edit_plan.h"
#include "object/yaml_resolve.h"

namespace plumb::object {

namespace {

using base::Result;
using base::Status;

Value outline_scalar(const YamlFile& file, NodeId id) {
  const std::string_view text = file.text(id);
  const std::string_view tag = file.tag(id);
  const bool bare_tag = tag.empty() && file.is_tagged(id);
  if (bare_tag || (tag.empty() && file.node(id).style != YamlStyle::kPlain)) return text;
  const auto scalar =
      tag.empty() ? Result<YamlScalar>(resolve_yaml(text)) : resolve_yaml(text, tag);
  if (scalar.ok()) {
    auto value = to_value(*scalar, text);
    if (value.ok()) return *value;
  }
  return Value::object({{"?", text}});
}

std::string splice(std::string_view source, std::vector<YamlSplice> splices) {
  // Few, and in order but for one: insertion keeps equal ones in theirs.
  for (size_t i = 1; i < splices.size(); ++i) {
    for (size_t k = i; k > 0 && splices[k].start < splices[k - 1].start; --k) {
      std::swap(splices[k], splices[k - 1]);
    }
  }
  std::string out;
  size_t at = 0;
  for (const YamlSplice& splice : splices) {
    if (splice.start > at) out += source.substr(at, splice.start - at);
    out += splice.text;
    at = std::max(at, splice.end);
  }
  out += source.substr(at);
  return out;
}

// The value at the end of a path in the outline, made on the way.
Value& at_path(Value& root, const YamlPath& path) {
  Value* at = &root;
  for (const YamlStep& step : path) {
    if (const auto* index = std::get_if<size_t>(&step)) {
      at = &at->edit(*index);
    } else {
      at = &at->edit(std::get<std::string>(step));
    }
  }
  return *at;
}

YamlPath parent_of(const YamlPath& path) { return {path.begin(), path.end() - 1}; }

base::Error at_path_error(base::Error error, const YamlPath& path) {
  base::Place place = error.place();
  place.field = to_string(path);
  return std::move(error).at(std::move(place));
}

// A null can become a collection; anything else that is no collection of that kind can not.
bool is_null(const YamlFile& file, NodeId id) {
  const YamlNode& node = file.node(id);
  return node.kind == YamlKind::kScalar && node.style == YamlStyle::kPlain && !file.is_tagged(id) &&
         resolve_yaml(file.text(id)).type == YamlScalar::Type::kNull;
}

bool is_empty_flow(const YamlFile& file, NodeId id) {
  const YamlNode& node = file.node(id);
  const bool inside_flow =
      node.parent != kNoNode && file.node(node.parent).style == YamlStyle::kFlow;
  const bool root_of_json = file.node(node.parent).kind == YamlKind::kDocument;
  return node.style == YamlStyle::kFlow && file.children(id).empty() && !inside_flow &&
         !root_of_json && file.comments(id, CommentRole::kFoot).empty();
}

Status no_twins(const YamlFile& file, NodeId mapping, std::string_view key) {
  size_t count = 0;
  const std::span<const NodeId> children = file.children(mapping);
  for (size_t i = 0; i < children.size(); i += 2) {
    if (file.node(children[i]).kind == YamlKind::kScalar && file.text(children[i]) == key) ++count;
  }
  if (count < 2) return base::ok();
  return base::invalid("the key " + base::quoted(key) + " is there " + std::to_string(count) +
                       " times")
      .at(file.place(mapping))
      .advise("remove all but one by hand");
}

}  // namespace

Value outline(const YamlFile& file, NodeId id) {
  switch (file.node(id).kind) {
    case YamlKind::kScalar: return outline_scalar(file, id);
    case YamlKind::kAlias: return Value::object({{"*", file.text(id)}});
    case YamlKind::kDocument: return outline(file, file.root(id));
    case YamlKind::kSequence: {
      std::vector<Value> items;
      for (const NodeId child : file.children(id)) items.push_back(outline(file, child));
      return Value::make_array(items);
    }
    case YamlKind::kMapping: break;
  }
  std::vector<Member> members;
  const std::span<const NodeId> children = file.children(id);
  for (size_t i = 0; i < children.size(); i += 2) {
    const bool simple = file.node(children[i]).kind == YamlKind::kScalar;
    const std::string name = simple ? std::string(file.text(children[i])) : "?" + std::to_string(i);
    members.emplace_back(Text(name), outline(file, children[i + 1]));
  }
  return Value::make_object(members);
}

Result<YamlEditor> YamlEditor::open(std::string text, const YamlLimits& limits) {
  PLUMB_TRY(YamlFile file, YamlFile::parse(std::move(text), limits));
  return YamlEditor(std::move(file), limits);
}

Result<NodeId> YamlEditor::document_root(size_t document) const {
  if (document < file_.documents().size()) return file_.root(file_.documents()[document]);
  return base::not_found("there is no document " + std::to_string(document) + ", only " +
                         std::to_string(file_.documents().size()));
}

Status YamlEditor::set(const YamlPath& path, const Value& value, size_t document) {
  if (file_.documents().empty() && document == 0) {
    Value wanted;
    at_path(wanted, path) = value;
    return apply(document, wanted, [&](YamlEditPlan& plan) {
      plan.add_document(wanted);
      return base::ok();
    });
  }
  PLUMB_TRY(NodeId at, document_root(document));
  size_t depth = 0;
  for (; depth < path.size(); ++depth) {
    const auto* key = std::get_if<std::string>(&path[depth]);
    if (key != nullptr && (is_null(file_, at) || file_.node(at).kind == YamlKind::kMapping)) {
      if (!is_null(file_, at)) PLUMB_CHECK_OK(no_twins(file_, at, *key));
      const NodeId next = is_null(file_, at) ? kNoNode : file_.find(at, *key);
      if (next == kNoNode) break;
      at = next;
      continue;
    }
    auto next = file_.find(at, {path[depth]});
    if (!next.ok()) {
      return at_path_error(std::move(next).error(),
                           {path.begin(), path.begin() + static_cast<ptrdiff_t>(depth) + 1});
    }
    at = *next;
  }

  // From `depth` on nothing is there: mappings around the value.
  Value added = value;
  for (size_t i = path.size(); i > depth; --i) {
    const auto* key = std::get_if<std::string>(&path[i - 1]);
    if (key == nullptr) {
      return at_path_error(base::not_found("there is no such item").at(file_.place(at)), path);
    }
    if (i - 1 > depth || is_null(file_, at) || is_empty_flow(file_, at)) {
      added = Value::object({{*key, added}});
    }
  }
  Value wanted = outline(file_, file_.documents()[document]);
  at_path(wanted, path) = value;
  const bool replaces = depth == path.size() || is_null(file_, at) || is_empty_flow(file_, at);
  if (!replaces) {
    return apply(document, wanted, [&](YamlEditPlan& plan) {
      return plan.insert_key(at, SIZE_MAX, std::get<std::string>(path[depth]), added);
    });
  }
  if (outline(file_, at) == added) return base::ok();
  if (file_.is_tagged(at)) {
    YamlEditor untagged = *this;
    PLUMB_CHECK_OK(untagged.drop_tag(at));
    PLUMB_CHECK_OK(untagged.set(path, value, document));
    *this = std::move(untagged);
    return base::ok();
  }
  return apply(document, wanted, [&](YamlEditPlan& plan) { return plan.replace(at, added); });
}

Status YamlEditor::insert_key(const YamlPath& path, size_t position, std::string_view key,
                              const Value& value, size_t document) {
  YamlPath full = path;
  full.emplace_back(std::string(key));
  PLUMB_TRY(const NodeId root, document_root(document));
  auto found = file_.find(root, path);
  if (!found.ok()) return set(full, value, document);
  const NodeId at = *found;
  if (file_.node(at).kind != YamlKind::kMapping || is_empty_flow(file_, at)) {
    return set(full, value, document);
  }
  if (file_.find(at, key) != kNoNode) {
    return at_path_error(base::Error(base::Code::kAlreadyExists, "the key is there already")
                             .at(file_.place(file_.find(at, key))),
                         full);
  }
  Value wanted = outline(file_, file_.documents()[document]);
  at_path(wanted, full) = value;
  return apply(document, wanted,
               [&](YamlEditPlan& plan) { return plan.insert_key(at, position, key, value); });
}

Status YamlEditor::append(const YamlPath& path, const Value& item, size_t document) {
  const Value alone = Value::array({item});
  if (file_.documents().empty()) return set(path, alone, document);
  PLUMB_TRY(const NodeId root, document_root(document));
  auto found = file_.find(root, path);
  if (!found.ok()) {
    if (found.error().code() != base::Code::kNotFound) return std::move(found).error();
    return set(path, alone, document);
  }
  const NodeId at = *found;
  if (is_null(file_, at)) return set(path, alone, document);
  if (file_.node(at).kind != YamlKind::kSequence) {
    const bool alias = file_.node(at).kind == YamlKind::kAlias;
    return at_path_error(
        base::invalid(alias ? "this is an alias" : "this is no sequence").at(file_.place(at)),
        path);
  }
  if (is_empty_flow(file_, at)) return set(path, alone, document);
  Value wanted = outline(file_, file_.documents()[document]);
  at_path(wanted, path).push_back(item);
  return apply(document, wanted, [&](YamlEditPlan& plan) { return plan.append(at, item); });
}

Status YamlEditor::remove(const YamlPath& path, size_t document) {
  if (path.empty()) return base::invalid("a document's root can't be removed");
  PLUMB_TRY(const NodeId root, document_root(document));
  PLUMB_TRY(const NodeId at, file_.find(root, path));
  const NodeId parent = file_.node(at).parent;
  NodeId entry = at;
  Value wanted = outline(file_, file_.documents()[document]);
  Value& holder = at_path(wanted, parent_of(path));
  if (const auto* key = std::get_if<std::string>(&path.back())) {
    PLUMB_CHECK_OK(no_twins(file_, parent, *key));
    const std::span<const NodeId> children = file_.children(parent);
    entry = *(std::ranges::find(children, at) - 1);
    holder.erase(*key);
  } else {
    holder.erase(std::get<size_t>(path.back()));
  }
  return apply(document, wanted, [&](YamlEditPlan& plan) { return plan.remove(entry); });
}

// Takes the tag of a node out of the text; what it says may change by that.
Status YamlEditor::drop_tag(NodeId at) {
  const YamlNode& node = file_.node(at);
  const std::string_view source = file_.source();
  const size_t start = file_.tag_start(at);
  size_t end = property_end(source, start);
  while (end < node.end && source[end] == ' ') ++end;
  PLUMB_TRY(file_, YamlFile::parse(splice(source, {{start, end, ""}}), limits_));
  return base::ok();
}

template <typename Plan>
Status YamlEditor::apply(size_t document, const Value& wanted, const Plan& plan) {
  YamlLayout layout = YamlLayout::of(file_);
  Status status = base::ok();
  // A line below may be taken for text of a new block scalar; then quotes do.
  for (const bool literals : {true, false}) {
    if (!literals && !layout.literals) break;
    layout.literals = layout.literals && literals;
    YamlEditPlan edit(file_, layout);
    PLUMB_CHECK_OK(plan(edit));
    status = try_splices(std::move(edit).take(), document, wanted);
    if (status.ok()) return status;
  }
  return status;
}

Status YamlEditor::try_splices(std::vector<YamlSplice> splices, size_t document,
                               const Value& wanted) {
  const std::string text = splice(file_.source(), std::move(splices));
  auto parsed = YamlFile::parse(text, limits_);
  if (!parsed.ok()) {
    return std::move(parsed).error().while_doing("the text would be no YAML after this edit");
  }
  const size_t before = file_.documents().size();
  const size_t after = parsed->documents().size();
  bool same = after == std::max(before, document + 1);
  for (size_t i = 0; same && i < after; ++i) {
    const NodeId root = parsed->root(parsed->documents()[i]);
    same = i == document ? outline(*parsed, root) == wanted
                         : same_meaning(file_, file_.root(file_.documents()[i]), *parsed, root);
  }
  if (!same) {
    return base::unsupported("this edit would change other parts of the text")
        .advise("edit the file by hand, or format it first");
  }
  file_ = *std::move(parsed);
  return base::ok();
}

}  // namespace plumb::object
