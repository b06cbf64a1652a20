// libyaml's events, pulled one at a time, with errors that say where and what to do.
#pragma once

#include <string_view>

#include <yaml.h>

#include "base/result.h"

namespace plumb::object {

class YamlEvents {
 public:
  // Reads `text`, which outlives this object; collections nested deeper than `depth` are an error.
  YamlEvents(std::string_view text, int depth);
  ~YamlEvents();
  YamlEvents(const YamlEvents&) = delete;
  YamlEvents& operator=(const YamlEvents&) = delete;

  // Moves on to the next event. False if the text is no YAML: error() says why, and nothing but
  // error() may be called from then on. Nothing follows the end of the stream.
  bool next();
  // The event that next() moved to; its texts live until the next call.
  const yaml_event_t& event() const { return event_; }
  base::Error error() const;

  // The place of an event, in lines and columns from 1.
  static base::Place place(const yaml_mark_t& mark);
  // The byte where `mark` is in the text. Marks are asked for in the order of the text.
  size_t offset(const yaml_mark_t& mark);
  // Whether the scalar carries the tag "!", which means a string and which libyaml leaves out.
  bool has_bare_tag();

 private:
  base::Place reader_place() const;

  const std::string_view text_;  // view: outlives this object, as the constructor says
  const bool utf16_;
  yaml_parser_t parser_;
  yaml_event_t event_;
  const int depth_;
  int level_ = 0;
  size_t characters_ = 0;  // offset(): so many characters are
  size_t bytes_ = 0;       // so many bytes
};

// What a scalar event says. Views live as long as the event.
std::string_view text_of(const yaml_event_t& scalar);
std::string_view tag_of(const yaml_event_t& scalar);  // "" for none
std::string_view anchor_of(const yaml_event_t& event);
// A key that asks for merging: a plain <<.
bool is_merge_key(const yaml_event_t& scalar);

}  // namespace plumb::object
