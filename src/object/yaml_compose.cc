// YamlFile::parse: libyaml's events become the arena; then the gaps between the nodes are searched
// for comments. libyaml counts characters, the arena bytes.
#include <algorithm>
#include <memory>
#include <set>

#include <yaml.h>

#include "base/text.h"
#include "object/yaml_comments.h"
#include "object/yaml_node.h"

namespace plumb::object {

namespace {

using base::Result;
using base::Status;

// From libyaml's character indexes to byte offsets: one offset is kept for every kStride
// characters.
class CharacterIndex {
 public:
  explicit CharacterIndex(std::string_view text) : text_(text) {
    if (std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; })) {
      return;
    }
    size_t count = 0;
    for (size_t at = 0; at < text.size(); ++at) {
      if (is_continuation(text[at])) continue;
      if (count++ % kStride == 0) offsets_.push_back(static_cast<uint32_t>(at));
    }
  }

  uint32_t byte_of(size_t character) const {
    if (offsets_.empty()) return static_cast<uint32_t>(std::min(character, text_.size()));
    const size_t slot = std::min(character / kStride, offsets_.size() - 1);
    size_t at = offsets_[slot];
    for (size_t left = character - slot * kStride; left > 0 && at < text_.size(); --left) {
      do ++at;
      while (at < text_.size() && is_continuation(text_[at]));
    }
    return static_cast<uint32_t>(at);
  }

 private:
  static constexpr size_t kStride = 64;
  static bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

  const std::string_view text_;    // view: of the file that is composed
  std::vector<uint32_t> offsets_;  // empty: every character is a byte
};

std::string_view view(const yaml_char_t* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

YamlStyle style_of(yaml_scalar_style_t style) {
  switch (style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: return YamlStyle::kSingle;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: return YamlStyle::kDouble;
    case YAML_LITERAL_SCALAR_STYLE: return YamlStyle::kLiteral;
    case YAML_FOLDED_SCALAR_STYLE: return YamlStyle::kFolded;
    default: return YamlStyle::kPlain;
  }
}

size_t skip_blanks_and_comments(std::string_view text, size_t at, size_t end) {
  while (at < end) {
    if (text[at] == ' ' || text[at] == '\t') {
      ++at;
    } else if (const size_t width = line_break_at(text, at); width > 0) {
      at += width;
    } else if (text[at] == '#') {
      at = line_end(text, at);
    } else {
      break;
    }
  }
  return std::min(at, end);
}

// Where the text of a node begins behind its anchor and tag.
size_t skip_properties(std::string_view text, size_t at, size_t end) {
  size_t behind = at;
  while (at < end && (text[at] == '&' || text[at] == '!')) {
    behind = at = property_end(text.substr(0, end), at);
    at = skip_blanks_and_comments(text, at, end);
  }
  return at < end ? at : behind;
}

struct EventGuard {
  yaml_event_t event{};
  EventGuard() = default;
  EventGuard(const EventGuard&) = delete;
  EventGuard& operator=(const EventGuard&) = delete;
  ~EventGuard() { yaml_event_delete(&event); }
};

}  // namespace

class YamlComposer {
 public:
  YamlComposer(std::string text, const YamlLimits& limits) : limits_(limits) {
    file_.source_ = std::move(text);
  }
  YamlComposer(const YamlComposer&) = delete;
  YamlComposer& operator=(const YamlComposer&) = delete;
  ~YamlComposer() { yaml_parser_delete(&parser_); }

