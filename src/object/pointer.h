// JSON Pointer (RFC 6901): "/spec/containers/0/image" names one place in a document.
//
// For messages to people, field_path.h writes places the way Kubernetes does.
#pragma once

#include <compare>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "object/value.h"

namespace plumb::object {

// What a '~' that is followed by neither '0' nor '1' means.
enum class Escapes {
  kStrict,   // an error: RFC 6901
  kLenient,  // itself: kube-apiserver in JSON patches
};

// The names on the way from the root to a place, decoded. Which token is an index only a document
// can say: where it has an array.
class Pointer {
 public:
  Pointer() = default;  // the whole document
  explicit Pointer(std::vector<std::string> tokens) : tokens_(std::move(tokens)) {}

  // "" or text that starts with '/'.
  static base::Result<Pointer> parse(std::string_view text, Escapes escapes = Escapes::kStrict);

  std::string text() const;
  std::span<const std::string> tokens() const { return tokens_; }
  bool is_root() const { return tokens_.empty(); }
  Pointer child(std::string token) const;
  // True for the same place and all above it.
  bool contains(const Pointer& other) const;

  auto operator<=>(const Pointer&) const = default;

 private:
  std::vector<std::string> tokens_;
};

// '/' and the token, with '~' as "~0" and '/' as "~1".
void append_token(std::string& out, std::string_view token);

// An index as RFC 6901 writes one: digits, no leading zero. nullopt for all else, "-" included.
std::optional<size_t> array_index(std::string_view token);

// The value at a place; nullptr if there is none. Good for as long as the document is unchanged.
const Value* find(const Value& document, const Pointer& pointer);

// The same, with an error (kNotFound) that names the token which led nowhere and what stood there.
base::Result<const Value*> get(const Value& document, const Pointer& pointer);

// The value at a place, for writing: the blocks on the way are made the document's own. Good until
// the document is next copied or edited. If there is none: get()'s error, and nothing is copied.
base::Result<Value*> edit(Value& document, const Pointer& pointer);

}  // namespace plumb::object
