// YAML to Value. Most documents are read by YamlBlockReader; for the others, libyaml's events go
// straight onto a stack of finished values, and the end of a collection folds the top of the stack
// into one block.
#include "base/text.h"
#include "object/yaml.h"
#include "object/yaml_block.h"
#include "object/yaml_events.h"
#include "object/yaml_resolve.h"

namespace plumb::object {
namespace {

// go-yaml's bound on aliases: this part of a document's nodes, aliases expanded, may come from
// them.
double allowed_alias_ratio(uint64_t nodes) {
  constexpr double kLow = 400'000;
  constexpr double kHigh = 4'000'000;
  const auto count = static_cast<double>(nodes);
  if (count <= kLow) return 0.99;
  if (count >= kHigh) return 0.10;
  return 0.99 - 0.89 * ((count - kLow) / (kHigh - kLow));
}

struct Anchor {
  Value value;
  uint64_t nodes = 1;  // of the value, aliases expanded
  bool open = false;   // its collection has not ended: an alias would contain itself
};

constexpr size_t kNoAnchor = SIZE_MAX;

enum class Expects : uint8_t { kItem, kKey, kValue, kMerge };

// A collection whose end is still to come.
struct Frame {
  Expects expects;
  size_t first;   // on the stack, of its items or members
  size_t anchor;  // in anchors_, or kNoAnchor
  uint64_t nodes_before;
};

using Visitor = std::function<base::Result<bool>(YamlDocument)>;

// Where documents go on that need no libyaml.
struct Rest {
  size_t offset;
  int line;
};

// Reads a text from a document's start on with libyaml.
class Reader {
 public:
  Reader(std::string_view text, Rest from, const YamlOptions& options)
      : text_(text),
        from_(from),
        options_(options),
        events_(text.substr(from.offset), options.depth),
        event_(events_.event()) {}

  // Calls `visit` with each document until it says false, or with the first alone if that ends
  // where another one starts with "---", and `first_alone` is wanted. nullopt if there is no more
  // to read.
  base::Result<std::optional<Rest>> read(const Visitor& visit, bool first_alone) {
    for (bool first = true;;) {
      if (!events_.next()) return in_text(events_.error());
      if (event_.type == YAML_STREAM_END_EVENT) return std::optional<Rest>();
      if (event_.type != YAML_DOCUMENT_START_EVENT) continue;
      YamlDocument document;
      document.offset = from_.offset + events_.offset(event_.start_mark);
      document.line = from_.line + static_cast<int>(event_.start_mark.line);
      const bool marked = text_.substr(document.offset).starts_with("---");
      if (!std::exchange(first, false) && first_alone && marked) {
        return std::optional<Rest>({document.offset, document.line});
      }
      if (!read_document(document)) return in_text(*std::move(error_));
      PLUMB_TRY(const bool more, visit(std::move(document)));
      if (!more) return std::optional<Rest>();
    }
  }

 private:
  // The error with its place in the whole text.
  base::Error in_text(base::Error error) const {
    base::Place place = error.place();
    if (place.line == 0) return error;
    place.line += from_.line - 1;
    return std::move(error).at(std::move(place));
  }

  bool read_document(YamlDocument& document) {
    names_.clear();
    anchors_.clear();
    nodes_ = 1;  // go-yaml counts the document, too
    nodes_from_aliases_ = 0;
    empty_ = false;
    do {
      if (!events_.next()) return fail(events_.error());
      if (!read_event()) return false;
    } while (event_.type != YAML_DOCUMENT_END_EVENT);
    document.empty = empty_;
    document.value = std::move(stack_.front().value);
    stack_.clear();
    return true;
  }

  bool read_event() {
    switch (event_.type) {
      case YAML_SCALAR_EVENT: return on_scalar();
      case YAML_ALIAS_EVENT: return on_alias();
      case YAML_MAPPING_START_EVENT: return on_start(Expects::kKey);
      case YAML_SEQUENCE_START_EVENT: return on_start(Expects::kItem);
      case YAML_MAPPING_END_EVENT: return on_mapping_end();
      case YAML_SEQUENCE_END_EVENT: return on_sequence_end();
      default: return true;
    }
  }

  bool fail(base::Error error) {
    error_ = std::move(error);
    return false;
  }
  bool fail_here(base::Error error) {
    base::Place place = YamlEvents::place(event_.start_mark);
    place.field = path();
    return fail(std::move(error).at(std::move(place)));
  }

