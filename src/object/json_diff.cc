// diff: the JSON Patch between two documents.
#include <string>
#include <vector>

#include "object/patch.h"
#include "object/pointer.h"

namespace plumb::object {
namespace {

// The most pairs of items that are compared to align two arrays; beyond, items meet by position.
constexpr size_t kMostPairs = 1 << 16;

class Differ {
 public:
  Value run(const Value& from, const Value& to) {
    values(from, to);
    return Value::make_array(operations_);
  }

 private:
  using Items = std::span<const Value>;

  void values(const Value& from, const Value& to);
  void objects(const Value& from, const Value& to);
  void arrays(Items from, Items to);
  // Both runs differ in full: pairs are diffed, then what is left over goes or comes. `at` is the
  // index where the first run starts, and is moved behind the second.
  void replace_run(Items from, Items to, size_t& at);

  template <typename Step>
  void below(std::string_view token, Step step) {
    const size_t length = path_.size();
    append_token(path_, token);
    step();
    path_.resize(length);
  }
  void add(std::string_view token, const Value& value) {
    below(token, [&] { write("add", &value); });
  }
  void remove(std::string_view token) {
    below(token, [&] { write("remove", nullptr); });
  }
  void write(std::string_view op, const Value* value) {
    Value operation = Value::object({{"op", op}, {"path", path_}});
    if (value != nullptr) operation.set("value", *value);
    operations_.push_back(std::move(operation));
  }

  std::string path_;
  std::vector<Value> operations_;
};

void Differ::values(const Value& from, const Value& to) {
  if (from == to) return;
  if (from.is_object() && to.is_object()) {
    objects(from, to);
  } else if (from.is_array() && to.is_array()) {
    arrays(from.items(), to.items());
  } else {
    write("replace", &to);
  }
}

void Differ::objects(const Value& from, const Value& to) {
  for (const Member& member : from.members()) {
    if (const Value* now = to.find(member.key())) {
      below(member.key(), [&] { values(member.value, *now); });
    } else {
      remove(member.key());
    }
  }
  for (const Member& member : to.members()) {
    if (!from.contains(member.key())) add(member.key(), member.value);
  }
}

// For each item of `from` the item of `to` that it is kept as, in order, as many as can be; -1 for
// none. A textbook table of the longest common subsequence.
std::vector<int> align(std::span<const Value> from, std::span<const Value> to) {
  std::vector<int> kept(from.size(), -1);
  if (from.empty() || to.size() > kMostPairs / from.size()) return kept;
  std::vector<uint64_t> left;
  std::vector<uint64_t> right;
  for (const Value& item : from) left.push_back(item.fingerprint());
  for (const Value& item : to) right.push_back(item.fingerprint());
  const auto same = [&](size_t i, size_t j) { return left[i] == right[j] && from[i] == to[j]; };

  const size_t width = to.size() + 1;
  std::vector<uint32_t> longest((from.size() + 1) * width, 0);  // of what is left from (i, j) on
  for (size_t i = from.size(); i-- > 0;) {
    for (size_t j = to.size(); j-- > 0;) {
      const size_t here = i * width + j;
      longest[here] = same(i, j) ? longest[here + width + 1] + 1
                                 : std::max(longest[here + width], longest[here + 1]);
    }
  }
  for (size_t i = 0, j = 0; i < from.size() && j < to.size();) {
    if (same(i, j)) {
      kept[i++] = static_cast<int>(j++);
    } else if (longest[(i + 1) * width + j] >= longest[i * width + j + 1]) {
      ++i;
    } else {
      ++j;
    }
  }
  return kept;
}

void Differ::arrays(Items from, Items to) {
  size_t at = 0;
  while (at < from.size() && at < to.size() && from[at] == to[at]) ++at;
  from = from.subspan(at);
  to = to.subspan(at);
  while (!from.empty() && !to.empty() && from.back() == to.back()) {
    from = from.first(from.size() - 1);
    to = to.first(to.size() - 1);
  }
  const std::vector<int> kept = align(from, to);
  size_t i = 0;
  size_t j = 0;
  for (size_t k = 0; k < from.size(); ++k) {
    if (kept[k] < 0) continue;
    const auto match = static_cast<size_t>(kept[k]);
    replace_run(from.subspan(i, k - i), to.subspan(j, match - j), at);
    ++at;
    i = k + 1;
    j = match + 1;
  }
  replace_run(from.subspan(i), to.subspan(j), at);
}

void Differ::replace_run(Items from, Items to, size_t& at) {
  const size_t pairs = std::min(from.size(), to.size());
  for (size_t i = 0; i < pairs; ++i, ++at) {
    below(std::to_string(at), [&] { values(from[i], to[i]); });
  }
  for (size_t i = pairs; i < from.size(); ++i) remove(std::to_string(at));
  for (size_t i = pairs; i < to.size(); ++i) add(std::to_string(at++), to[i]);
}

}  // namespace

Value diff(const Value& from, const Value& to) { return Differ().run(from, to); }

}  // namespace plumb::object
