// Value: the one document type of the program. What JSON and YAML can say, and nothing else.
//
// A Value is 16 bytes. Short strings live inside it; longer strings, arrays and objects live in
// blocks that copies share and that count their owners. So a copy costs a counter, however large
// the document; an edit copies only the blocks on the way to it that somebody else holds too.
// Objects keep their members sorted by key (bytewise, as Go prints maps), each key once: equality,
// difference and merge walk two objects side by side, and the order of output never depends on the
// order of input.
//
// Numbers are int64, uint64 (only above int64's range) or finite double; which one a text becomes
// is the parser's rule (json.h, yaml.h). 1 and 1.0 compare equal.
//
// Reading is lenient: asking a Value for what it is not gives the empty answer (as_string() of a
// number is "", a missing member is null), so that a walk down a document needs no ladder of tests:
//   value["metadata"]["labels"]["app"].as_string()
// Where the difference matters, ask kind() or find().
//
// Editing goes through edit(), set(), push_back(), erase(). A reference that edit() gave is good
// until the Value it came from is next copied or edited: writing through it later may show in the
// copy. So v.edit("k") = v, which copies v after editing it, would tie v into a knot; v.set("k", v)
// copies first.
// set() of a new key, insert() and erase() move what stands behind the place: for many at once,
// make_object and make_array.
//
// Threads: distinct Values may be used by distinct threads even when they share blocks. One Value
// is not for two threads when either writes. Nothing here fails but by running out of memory.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace plumb::object {

class Value;
struct Member;

enum class Kind : uint8_t { kNull, kBool, kInt, kUint, kDouble, kString, kArray, kObject };

// "null", "boolean", "integer", "integer", "number", "string", "array", "object": as messages say
// it.
std::string_view to_string(Kind kind);

namespace detail {

enum class Tag : uint8_t { kNull, kBool, kInt, kUint, kDouble, kInline, kText, kArray, kObject };

// The 16 bytes behind Text and Value: a payload or a block's address, and what it is.
class Cell {
 public:
  static constexpr size_t kInlineText = 14;

  Cell() = default;
  Cell(const Cell& other) noexcept : Cell(other, 0) {
    if (on_heap()) retain();
  }
  Cell(Cell&& other) noexcept : Cell(other, 0) { other.tag_ = Tag::kNull; }
  Cell& operator=(const Cell& other) noexcept {
    if (this != &other) *this = Cell(other);
    return *this;
  }
  Cell& operator=(Cell&& other) noexcept {
    Cell taken(std::move(other));  // first of all: `other` may lie inside what we let go
    std::swap(payload_, taken.payload_);
    std::swap(tail_, taken.tail_);
    std::swap(length_, taken.length_);
    std::swap(tag_, taken.tag_);
    return *this;
  }
  ~Cell() {
    if (on_heap()) release();
  }

 protected:
  friend class object::Value;
  explicit Cell(std::string_view text);
  Cell(Tag tag, uint64_t payload) noexcept : payload_(payload), tag_(tag) {}

  // Arrays and objects without a block are empty.
  bool on_heap() const { return tag_ >= Tag::kText && payload_ != 0; }
  std::string_view text() const;
  template <typename Block>
  Block* block() const {
    return reinterpret_cast<Block*>(payload_);
  }

  uint64_t payload_ = 0;  // number, address of a block, or the first 8 bytes of inline text
  std::array<char, 6> tail_{};
  uint8_t length_ = 0;  // of inline text
  Tag tag_ = Tag::kNull;

 private:
  Cell(const Cell& other, int) noexcept
      : payload_(other.payload_), tail_(other.tail_), length_(other.length_), tag_(other.tag_) {}
  void retain() const;
  void release();
};

}  // namespace detail

// An owned, immutable string of 16 bytes; copies share. At most 4 GiB.
class Text : private detail::Cell {
 public:
  Text() : Cell(std::string_view()) {}
  explicit Text(std::string_view text) : Cell(text) {}
  std::string_view view() const { return text(); }
  bool operator==(const Text& other) const { return view() == other.view(); }

 private:
  friend class Value;
};

class Value : private detail::Cell {
 public:
  Value() = default;
  Value(std::nullptr_t) {}
  Value(std::same_as<bool> auto flag) : Cell(detail::Tag::kBool, flag ? 1 : 0) {}
  template <std::integral T>
    requires(!std::same_as<T, bool> && !std::same_as<T, char>)
  Value(T number);
  // NaN and the infinities have no place in a document: they become null. Parsers refuse them
  // before.
  Value(double number);
  Value(char) = delete;  // a number or a text?
  Value(std::string_view text) : Cell(text) {}
  Value(const std::string& text) : Cell(text) {}
  Value(const char* text) : Cell(std::string_view(text)) {}
  Value(const Text& text) : Cell(static_cast<const Cell&>(text)) {}

