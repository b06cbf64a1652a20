// YAML text to Value and back, exactly as sigs.k8s.io/yaml (kubectl, Helm, kube-apiserver) does it:
// libyaml reads, scalars resolve by the YAML 1.1 rules of go-yaml v2, and the result is what JSON
// can say.
//
//   yes, on, y            booleans, as in YAML 1.1          017, 0o17, 0xf, 0b1111   15
//   1:30                  a string; base 60 is not read     1_000                    1000
//   2001-01-01            a string, !!timestamp or not      .inf, .nan               an error
//   above uint64's range  the nearest double                2: two                   the key "2"
//   <<: *base             merged where it stands: a key before it gives way, one after it wins
//
// What is written reads back: parse_yaml(to_yaml(v)) == v, but for doubles without a fraction from
// 2^53 up, which become the integer that their digits spell (json.h).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "object/json.h"
#include "object/value.h"

namespace plumb::object {

// An input cannot cost more than about its own size: nesting is bounded by `depth`, and aliases by
// go-yaml's ratio (up to 400,000 nodes nearly all may come from aliases, from 4 million on a
// tenth).
struct YamlOptions {
  int depth = 256;  // nested arrays and objects; libyaml needs quadratic time in it
  Duplicates duplicates = Duplicates::kLastWins;  // a key that comes by << is never a duplicate
};

struct YamlDocument {
  Value value;
  size_t offset = 0;   // bytes from the start of the text to the document's first token
  int line = 0;        // of that token
  bool empty = false;  // nothing but comments and markers, as between two "---"; the value is null
};

// Every function below reads UTF-8 (or UTF-16 with a byte order mark), refuses what is neither, and
// fails with line and column and, where go-yaml has words for it, with go-yaml's words.

// All documents of a stream. A stream without any (empty, only comments) gives an empty list.
base::Result<std::vector<YamlDocument>> parse_yaml_documents(std::string_view text,
                                                             const YamlOptions& options = {});

// The same, one document at a time; an error of `visit` ends the reading and is returned.
base::Status visit_yaml_documents(std::string_view text, const YamlOptions& options,
                                  const std::function<base::Status(YamlDocument)>& visit);

// The only document, null if there is none; a second one is an error.
base::Result<Value> parse_yaml(std::string_view text, const YamlOptions& options = {});

// The first document, null if there is none. What follows it is not looked at: yaml.Unmarshal, and
// with it Helm's values files and fromYaml.
base::Result<Value> parse_first_yaml(std::string_view text, const YamlOptions& options = {});

// A piece of a file, between two lines "---".
struct YamlChunk {
  std::string_view text;  // view: part of the input
  size_t offset = 0;      // where it starts there
  int line = 1;
};

// As kubectl cuts files apart (apimachinery's YAMLReader): at lines that start with "---", before
// YAML is looked at. Only white space or a comment may follow on such a line. Each chunk is then
// read with parse_first_yaml. Chunks of nothing at all are left out.
base::Result<std::vector<YamlChunk>> split_yaml(std::string_view text);

// The place of the value at `path` in the document of that number (from 0), found by reading again.
// A part of the path is a member's key or an item's index in decimal. Through aliases and << it is
// the place where the value was written. kNotFound if nothing is there.
base::Result<base::Place> locate_yaml(std::string_view text, size_t document,
                                      std::span<const std::string> path);
// The place of the last part's key; of the value, for an item.
base::Result<base::Place> locate_yaml_key(std::string_view text, size_t document,
                                          std::span<const std::string> path);

// Block style with keys in go-yaml's order (digits by value: a2 before a10), lines folded after 80
// columns, a newline at the end: what sigs.k8s.io/yaml's Marshal writes. Where that would fail or
// lose something (control characters, U+0085) it is what go-yaml itself writes. Bytes that are not
// UTF-8 come out as U+FFFD.
std::string to_yaml(const Value& value);
void append_yaml(std::string& out, const Value& value);

}  // namespace plumb::object