  bool expects_key() const { return !frames_.empty() && frames_.back().expects == Expects::kKey; }

  bool on_scalar() {
    const bool is_key = expects_key();
    if (is_key && is_merge_key(event_)) {
      frames_.back().expects = Expects::kMerge;
      return true;
    }
    ++nodes_;
    const auto& data = event_.data.scalar;
    const std::string_view text = text_of(event_);
    if (frames_.empty()) empty_ = is_absent();
    if (data.tag != nullptr || data.anchor != nullptr) return on_marked_scalar(text, is_key);
    if (data.style != YAML_PLAIN_SCALAR_STYLE) {
      return is_key ? add_key(Text(text)) : add(Value(text));
    }
    const YamlScalar scalar = resolve_plain(text);
    if (scalar.type == YamlScalar::Type::kString) {
      return is_key ? add_key(Text(text)) : add(Value(text));
    }
    return is_key ? add_key_of(scalar, text) : add_value_of(scalar, text);
  }

  // A scalar with a tag or an anchor.
  bool on_marked_scalar(std::string_view text, bool is_key) {
    const std::string_view tag = tag_of(event_);
    std::string bytes;
    if (tag == "tag:yaml.org,2002:binary") {
      const auto decoded = base::base64_decode(text);
      if (!decoded) {
        return fail_here(base::invalid("!!binary value contains invalid base64 data"));
      }
      bytes = base::to_valid_utf8(*decoded);
      text = bytes;
    }
    YamlScalar scalar;
    if (!tag.empty()) {
      auto resolved = resolve_yaml(text, tag);
      if (!resolved.ok()) return fail_here(std::move(resolved).error());
      scalar = *resolved;
    } else if (event_.data.scalar.style == YAML_PLAIN_SCALAR_STYLE) {
      scalar = resolve_plain(text);
    }
    if (event_.data.scalar.anchor != nullptr) {
      auto value = to_value(scalar, text);
      if (!value.ok()) return fail_here(std::move(value).error());
      anchors_[define()].value = *std::move(value);
    }
    return is_key ? add_key_of(scalar, text) : add_value_of(scalar, text);
  }

  YamlScalar resolve_plain(std::string_view text) {
    const YamlScalar scalar = resolve_yaml(text);
    const bool string = scalar.type == YamlScalar::Type::kString || events_.has_bare_tag();
    return string ? YamlScalar() : scalar;
  }

  bool add_key_of(const YamlScalar& scalar, std::string_view text) {
    auto key = to_key(scalar, text);
    return key.ok() ? add_key(*std::move(key)) : fail_here(std::move(key).error());
  }

  bool add_value_of(const YamlScalar& scalar, std::string_view text) {
    auto value = to_value(scalar, text);
    return value.ok() ? add(*std::move(value)) : fail_here(std::move(value).error());
  }

  // Neither text nor tag nor anchor: what libyaml puts where there is no node.
  bool is_absent() const {
    const auto& data = event_.data.scalar;
    return data.length == 0 && data.style == YAML_PLAIN_SCALAR_STYLE && data.tag == nullptr &&
           data.anchor == nullptr;
  }

  bool on_alias() {
    const std::string name(anchor_of(event_));
    const auto found = names_.find(name);
    if (found == names_.end()) {
      return fail_here(base::invalid("unknown anchor '" + name + "' referenced")
                           .advise("define it before, as &" + name + ", in the same document"));
    }
    const Anchor& anchor = anchors_[found->second];
    if (anchor.open) {
      return fail_here(base::invalid("anchor '" + name + "' value contains itself"));
    }
    nodes_ += 1 + anchor.nodes;
    nodes_from_aliases_ += anchor.nodes;
    const Value value = anchor.value;
    if (!expects_key()) return add(value, true);
    auto key = key_of(value);
    return key.ok() ? add_key(*std::move(key)) : fail_here(std::move(key).error());
  }

  bool on_start(Expects expects) {
    ++nodes_;
    if (expects_key()) return fail_here(not_a_key(expects == Expects::kKey ? "object" : "array"));
    const bool anchored = !anchor_of(event_).empty();
    frames_.push_back({expects, stack_.size(), anchored ? define() : kNoAnchor, nodes_ - 1});
    if (anchored) anchors_.back().open = true;
    return true;
  }

  bool on_mapping_end() {
    const std::span<Member> members(stack_.data() + frames_.back().first,
                                    stack_.size() - frames_.back().first);
    if (options_.duplicates == Duplicates::kReject && !check_duplicates(members)) return false;
    return close(Value::make_object(members));
  }

