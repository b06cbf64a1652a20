#include "object/value.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <new>
#include <vector>

#include "base/hash.h"

namespace plumb::object {
namespace {

// What every block starts with. Counters start at one owner.
struct Header {
  std::atomic<uint32_t> owners{1};
  uint32_t size = 0;
};

struct TextBlock : Header {
  char* data() { return reinterpret_cast<char*>(this + 1); }
};

const Value& null_value() {
  static const Value null;
  return null;
}

constexpr size_t kSmall = 12;  // up to here a linear search or an insertion sort is quickest

}  // namespace

// A header followed by `capacity` slots, of which the first `size` are alive.
struct alignas(8) Value::ArrayBlock : Header {
  using Item = Value;
  uint32_t capacity = 0;
  Value* data() { return reinterpret_cast<Value*>(this + 1); }
};

struct alignas(8) Value::ObjectBlock : Header {
  using Item = Member;
  uint32_t capacity = 0;
  Member* data() { return reinterpret_cast<Member*>(this + 1); }
};

namespace {

template <typename Block>
Block* allocate(size_t capacity) {
  static_assert(sizeof(Block) % alignof(typename Block::Item) == 0);
  constexpr size_t kMost = std::numeric_limits<uint32_t>::max();
  if (capacity > kMost) throw std::bad_alloc();
  auto* block = new (::operator new(sizeof(Block) + capacity * sizeof(typename Block::Item))) Block;
  block->capacity = static_cast<uint32_t>(capacity);
  return block;
}

template <typename Block>
void destroy(Block* block) {
  std::destroy_n(block->data(), block->size);
  ::operator delete(block);
}

// A block that only we own, with room for `capacity` items: the same one if it is so already.
template <typename Block>
Block* unique_block(Block* block, size_t capacity) {
  if (block == nullptr) return allocate<Block>(capacity);
  const bool ours = block->owners.load(std::memory_order_acquire) == 1;
  if (ours && block->capacity >= capacity) return block;
  const size_t grown =
      capacity > block->size ? std::max<size_t>(capacity, block->size * 3 / 2) : capacity;
  auto* fresh = allocate<Block>(grown);
  if (ours) {
    std::uninitialized_move_n(block->data(), block->size, fresh->data());
    fresh->size = block->size;
    destroy(block);
    return fresh;
  }
  std::uninitialized_copy_n(block->data(), block->size, fresh->data());
  fresh->size = block->size;
  // Another owner may have let go since we looked; the last one to leave destroys.
  if (block->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) destroy(block);
  return fresh;
}

// The items after `index` move one to the right; the block has room.
template <typename Block>
void insert_at(Block* block, size_t index, typename Block::Item item) {
  auto* items = block->data();
  new (items + block->size) typename Block::Item();
  ++block->size;
  std::move_backward(items + index, items + block->size - 1, items + block->size);
  items[index] = std::move(item);
}

template <typename Block>
void erase_at(Block* block, size_t index) {
  auto* items = block->data();
  std::move(items + index + 1, items + block->size, items + index);
  --block->size;
  std::destroy_at(items + block->size);
}

size_t lower_bound(std::span<const Member> members, std::string_view key) {
  if (members.size() <= kSmall) {
    size_t i = 0;
    while (i < members.size() && members[i].key() < key) ++i;
    return i;
  }
  const auto at = std::lower_bound(members.begin(), members.end(), key,
                                   [](const Member& m, std::string_view k) { return m.key() < k; });
  return static_cast<size_t>(at - members.begin());
}

// Stable, so that of equal keys the last stays last.
void sort_by_key(std::span<Member> members) {
  const auto before = [](const Member& a, const Member& b) { return a.key() < b.key(); };
  if (members.size() > kSmall) {
    if (!std::is_sorted(members.begin(), members.end(), before)) {
      std::stable_sort(members.begin(), members.end(), before);
    }
    return;
  }
  for (size_t i = 1; i < members.size(); ++i) {
    size_t to = i;
    while (to > 0 && before(members[i], members[to - 1])) --to;
    if (to != i) std::rotate(members.begin() + to, members.begin() + i, members.begin() + i + 1);
  }
}

}  // namespace

namespace detail {

Cell::Cell(std::string_view text) {
  if (text.size() <= kInlineText) {
    tag_ = Tag::kInline;
    length_ = static_cast<uint8_t>(text.size());
    std::array<char, kInlineText> bytes{};
    std::copy(text.begin(), text.end(), bytes.begin());
    std::memcpy(&payload_, bytes.data(), sizeof payload_);
    std::memcpy(tail_.data(), bytes.data() + sizeof payload_, tail_.size());
    return;
  }
  if (text.size() > std::numeric_limits<uint32_t>::max()) throw std::bad_alloc();
  auto* block = new (::operator new(sizeof(TextBlock) + text.size())) TextBlock;
  block->size = static_cast<uint32_t>(text.size());
  std::memcpy(block->data(), text.data(), text.size());
  payload_ = reinterpret_cast<uint64_t>(block);
  tag_ = Tag::kText;
}

std::string_view Cell::text() const {
  // payload_ and tail_ lie side by side: together they are the inline text.
  if (tag_ == Tag::kInline) return {reinterpret_cast<const char*>(this), length_};
  if (tag_ != Tag::kText) return {};  // moved from
  auto* text = block<TextBlock>();
  return {text->data(), text->size};
}

void Cell::retain() const { block<Header>()->owners.fetch_add(1, std::memory_order_relaxed); }

void Cell::release() {
  auto* header = block<Header>();
  if (header->owners.load(std::memory_order_acquire) != 1 &&
      header->owners.fetch_sub(1, std::memory_order_acq_rel) != 1) {
    return;
  }
  if (tag_ == Tag::kArray) {
    destroy(block<Value::ArrayBlock>());
  } else if (tag_ == Tag::kObject) {
    destroy(block<Value::ObjectBlock>());
  } else {
    ::operator delete(block<TextBlock>());
  }
}

}  // namespace detail

using detail::Tag;

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::kNull: return "null";
    case Kind::kBool: return "boolean";
    case Kind::kInt:
    case Kind::kUint: return "integer";
    case Kind::kDouble: return "number";
    case Kind::kString: return "string";
    case Kind::kArray: return "array";
    case Kind::kObject: return "object";
  }
  return "unknown";
}

