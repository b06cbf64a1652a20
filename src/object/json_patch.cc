// apply_json_patch: one Patcher holds the document while the operations run.
#include <algorithm>
#include <string>

#include "base/text.h"
#include "object/json.h"
#include "object/patch.h"
#include "object/pointer.h"

namespace plumb::object {
namespace {

// The item that `token` names among `count`, counting from the end if negative (strconv.Atoi's
// syntax); nullopt if there is none.
std::optional<size_t> position(std::string_view token, size_t count) {
  if (token.starts_with('+')) {
    token.remove_prefix(1);
    if (token.starts_with('-')) return std::nullopt;
  }
  const std::optional<int64_t> index = base::parse_int(token);
  if (!index) return std::nullopt;
  const int64_t at = *index < 0 ? *index + static_cast<int64_t>(count) : *index;
  if (at < 0 || at >= static_cast<int64_t>(count)) return std::nullopt;
  return static_cast<size_t>(at);
}

// Nested arrays and objects; a scalar has none.
int depth_of(const Value& value) {
  int deepest = 0;
  for (const Value& item : value.items()) deepest = std::max(deepest, depth_of(item));
  for (const Member& member : value.members()) {
    deepest = std::max(deepest, depth_of(member.value));
  }
  return value.is_scalar() ? 0 : deepest + 1;
}

base::Error nothing_at(const Value& value, std::string_view token) {
  const std::string name = base::quoted(token);
  if (value.is_object()) return base::not_found("there is no member " + name);
  if (value.is_array()) {
    return base::not_found("there is no item " + name + " in an array of " +
                           std::to_string(value.size()));
  }
  return base::not_found("there is no " + name + " in a value of type " +
                         std::string(to_string(value.kind())));
}

using Tokens = std::span<const std::string>;

class Patcher {
 public:
  Patcher(Value document, const JsonPatchLimits& limits)
      : document_(std::move(document)), limits_(limits) {}

  base::Status run(const Value& operation);
  Value take() { return std::move(document_); }

 private:
  base::Status add(const Pointer& path, Value value);
  base::Status remove(const Pointer& path);
  base::Status replace(const Pointer& path, Value value);
  base::Status move(const Pointer& from, const Pointer& path);
  base::Status copy(const Pointer& from, const Pointer& path);
  base::Status test(const Pointer& path, const Value& expected) const;

  // The value at a place; null for a missing member of an object that is there.
  base::Result<Value> read(const Pointer& path) const;
  base::Result<const Value*> look(Tokens tokens) const;
  // The array or object that holds a place other than the root, for writing.
  base::Result<Value*> parent(const Pointer& path);
  base::Status check_depth(const Pointer& path, const Value& value) const;