  bool on_sequence_end() {
    scratch_.clear();
    for (size_t i = frames_.back().first; i < stack_.size(); ++i) {
      scratch_.push_back(std::move(stack_[i].value));
    }
    return close(Value::make_array(scratch_));
  }

  bool close(Value value) {
    const Frame frame = frames_.back();
    frames_.pop_back();
    stack_.resize(frame.first);
    if (frame.anchor != kNoAnchor) {
      anchors_[frame.anchor] = {value, nodes_ - frame.nodes_before, false};
    }
    return add(std::move(value));
  }

  // Takes a finished value to where it belongs.
  bool add(Value value, bool by_alias = false) {
    if (nodes_from_aliases_ > 100 && nodes_ > 1000 &&
        static_cast<double>(nodes_from_aliases_) / static_cast<double>(nodes_) >
            allowed_alias_ratio(nodes_)) {
      return fail_here(base::too_large("document contains excessive aliasing")
                           .advise("write some of what the aliases stand for in full"));
    }
    if (frames_.empty() || frames_.back().expects == Expects::kItem) {
      stack_.emplace_back(Text(), std::move(value));
      return true;
    }
    if (frames_.back().expects == Expects::kMerge) return merge(value, by_alias);
    stack_.back().value = std::move(value);
    frames_.back().expects = Expects::kKey;
    return true;
  }

  // A member's value is still to come; until then it is null.
  bool add_key(Text key) {
    stack_.emplace_back(std::move(key), Value());
    if (options_.duplicates == Duplicates::kReject) key_marks_.push_back(event_.start_mark);
    frames_.back().expects = Expects::kValue;
    return true;
  }

  // The value of a <<. What is merged stands where << stands among the members, so that of equal
  // keys the last wins; within a list of maps the first does.
  bool merge(const Value& value, bool by_alias) {
    frames_.back().expects = Expects::kKey;
    if (value.is_object()) return merge_members(value);
    bool maps = value.is_array() && !by_alias;
    for (const Value& item : value.items()) maps = maps && item.is_object();
    if (!maps) {
      return fail_here(base::invalid("map merge requires map or sequence of maps as the value"));
    }
    const auto items = value.items();
    for (auto item = items.rbegin(); item != items.rend(); ++item) merge_members(*item);
    return true;
  }

  bool merge_members(const Value& object) {
    for (const Member& member : object.members()) {
      stack_.push_back(member);
      if (options_.duplicates == Duplicates::kReject) key_marks_.push_back(kMerged);
    }
    return true;
  }

  // Of the members in the order of the text; their marks are the last of key_marks_.
  bool check_duplicates(std::span<const Member> members) {
    const size_t first_mark = key_marks_.size() - members.size();
    std::vector<size_t> order;
    for (size_t i = 0; i < members.size(); ++i) {
      if (!is_merged(key_marks_[first_mark + i])) order.push_back(i);
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return members[a].key() < members[b].key(); });
    const auto again = std::adjacent_find(order.begin(), order.end(), [&](size_t a, size_t b) {
      return members[a].key() == members[b].key();
    });
    if (again != order.end()) {
      const base::Place first = YamlEvents::place(key_marks_[first_mark + again[0]]);
      return fail(
          base::invalid("key " + base::quoted(members[*again].key()) + " already set in map")
              .at(YamlEvents::place(key_marks_[first_mark + again[1]]))
              .field(path())
              .advise("remove one of the two; the first is on line " +
                      std::to_string(first.line + from_.line - 1)));
    }
    key_marks_.resize(first_mark);
    return true;
  }

  static constexpr yaml_mark_t kMerged{SIZE_MAX, 0, 0};
  static bool is_merged(const yaml_mark_t& mark) { return mark.index == kMerged.index; }

  // Names the current event's anchor. The last of several of the same name counts.
  size_t define() {
    anchors_.emplace_back();
    names_[std::string(anchor_of(event_))] = anchors_.size() - 1;
    return anchors_.size() - 1;
  }

  static base::Error not_a_key(std::string_view kind) {
    return base::invalid("invalid map key: " + std::string(kind))
        .advise("a key is a text or a number; {{ }} without quotes reads as an object");
  }