Value::Value(double number) {
  if (!std::isfinite(number)) return;
  tag_ = Tag::kDouble;
  payload_ = std::bit_cast<uint64_t>(number);
}

Value Value::of_unsigned(uint64_t number) {
  Value value = of_integer(static_cast<int64_t>(number));
  if (number > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) value.tag_ = Tag::kUint;
  return value;
}

Value Value::array(std::initializer_list<Value> items) {
  std::vector<Value> copy(items);
  return make_array(copy);
}

Value Value::object(std::initializer_list<std::pair<std::string_view, Value>> members) {
  std::vector<Member> list;
  list.reserve(members.size());
  for (const auto& [key, value] : members) list.emplace_back(Text(key), value);
  return make_object(list);
}

Value Value::make_array(std::span<Value> items) {
  Value value;
  value.tag_ = Tag::kArray;
  if (items.empty()) return value;
  auto* block = allocate<ArrayBlock>(items.size());
  std::uninitialized_move(items.begin(), items.end(), block->data());
  block->size = static_cast<uint32_t>(items.size());
  value.payload_ = reinterpret_cast<uint64_t>(block);
  return value;
}

Value Value::make_object(std::span<Member> members, Text* duplicate) {
  Value value;
  value.tag_ = Tag::kObject;
  if (members.empty()) return value;
  sort_by_key(members);
  auto* block = allocate<ObjectBlock>(members.size());
  Member* out = block->data();
  bool reported = false;
  for (Member& member : members) {
    const bool again = out != block->data() && out[-1].key() == member.key();
    if (again && duplicate != nullptr && !reported) {
      *duplicate = member.key_text();
      reported = true;
    }
    if (again)
      out[-1] = std::move(member);
    else
      new (out++) Member(std::move(member));
  }
  block->size = static_cast<uint32_t>(out - block->data());
  value.payload_ = reinterpret_cast<uint64_t>(block);
  return value;
}