  Value document_;
  const JsonPatchLimits limits_;
  size_t copied_bytes_ = 0;
};

base::Result<Pointer> pointer_of(const Value& operation, std::string_view name) {
  const Value* text = operation.find(name);
  if (text == nullptr) return base::invalid("it has no " + base::quoted(name));
  if (!text->is_string()) return base::invalid(base::quoted(name) + " is not a string");
  return Pointer::parse(text->as_string(), Escapes::kLenient);
}

base::Status Patcher::run(const Value& operation) {
  if (!operation.is_object()) return base::invalid("it is not an object");
  const std::string_view op = operation["op"].as_string();
  PLUMB_TRY(const Pointer path, pointer_of(operation, "path"));
  if (op == "add") return add(path, operation["value"]);
  if (op == "remove") return remove(path);
  if (op == "replace") return replace(path, operation["value"]);
  if (op == "test") return test(path, operation["value"]);
  if (op != "move" && op != "copy") {
    return base::invalid(operation["op"].is_string()
                             ? "unknown op " + base::quoted(op) +
                                   ", want add, remove, replace, move, copy or test"
                             : "it has no \"op\"");
  }
  PLUMB_TRY(const Pointer from, pointer_of(operation, "from"));
  return op == "move" ? move(from, path) : copy(from, path);
}

base::Result<const Value*> Patcher::look(Tokens tokens) const {
  const Value* at = &document_;
  for (const std::string& token : tokens) {
    const Value* next = at->find(token);
    if (at->is_array()) {
      const auto index = position(token, at->size());
      next = index ? &at->at(*index) : nullptr;
    }
    if (next == nullptr) return nothing_at(*at, token);
    at = next;
  }
  return at;
}

base::Result<Value> Patcher::read(const Pointer& path) const {
  if (path.is_root()) return document_;
  PLUMB_TRY(const Value* holder, look(path.tokens().first(path.tokens().size() - 1)));
  if (holder->is_object()) return (*holder)[path.tokens().back()];
  PLUMB_TRY(const Value* value, look(path.tokens()));
  return *value;
}

base::Result<Value*> Patcher::parent(const Pointer& path) {
  const Tokens above = path.tokens().first(path.tokens().size() - 1);
  PLUMB_TRY(const Value* found, look(above));
  if (found->is_scalar()) return nothing_at(*found, path.tokens().back());
  Value* at = &document_;
  for (const std::string& token : above) {
    at = at->is_array() ? &at->edit(*position(token, at->size())) : &at->edit(token);
  }
  return at;
}

base::Status Patcher::check_depth(const Pointer& path, const Value& value) const {
  if (static_cast<int>(path.tokens().size()) + depth_of(value) <= limits_.depth) return base::ok();
  return base::too_large("the document would nest more than " + std::to_string(limits_.depth) +
                         " levels deep");
}

base::Status Patcher::add(const Pointer& path, Value value) {
  PLUMB_CHECK_OK(check_depth(path, value));
  if (path.is_root()) {
    document_ = std::move(value);
    return base::ok();
  }
  PLUMB_TRY(Value * holder, parent(path));
  const std::string& token = path.tokens().back();
  if (holder->is_object()) {
    holder->set(token, std::move(value));
    return base::ok();
  }
  const auto index = token == "-" ? holder->size() : position(token, holder->size() + 1);
  if (!index) return nothing_at(*holder, token);
  holder->insert(*index, std::move(value));
  return base::ok();
}

base::Status Patcher::remove(const Pointer& path) {
  if (path.is_root()) return base::invalid("the whole document cannot be removed");
  PLUMB_CHECK_OK(look(path.tokens()));
  PLUMB_TRY(Value * holder, parent(path));
  const std::string& token = path.tokens().back();
  if (holder->is_object()) {
    holder->erase(token);
  } else {
    holder->erase(*position(token, holder->size()));
  }
  return base::ok();
}

base::Status Patcher::replace(const Pointer& path, Value value) {
  PLUMB_CHECK_OK(check_depth(path, value));
  PLUMB_CHECK_OK(read(path));
  if (path.is_root()) {
    document_ = std::move(value);
    return base::ok();
  }
  PLUMB_TRY(Value * holder, parent(path));
  const std::string& token = path.tokens().back();
  Value& slot =
      holder->is_object() ? holder->edit(token) : holder->edit(*position(token, holder->size()));
  slot = std::move(value);
  return base::ok();
}

base::Status Patcher::move(const Pointer& from, const Pointer& path) {
  PLUMB_TRY(const Value* found, look(from.tokens()));
  if (from == path) return base::ok();
  Value value = *found;
  PLUMB_CHECK_OK(remove(from));
  return add(path, std::move(value));
}

base::Status Patcher::copy(const Pointer& from, const Pointer& path) {
  PLUMB_TRY(Value value, read(from));
  copied_bytes_ += to_json(value).size();
  if (copied_bytes_ > limits_.copied_bytes) {
    return base::too_large("the patch copies more than " + std::to_string(limits_.copied_bytes) +
                           " bytes");
  }
  return add(path, std::move(value));
}

base::Status Patcher::test(const Pointer& path, const Value& expected) const {
  PLUMB_TRY(const Value found, read(path));
  if (found == expected) return base::ok();
  return base::conflict("test failed: the value there is another");
}

// "operation 3 (replace "/spec/replicas")"
std::string name_of(const Value& operation, size_t index) {
  std::string name = "JSON patch: operation " + std::to_string(index);
  const std::string_view op = operation["op"].as_string();
  if (op.empty()) return name;
  name += " (" + base::quoted(op, 20);
  for (const char* field : {"from", "path"}) {
    if (operation[field].is_string()) name += " " + base::quoted(operation[field].as_string());
  }
  return name + ")";
}

}  // namespace

base::Result<Value> apply_json_patch(Value document, const Value& patch,
                                     const JsonPatchLimits& limits) {
  if (!patch.is_array()) {
    return base::invalid("a JSON patch is an array of operations, not a value of type " +
                         std::string(to_string(patch.kind())));
  }
  if (patch.size() > limits.operations) {
    return base::too_large("a JSON patch of " + std::to_string(patch.size()) +
                           " operations, the limit is " + std::to_string(limits.operations));
  }
  Patcher patcher(std::move(document), limits);
  for (size_t i = 0; i < patch.size(); ++i) {
    base::Status done = patcher.run(patch.at(i));
    if (!done.ok()) return std::move(done).error().while_doing(name_of(patch.at(i), i));
  }
  return patcher.take();
}

}  // namespace plumb::object
