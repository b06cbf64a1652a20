#include "object/yaml_events.h"

#include "base/text.h"

namespace plumb::object {
namespace {

std::string_view view(const yaml_char_t* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

struct Advice {  // view: literals
  std::string_view problem;
  std::string_view advice;
};

// What most often stands behind libyaml's words.
constexpr std::array kAdvice = {
    Advice{"mapping values are not allowed in this context",
           "quote the value if it holds \": \", or check the indentation"},
    Advice{"found character that cannot start any token",
           "indent with spaces, not tabs; quote a value that starts with @, ` or %"},
    Advice{"did not find expected key", "check the indentation of this line and of those above it"},
    Advice{"did not find expected '-' indicator",
           "items of a list start with \"- \" in the same column"},
    Advice{"could not find expected ':'", "a key needs \": \" behind it on the same line"},
    Advice{"did not find expected alphabetic or numeric character",
           "quote a value that starts with * or &"},
    Advice{"block sequence entries are not allowed in this context",
           "start the list on a line of its own"},
    Advice{"found unexpected end of stream", "close the quote"},
    Advice{"did not find expected ',' or ']'", "close the list with ]"},
    Advice{"did not find expected ',' or '}'", "close the object with }; quote {{ templates }}"},
    Advice{"did not find expected <document start>", "begin the next document with ---"},
    Advice{"control characters are not allowed",
           "remove it, or write it as \\x.. in double quotes"},
};

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool eight_ascii(std::string_view text, size_t at) {
  uint64_t bytes = 0;
  if (text.size() - at < sizeof bytes) return false;
  std::memcpy(&bytes, text.data() + at, sizeof bytes);
  return (bytes & 0x8080808080808080U) == 0;
}

std::string_view advice_for(std::string_view problem) {
  for (const Advice& entry : kAdvice) {
    if (entry.problem == problem) return entry.advice;
  }
  return {};
}

}  // namespace

YamlEvents::YamlEvents(std::string_view text, int depth)
    : text_(text),
      utf16_(text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")),
      depth_(depth) {
  event_ = {};
  if (yaml_parser_initialize(&parser_) == 0) throw std::bad_alloc();
  yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                               text.size());
}

YamlEvents::~YamlEvents() {
  yaml_event_delete(&event_);
  yaml_parser_delete(&parser_);
}

bool YamlEvents::next() {
  yaml_event_delete(&event_);
  if (utf16_ || yaml_parser_parse(&parser_, &event_) == 0) return false;
  switch (event_.type) {
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT: return ++level_ <= depth_;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: --level_; return true;
    default: return true;
  }
}

base::Error YamlEvents::error() const {
  if (utf16_) return base::unsupported("the text is UTF-16").advise("save it as UTF-8");
  if (level_ > depth_) {
    return base::too_large("YAML is nested deeper than " + std::to_string(depth_) + " levels")
        .at(place(event_.start_mark));
  }
  if (parser_.error == YAML_MEMORY_ERROR) return base::too_large("out of memory");
  const std::string problem = parser_.problem == nullptr ? "not YAML" : parser_.problem;
  const bool reader = parser_.error == YAML_READER_ERROR;
  return base::invalid(problem)
      .at(reader ? reader_place() : place(parser_.problem_mark))
      .advise(std::string(advice_for(problem)));
}

base::Place YamlEvents::place(const yaml_mark_t& mark) {
  base::Place place;
  place.line = static_cast<int>(mark.line) + 1;
  place.column = static_cast<int>(mark.column) + 1;
  return place;
}

size_t YamlEvents::offset(const yaml_mark_t& mark) {
  if (bytes_ == 0 && text_.starts_with(kByteOrderMark)) bytes_ = kByteOrderMark.size();
  while (characters_ < mark.index && bytes_ < text_.size()) {
    if (mark.index - characters_ >= 8 && eight_ascii(text_, bytes_)) {
      characters_ += 8;
      bytes_ += 8;
      continue;
    }
    ++bytes_;
    while (bytes_ < text_.size() && (text_[bytes_] & 0xC0) == 0x80) ++bytes_;
    ++characters_;
  }
  return bytes_;
}

bool YamlEvents::has_bare_tag() {
  // Only an anchor or a tag makes the event longer than its text.
  if (event_.end_mark.index - event_.start_mark.index == event_.data.scalar.length) return false;
  std::string_view rest = text_.substr(offset(event_.start_mark));
  if (rest.starts_with('&')) {
    rest.remove_prefix(std::min(rest.find_first_of(" \t\r\n"), rest.size()));
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n"), rest.size()));
  }
  return rest.starts_with('!');
}

// The reader runs ahead of the parser and knows bytes alone.
base::Place YamlEvents::reader_place() const {
  base::Place place;
  const std::string_view before = text_.substr(0, std::min(parser_.problem_offset, text_.size()));
  place.line = 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
  place.column = 1 + static_cast<int>(base::utf8_length(before.substr(before.rfind('\n') + 1)));
  return place;
}

std::string_view text_of(const yaml_event_t& scalar) {
  return {reinterpret_cast<const char*>(scalar.data.scalar.value), scalar.data.scalar.length};
}

std::string_view tag_of(const yaml_event_t& scalar) { return view(scalar.data.scalar.tag); }

std::string_view anchor_of(const yaml_event_t& event) {
  switch (event.type) {
    case YAML_ALIAS_EVENT: return view(event.data.alias.anchor);
    case YAML_SCALAR_EVENT: return view(event.data.scalar.anchor);
    case YAML_SEQUENCE_START_EVENT: return view(event.data.sequence_start.anchor);
    case YAML_MAPPING_START_EVENT: return view(event.data.mapping_start.anchor);
    default: return {};
  }
}

bool is_merge_key(const yaml_event_t& scalar) {
  if (scalar.type != YAML_SCALAR_EVENT || text_of(scalar) != "<<") return false;
  return scalar.data.scalar.plain_implicit != 0 || tag_of(scalar) == "tag:yaml.org,2002:merge";
}

}  // namespace plumb::object