Kind Value::kind() const {
  switch (tag_) {
    case Tag::kNull: return Kind::kNull;
    case Tag::kBool: return Kind::kBool;
    case Tag::kInt: return Kind::kInt;
    case Tag::kUint: return Kind::kUint;
    case Tag::kDouble: return Kind::kDouble;
    case Tag::kInline:
    case Tag::kText: return Kind::kString;
    case Tag::kArray: return Kind::kArray;
    case Tag::kObject: return Kind::kObject;
  }
  return Kind::kNull;
}

double Value::number() const {
  if (tag_ == Tag::kInt) return static_cast<double>(static_cast<int64_t>(payload_));
  if (tag_ == Tag::kUint) return static_cast<double>(payload_);
  return std::bit_cast<double>(payload_);
}

int64_t Value::as_int(int64_t fallback) const {
  if (tag_ == Tag::kInt) return static_cast<int64_t>(payload_);
  if (tag_ != Tag::kDouble) return fallback;
  constexpr double kLimit = 9223372036854775808.0;  // 2^63
  const double value = number();
  const bool fits = value >= -kLimit && value < kLimit && std::trunc(value) == value;
  return fits ? static_cast<int64_t>(value) : fallback;
}

uint64_t Value::as_uint(uint64_t fallback) const {
  if (tag_ == Tag::kUint) return payload_;
  if (tag_ == Tag::kInt) return static_cast<int64_t>(payload_) >= 0 ? payload_ : fallback;
  if (tag_ != Tag::kDouble) return fallback;
  constexpr double kLimit = 18446744073709551616.0;  // 2^64
  const double value = number();
  const bool fits = value >= 0 && value < kLimit && std::trunc(value) == value;
  return fits ? static_cast<uint64_t>(value) : fallback;
}

double Value::as_double(double fallback) const { return is_number() ? number() : fallback; }

Text Value::as_text() const {
  Text text;
  if (is_string()) static_cast<Cell&>(text) = *this;
  return text;
}

size_t Value::size() const {
  if ((!is_array() && !is_object()) || payload_ == 0) return 0;
  return block<Header>()->size;
}

std::span<const Value> Value::items() const {
  if (!is_array() || payload_ == 0) return {};
  return {block<ArrayBlock>()->data(), block<ArrayBlock>()->size};
}

const Value& Value::at(size_t index) const {
  const auto all = items();
  return index < all.size() ? all[index] : null_value();
}

std::span<const Member> Value::members() const {
  if (!is_object() || payload_ == 0) return {};
  return {block<ObjectBlock>()->data(), block<ObjectBlock>()->size};
}

const Value* Value::find(std::string_view key) const {
  const auto all = members();
  const size_t at = lower_bound(all, key);
  return at < all.size() && all[at].key() == key ? &all[at].value : nullptr;
}

const Value& Value::operator[](std::string_view key) const {
  const Value* found = find(key);
  return found != nullptr ? *found : null_value();
}

Value::ArrayBlock* Value::unique_array(size_t capacity) {
  if (!is_array()) *this = array();
  auto* items = unique_block(block<ArrayBlock>(), capacity);
  payload_ = reinterpret_cast<uint64_t>(items);
  return items;
}

Value::ObjectBlock* Value::unique_object(size_t capacity) {
  if (!is_object()) *this = object();
  auto* members = unique_block(block<ObjectBlock>(), capacity);
  payload_ = reinterpret_cast<uint64_t>(members);
  return members;
}

std::span<Value> Value::edit_items() {
  if (size() == 0 || !is_array()) return {};
  auto* items = unique_array(size());
  return {items->data(), items->size};
}

void Value::push_back(Value item) { insert(is_array() ? size() : 0, std::move(item)); }