  Result<YamlFile> run() {
    if (file_.source_.size() > limits_.bytes) {
      return base::too_large("the YAML text has " + std::to_string(file_.source_.size()) +
                             " bytes, the limit is " + std::to_string(limits_.bytes));
    }
    if (file_.source_.starts_with("\xff\xfe") || file_.source_.starts_with("\xfe\xff")) {
      return base::invalid("the text is UTF-16").advise("save it as UTF-8");
    }
    // libyaml counts from behind the mark.
    mark_ = file_.source_.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
    index_ = std::make_unique<CharacterIndex>(std::string_view(file_.source_).substr(mark_));
    if (yaml_parser_initialize(&parser_) == 0) return base::internal("libyaml has no memory");
    const std::string& source = file_.source_;
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const yaml_char_t*>(source.data()),
                                 source.size());
    PLUMB_CHECK_OK(compose());
    attach_comments();
    return std::move(file_);
  }

 private:
  struct Frame {
    NodeId id;
    std::vector<NodeId> children;
  };

  uint32_t byte_of(const yaml_mark_t& mark) const {
    return static_cast<uint32_t>(mark_ + index_->byte_of(mark.index));
  }

  Status compose() {
    while (true) {
      EventGuard guard;
      yaml_event_t& event = guard.event;
      if (yaml_parser_parse(&parser_, &event) == 0) return syntax_error();
      switch (event.type) {
        case YAML_STREAM_END_EVENT: return base::ok();
        case YAML_DOCUMENT_START_EVENT: PLUMB_CHECK_OK(start_document(event)); break;
        case YAML_DOCUMENT_END_EVENT: end_document(event); break;
        case YAML_MAPPING_START_EVENT:
        case YAML_SEQUENCE_START_EVENT: PLUMB_CHECK_OK(start_collection(event)); break;
        case YAML_MAPPING_END_EVENT:
        case YAML_SEQUENCE_END_EVENT: end_collection(event); break;
        case YAML_SCALAR_EVENT: PLUMB_CHECK_OK(add_scalar(event)); break;
        case YAML_ALIAS_EVENT: PLUMB_CHECK_OK(add_alias(event)); break;
        default: break;
      }
    }
  }

  Result<NodeId> add(const yaml_event_t& event, YamlKind kind) {
    if (file_.nodes_.size() >= limits_.nodes) {
      return base::too_large("the YAML text has more than " + std::to_string(limits_.nodes) +
                             " nodes")
          .at(place(event.start_mark));
    }
    const auto id = static_cast<NodeId>(file_.nodes_.size());
    YamlNode& node = file_.nodes_.emplace_back();
    node.kind = kind;
    node.start = node.content = byte_of(event.start_mark);
    node.end = byte_of(event.end_mark);
    node.line = static_cast<uint32_t>(event.start_mark.line + 1);
    node.column = static_cast<uint32_t>(event.start_mark.column + 1);
    if (!open_.empty()) {
      node.parent = open_.back().id;
      open_.back().children.push_back(id);
    }
    return id;
  }

  // The text, anchor and tag of the newest node go one behind the other into the texts.
  void set_texts(YamlNode& node, std::string_view text, const yaml_char_t* anchor,
                 const yaml_char_t* tag) {
    node.text_start_ = static_cast<uint32_t>(file_.texts_.size());
    node.text_size_ = static_cast<uint32_t>(text.size());
    node.anchor_size_ = static_cast<uint32_t>(view(anchor).size());
    node.tag_size_ = static_cast<uint32_t>(view(tag).size());
    file_.texts_.append(text).append(view(anchor)).append(view(tag));
    if (anchor != nullptr) anchors_.emplace(view(anchor));
    if (anchor != nullptr || tag != nullptr) {
      // A block collection's own end is known only later; its first child begins before that.
      const size_t end = node.is_block_collection() ? file_.source_.size() : node.end;
      node.content = static_cast<uint32_t>(skip_properties(file_.source_, node.start, end));
    }
  }

  Status start_document(const yaml_event_t& event) {
    PLUMB_TRY(const NodeId id, add(event, YamlKind::kDocument));
    YamlNode& node = file_.nodes_[id];
    node.explicit_start = event.data.document_start.implicit == 0;
    node.content = node.end;
    file_.documents_.push_back(id);
    open_.push_back({id, {}});
    anchors_.clear();
    return base::ok();
  }

  void end_document(const yaml_event_t& event) {
    YamlNode& node = file_.nodes_[open_.back().id];
    node.explicit_end = event.data.document_end.implicit == 0;
    close(byte_of(event.end_mark));
  }

  Status start_collection(const yaml_event_t& event) {
    if (static_cast<int>(open_.size()) > limits_.depth) {
      return base::too_large("yaml: exceeded max depth of " + std::to_string(limits_.depth))
          .at(place(event.start_mark));
    }
    const bool mapping = event.type == YAML_MAPPING_START_EVENT;
    PLUMB_TRY(const NodeId id, add(event, mapping ? YamlKind::kMapping : YamlKind::kSequence));
    YamlNode& node = file_.nodes_[id];
    const bool flow = mapping ? event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
                              : event.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
    node.style = flow ? YamlStyle::kFlow : YamlStyle::kBlock;
    if (mapping) {
      set_texts(node, "", event.data.mapping_start.anchor, event.data.mapping_start.tag);
    } else {
      set_texts(node, "", event.data.sequence_start.anchor, event.data.sequence_start.tag);
    }
    if (!flow) {
      const std::string_view source = file_.source_;
      node.block_column = static_cast<uint32_t>(node.content - line_begin(source, node.content));
    }
    open_.push_back({id, {}});
    return base::ok();
  }

  void end_collection(const yaml_event_t& event) {
    const YamlNode& node = file_.nodes_[open_.back().id];
    const std::vector<NodeId>& children = open_.back().children;
    // libyaml ends a block where the next token starts, behind comments that are not in it. So it
    // does with a mapping of one pair inside a flow sequence.
    const bool by_children = node.is_block_collection() || file_.source_[node.content] != '{';
    const bool sequence = node.kind == YamlKind::kSequence && !node.is_block_collection();
    close(by_children && !sequence && !children.empty() ? file_.nodes_[children.back()].end
                                                        : byte_of(event.end_mark));
  }

  void close(uint32_t end) {
    Frame& frame = open_.back();
    YamlNode& node = file_.nodes_[frame.id];
    node.end = end;
    node.first_child_ = static_cast<uint32_t>(file_.children_.size());
    node.child_count_ = static_cast<uint32_t>(frame.children.size());
    file_.children_.insert(file_.children_.end(), frame.children.begin(), frame.children.end());
    last_end_ = end;
    open_.pop_back();
  }

  Status add_scalar(const yaml_event_t& event) {
    PLUMB_TRY(const NodeId id, add(event, YamlKind::kScalar));
    YamlNode& node = file_.nodes_[id];
    node.style = style_of(event.data.scalar.style);
    set_texts(node,
              {reinterpret_cast<const char*>(event.data.scalar.value), event.data.scalar.length},
              event.data.scalar.anchor, event.data.scalar.tag);
    if (node.start == node.end) pull_back(node);
    last_end_ = node.end;
    return base::ok();
  }

  Status add_alias(const yaml_event_t& event) {
    PLUMB_TRY(const NodeId id, add(event, YamlKind::kAlias));
    const yaml_char_t* name = event.data.alias.anchor;
    if (!anchors_.contains(view(name))) {
      return base::invalid("yaml: unknown anchor '" + std::string(view(name)) + "' referenced")
          .at(place(event.start_mark));
    }
    set_texts(file_.nodes_[id], view(name), nullptr, nullptr);
    last_end_ = file_.nodes_[id].end;
    return base::ok();
  }

  // A scalar that is not written stands where libyaml noticed it, which may be behind blanks and
  // comments. Inside a collection it belongs right behind what comes before it.
  void pull_back(YamlNode& node) const {
    if (file_.nodes_[open_.back().id].kind == YamlKind::kDocument) return;
    const std::string_view source = file_.source_;
    const uint32_t from = std::max(last_end_, file_.nodes_[open_.back().id].content);
    if (from >= node.start || skip_blanks_and_comments(source, from, node.start) != node.start) {
      return;
    }
    node.start = node.content = node.end = from;
  }

  // libyaml tells two places: where the construct began and where the problem is.
  base::Error syntax_error() const {
    std::string message = "yaml: ";
    message +=
        parser_.problem != nullptr ? parser_.problem : "unknown problem parsing YAML content";
    if (parser_.error == YAML_READER_ERROR) {
      const size_t offset = std::min(parser_.problem_offset, file_.source_.size());
      return base::invalid(std::move(message)).at(file_.place_of(static_cast<uint32_t>(offset)));
    }
    return base::invalid(std::move(message)).at(place(parser_.problem_mark));
  }

  static base::Place place(const yaml_mark_t& mark) {
    return {.file = {},
            .line = static_cast<int>(mark.line + 1),
            .column = static_cast<int>(mark.column + 1),
            .commit = {},
            .field = {}};
  }

  void attach_comments() {
    file_.comments_ = find_comments(file_);
    CommentAttacher(file_).attach(file_.comments_);
    file_.by_owner_.resize(file_.comments_.size());
    for (uint32_t i = 0; i < file_.by_owner_.size(); ++i) file_.by_owner_[i] = i;
    std::ranges::sort(file_.by_owner_, {},
                      [&](uint32_t i) { return std::pair(file_.comments_[i].owner, i); });
  }

  const YamlLimits limits_;
  YamlFile file_;
  std::unique_ptr<CharacterIndex> index_;
  size_t mark_ = 0;  // bytes of the byte order mark
  yaml_parser_t parser_{};
  std::vector<Frame> open_;
  std::set<std::string, std::less<>> anchors_;  // of the document
  uint32_t last_end_ = 0;
};

Result<YamlFile> YamlFile::parse(std::string text, const YamlLimits& limits) {
  return YamlComposer(std::move(text), limits).run();
}

}  // namespace plumb::object