  static Value array(std::initializer_list<Value> items = {});
  // The last of several equal keys wins, as in encoding/json.
  static Value object(std::initializer_list<std::pair<std::string_view, Value>> members = {});

  // For parsers: take over the items (they are left null). make_object sorts `members`; of equal
  // keys the last wins, and the first key that came twice is put into `duplicate` if that is given.
  static Value make_array(std::span<Value> items);
  static Value make_object(std::span<Member> members, Text* duplicate = nullptr);

  Kind kind() const;
  bool is_null() const { return tag_ == detail::Tag::kNull; }
  bool is_bool() const { return tag_ == detail::Tag::kBool; }
  bool is_integer() const { return tag_ == detail::Tag::kInt || tag_ == detail::Tag::kUint; }
  bool is_number() const { return is_integer() || tag_ == detail::Tag::kDouble; }
  bool is_string() const { return tag_ == detail::Tag::kInline || tag_ == detail::Tag::kText; }
  bool is_array() const { return tag_ == detail::Tag::kArray; }
  bool is_object() const { return tag_ == detail::Tag::kObject; }
  bool is_scalar() const { return !is_array() && !is_object(); }

  bool as_bool(bool fallback = false) const { return is_bool() ? payload_ != 0 : fallback; }
  // Integers in range, and doubles that are one; `fallback` for all else.
  int64_t as_int(int64_t fallback = 0) const;
  uint64_t as_uint(uint64_t fallback = 0) const;
  double as_double(double fallback = 0) const;
  // Good for as long as this Value is neither changed nor destroyed.
  std::string_view as_string(std::string_view fallback = {}) const {
    return is_string() ? text() : fallback;
  }
  // The string itself, to share; the empty Text for anything else.
  Text as_text() const;

  // Members of an object, items of an array, 0 for all else.
  size_t size() const;
  bool empty() const { return size() == 0; }

  // Arrays. at() past the end is null.
  std::span<const Value> items() const;
  const Value& at(size_t index) const;

  // Objects. [] of a missing key, or of what is no object, is null.
  std::span<const Member> members() const;
  const Value* find(std::string_view key) const;
  bool contains(std::string_view key) const { return find(key) != nullptr; }
  const Value& operator[](std::string_view key) const;

  // Editing. What is no array becomes an empty one in push_back and insert; what is no object
  // becomes one in edit(key) and set(). Indexes must exist (insert: at most size()).
  std::span<Value> edit_items();
  Value& edit(size_t index) { return edit_items()[index]; }
  void push_back(Value item);
  void insert(size_t index, Value item);
  void erase(size_t index);

  std::span<Member> edit_members();      // values may be changed, keys not
  Value& edit(std::string_view key);     // null is put there if it was missing
  Value* edit_if(std::string_view key);  // nullptr if missing
  void set(std::string_view key, Value value) { edit(key) = std::move(value); }
  bool erase(std::string_view key);  // whether it was there

  bool operator==(const Value& other) const;

  // The same for equal Values, on every machine.
  uint64_t fingerprint() const;
  // Bytes of heap that this Value keeps alive, blocks shared with others included.
  size_t heap_bytes() const;

 private:
  struct ArrayBlock;
  struct ObjectBlock;
  friend class detail::Cell;

  static Value of_integer(int64_t number) {
    Value value;
    value.tag_ = detail::Tag::kInt;
    value.payload_ = static_cast<uint64_t>(number);
    return value;
  }
  static Value of_unsigned(uint64_t number);
  double number() const;
  ArrayBlock* unique_array(size_t capacity);
  ObjectBlock* unique_object(size_t capacity);
};

// A key and its value. Keys are only changed by erase and set, so that objects stay sorted.
struct Member {
  Member() = default;
  Member(Text key, Value value) : value(std::move(value)), key_(std::move(key)) {}

  std::string_view key() const { return key_.view(); }
  const Text& key_text() const { return key_; }

  Value value;

 private:
  Text key_;
};

template <std::integral T>
  requires(!std::same_as<T, bool> && !std::same_as<T, char>)
Value::Value(T number)
    : Value(std::is_signed_v<T> ? of_integer(static_cast<int64_t>(number))
                                : of_unsigned(static_cast<uint64_t>(number))) {}

}  // namespace plumb::object