void Value::insert(size_t index, Value item) {
  auto* items = unique_array(is_array() ? size() + 1 : 1);
  insert_at(items, index, std::move(item));
}

void Value::erase(size_t index) { erase_at(unique_array(size()), index); }

std::span<Member> Value::edit_members() {
  if (size() == 0 || !is_object()) return {};
  auto* members = unique_object(size());
  return {members->data(), members->size};
}

Value& Value::edit(std::string_view key) {
  const auto all = members();
  const size_t at = lower_bound(all, key);
  if (at < all.size() && all[at].key() == key) return unique_object(all.size())->data()[at].value;
  Member member{Text(key), Value()};  // before the block moves: `key` may point into it
  auto* block = unique_object(all.size() + 1);
  insert_at(block, at, std::move(member));
  return block->data()[at].value;
}

Value* Value::edit_if(std::string_view key) { return contains(key) ? &edit(key) : nullptr; }

bool Value::erase(std::string_view key) {
  const auto all = members();
  const size_t at = lower_bound(all, key);
  if (at == all.size() || all[at].key() != key) return false;
  erase_at(unique_object(all.size()), at);
  return true;
}

bool Value::operator==(const Value& other) const {
  if (is_number() && other.is_number()) {
    if (is_integer() && other.is_integer()) return tag_ == other.tag_ && payload_ == other.payload_;
    if (tag_ == other.tag_) return number() == other.number();
    // An integer and a double: equal only if the double is exactly that integer.
    const Value& whole = is_integer() ? *this : other;
    const Value& real = is_integer() ? other : *this;
    return whole.number() == real.number() &&
           (whole.tag_ == Tag::kInt ? real.as_int(~whole.as_int()) == whole.as_int()
                                    : real.as_uint(~whole.as_uint()) == whole.as_uint());
  }
  if (kind() != other.kind()) return false;
  switch (tag_) {
    case Tag::kNull: return true;
    case Tag::kArray: {
      if (payload_ == other.payload_) return true;
      const auto ours = items();
      return std::equal(ours.begin(), ours.end(), other.items().begin(), other.items().end());
    }
    case Tag::kObject: {
      if (payload_ == other.payload_) return true;
      const auto same = [](const Member& a, const Member& b) {
        return a.key() == b.key() && a.value == b.value;
      };
      const auto ours = members();
      return std::equal(ours.begin(), ours.end(), other.members().begin(), other.members().end(),
                        same);
    }
    case Tag::kBool: return payload_ == other.payload_;
    default: return text() == other.text();
  }
}

uint64_t Value::fingerprint() const {
  uint64_t hash = static_cast<uint64_t>(kind());
  if (is_number()) {
    // Equal numbers of different kinds must agree: hash the double unless only the integer is
    // exact.
    const double real = number();
    const bool exact = Value(real) == *this;
    const uint64_t bits = exact ? std::bit_cast<uint64_t>(real == 0 ? 0.0 : real) : payload_;
    return base::combine(static_cast<uint64_t>(Kind::kDouble), bits);
  }
  if (is_string()) return base::fingerprint(text(), hash);
  if (is_bool()) return base::combine(hash, payload_);
  for (const Value& item : items()) hash = base::combine(hash, item.fingerprint());
  for (const Member& member : members()) {
    hash = base::combine(hash, base::fingerprint(member.key(), member.value.fingerprint()));
  }
  return hash;
}

size_t Value::heap_bytes() const {
  if (!on_heap()) return 0;
  if (tag_ == Tag::kText) return sizeof(TextBlock) + text().size();
  size_t bytes = 0;
  if (is_array()) {
    bytes = sizeof(ArrayBlock) + block<ArrayBlock>()->capacity * sizeof(Value);
    for (const Value& item : items()) bytes += item.heap_bytes();
    return bytes;
  }
  bytes = sizeof(ObjectBlock) + block<ObjectBlock>()->capacity * sizeof(Member);
  for (const Member& member : members()) {
    bytes += Value(member.key_text()).heap_bytes() + member.value.heap_bytes();
  }
  return bytes;
}

}  // namespace plumb::object
