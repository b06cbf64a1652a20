#include "object/pointer.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace plumb::object {
namespace {

// The one step that `token` takes from `value`; nullptr if it leads nowhere.
const Value* step(const Value& value, std::string_view token) {
  if (value.is_object()) return value.find(token);
  if (!value.is_array()) return nullptr;
  const auto index = array_index(token);
  return index && *index < value.size() ? &value.at(*index) : nullptr;
}

// Why that step led nowhere.
std::string missing(const Value& value, std::string_view token) {
  const std::string name = base::quoted(token);
  if (value.is_object()) return "there is no member " + name;
  if (!value.is_array()) {
    return "there is no " + name + " in a value of type " + std::string(to_string(value.kind()));
  }
  if (!array_index(token)) return name + " is not an index into an array";
  return "there is no item " + name + " in an array of " + std::to_string(value.size());
}

base::Result<std::string> unescape(std::string_view token, Escapes escapes) {
  std::string out;
  out.reserve(token.size());
  for (size_t i = 0; i < token.size(); ++i) {
    const char next = token[i] == '~' && i + 1 < token.size() ? token[i + 1] : '\0';
    if (next == '0' || next == '1') {
      out += next == '0' ? '~' : '/';
      ++i;
    } else if (token[i] == '~' && escapes == Escapes::kStrict) {
      return base::invalid("JSON Pointer: \"~\" must be written as \"~0\" in " +
                           base::quoted(token));
    } else {
      out += token[i];
    }
  }
  return out;
}

}  // namespace

base::Result<Pointer> Pointer::parse(std::string_view text, Escapes escapes) {
  Pointer pointer;
  if (text.empty()) return pointer;
  if (text.front() != '/') {
    return base::invalid("JSON Pointer " + base::quoted(text) + " does not start with \"/\"");
  }
  for (const std::string_view part : base::split(text.substr(1), '/')) {
    PLUMB_TRY(std::string token, unescape(part, escapes));
    pointer.tokens_.push_back(std::move(token));
  }
  return pointer;
}

std::string Pointer::text() const {
  std::string out;
  for (const std::string& token : tokens_) append_token(out, token);
  return out;
}

Pointer Pointer::child(std::string token) const {
  Pointer longer = *this;
  longer.tokens_.push_back(std::move(token));
  return longer;
}

bool Pointer::contains(const Pointer& other) const {
  return tokens_.size() <= other.tokens_.size() &&
         std::equal(tokens_.begin(), tokens_.end(), other.tokens_.begin());
}

void append_token(std::string& out, std::string_view token) {
  out += '/';
  for (const char c : token) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
}

std::optional<size_t> array_index(std::string_view token) {
  if (token.empty() || (token.size() > 1 && token.front() == '0')) return std::nullopt;
  size_t index = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
  if (error != std::errc() || end != token.data() + token.size()) return std::nullopt;
  return index;
}

const Value* find(const Value& document, const Pointer& pointer) {
  const Value* at = &document;
  for (const std::string& token : pointer.tokens()) {
    at = step(*at, token);
    if (at == nullptr) return nullptr;
  }
  return at;
}

base::Result<const Value*> get(const Value& document, const Pointer& pointer) {
  const Value* at = &document;
  std::string walked;
  for (const std::string& token : pointer.tokens()) {
    const Value* next = step(*at, token);
    if (next == nullptr) {
      return base::not_found(missing(*at, token) + " at " + base::quoted(walked) +
                             ", looking for " + base::quoted(pointer.text()));
    }
    append_token(walked, token);
    at = next;
  }
  return at;
}

base::Result<Value*> edit(Value& document, const Pointer& pointer) {
  PLUMB_CHECK_OK(get(document, pointer));
  Value* at = &document;
  for (const std::string& token : pointer.tokens()) {
    at = at->is_array() ? &at->edit(*array_index(token)) : &at->edit(token);
  }
  return at;
}

}  // namespace plumb::object
