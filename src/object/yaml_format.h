// The canonical form of a YAML text, behind `plumb fmt`.
//
// The form says how a text looks and nothing about what it means: keys stay in their author's
// order, because order is how authors explain, and a formatter that moves things makes diffs lie.
//
//   indentation   2 spaces; sequences stand right under their key, as kubectl prints them
//   scalars       without quotes where every reader takes them for the same string; else "…" where
//                 the type would change ("true", "8080", "1e3"), '…' where characters would ('a:
//                 b'). Lines are never folded. Plain text that its author folded is joined
//   | and >       kept, with their text line for line; header and indentation are made regular
//   [ ] and { }   kept where they fit in 80 columns and hold no comment, else written as blocks
//   JSON          a document that is one flow collection is kept as it is laid out
//   comments      all kept, in order, indented as what they belong to (yaml_node.h); behind a value
//                 after one space. A comment behind a lone `-`, or between a key and its scalar,
//                 moves above that entry
//   empty lines   one at most between entries, none at the start of a block or at the end
//   documents     `---` alone on its line, between documents, and on top if it was there; `...`
//   only
//                 before directives
//   the rest      anchors, aliases, tags, merge keys and directives are kept. \n ends lines, one
//                 ends the text, no blanks before it, no byte order mark
//
// format_yaml(format_yaml(x)) is format_yaml(x).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace plumb::object {

// Fails with kInvalid and a place at what is no YAML, such as a Helm template; kUnsupported at
// a collection as a key; kTooLarge beyond YamlLimits. The result is read again and compared: should
// it ever mean something else or miss a comment, the error is kInternal and nothing is returned.
base::Result<std::string> format_yaml(std::string_view text);

// Whether format_yaml would leave the text as it is. Fails where that fails.
base::Result<bool> is_formatted(std::string_view text);

}  // namespace plumb::object