  // As to_key, for a value that an alias repeats.
  static base::Result<Text> key_of(const Value& value) {
    if (value.is_string()) return value.as_text();
    if (!value.is_scalar()) return not_a_key(to_string(value.kind()));
    YamlScalar scalar;
    switch (value.kind()) {
      case Kind::kBool: scalar.flag = value.as_bool(), scalar.type = YamlScalar::Type::kBool; break;
      case Kind::kInt: scalar.integer = value.as_int(), scalar.type = YamlScalar::Type::kInt; break;
      case Kind::kDouble:
        scalar.real = value.as_double(), scalar.type = YamlScalar::Type::kFloat;
        break;
      case Kind::kUint: scalar.type = YamlScalar::Type::kUint; break;
      default: scalar.type = YamlScalar::Type::kNull; break;
    }
    return to_key(scalar, to_json(value));
  }

  // Where we are: "spec.containers[0].image".
  std::string path() const {
    std::string out;
    for (size_t i = 0; i < frames_.size(); ++i) {
      const size_t end = i + 1 < frames_.size() ? frames_[i + 1].first : stack_.size();
      if (frames_[i].expects == Expects::kItem) {
        out += "[" + std::to_string(end - frames_[i].first) + "]";
      } else if (frames_[i].expects == Expects::kValue) {
        if (!out.empty()) out += '.';
        out += stack_[end - 1].key();
      }
    }
    return out;
  }

  const std::string_view text_;  // view: the caller's, for as long as this reader lives
  const Rest from_;
  const YamlOptions& options_;
  YamlEvents events_;
  const yaml_event_t& event_;
  std::optional<base::Error> error_;

  std::vector<Member> stack_;  // finished items and members of the open collections
  std::vector<Frame> frames_;
  std::vector<Value> scratch_;
  std::vector<yaml_mark_t> key_marks_;  // of all members on the stack, if duplicates are refused
  bool empty_ = false;

  std::unordered_map<std::string, size_t> names_;  // in anchors_
  std::vector<Anchor> anchors_;
  uint64_t nodes_ = 0;  // so far, aliases expanded
  uint64_t nodes_from_aliases_ = 0;
};

// So many documents may be given to libyaml one by one; it reads ahead, so that many small ones
// would cost more that way.
constexpr int kMostDetours = 32;

base::Status read_documents(std::string_view text, const YamlOptions& options,
                            const Visitor& visit) {
  YamlBlockReader blocks(text, options);
  for (int detours = 1;;) {
    YamlDocument document;
    switch (blocks.next(document)) {
      case YamlBlockReader::Outcome::kEnd: return base::ok();
      case YamlBlockReader::Outcome::kDocument: {
        PLUMB_TRY(const bool more, visit(std::move(document)));
        if (!more) return base::ok();
        break;
      }
      case YamlBlockReader::Outcome::kUnread: {
        Reader reader(text, {blocks.offset(), blocks.line()}, options);
        PLUMB_TRY(const auto rest, reader.read(visit, detours++ < kMostDetours));
        if (!rest) return base::ok();
        blocks.resume(rest->offset, rest->line);
      }
    }
  }
}

}  // namespace

base::Status visit_yaml_documents(std::string_view text, const YamlOptions& options,
                                  const std::function<base::Status(YamlDocument)>& visit) {
  return read_documents(text, options, [&](YamlDocument document) -> base::Result<bool> {
    PLUMB_CHECK_OK(visit(std::move(document)));
    return true;
  });
}

base::Result<std::vector<YamlDocument>> parse_yaml_documents(std::string_view text,
                                                             const YamlOptions& options) {
  std::vector<YamlDocument> documents;
  PLUMB_CHECK_OK(visit_yaml_documents(text, options, [&](YamlDocument document) {
    documents.push_back(std::move(document));
    return base::ok();
  }));
  return documents;
}

base::Result<Value> parse_yaml(std::string_view text, const YamlOptions& options) {
  YamlDocument only;
  only.empty = true;
  const auto take = [&](YamlDocument document) -> base::Status {
    if (document.empty) return base::ok();
    if (!only.empty) {
      base::Place place;
      place.line = document.line;
      return base::invalid("a second document starts here, where one is wanted")
          .at(std::move(place))
          .advise("remove it, or the --- before it");
    }
    only = std::move(document);
    return base::ok();
  };
  PLUMB_CHECK_OK(visit_yaml_documents(text, options, take));
  return std::move(only.value);
}

base::Result<Value> parse_first_yaml(std::string_view text, const YamlOptions& options) {
  Value first;
  PLUMB_CHECK_OK(read_documents(text, options, [&](YamlDocument document) -> base::Result<bool> {
    first = std::move(document.value);
    return false;
  }));
  return first;
}

}  // namespace plumb::object
