// Names that the compiler tells apart: an Id<Tag> is a string with a meaning.
//
//   using RepositoryId = base::Id<struct RepositoryTag>;
//
// Two Ids with different tags neither compare nor convert, so arguments cannot be swapped.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace plumb::base {

template <typename Tag>
class Id {
 public:
  Id() = default;
  explicit Id(std::string text) : text_(std::move(text)) {}

  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }
  auto operator<=>(const Id&) const = default;

 private:
  std::string text_;
};

// A 128-bit identifier as RFC 9562 writes it: 8-4-4-4-12 lower-case hex digits.
class Uuid {
 public:
  using Bytes = std::array<uint8_t, 16>;

  Uuid() = default;
  // A version 4 (random) identifier out of 16 random bytes; env::Random gives them.
  static Uuid from_random(Bytes bytes);
  // Takes either case; anything but the 36-character form is refused.
  static std::optional<Uuid> parse(std::string_view text);

  std::string text() const;
  const Bytes& bytes() const { return bytes_; }
  auto operator<=>(const Uuid&) const = default;

 private:
  Bytes bytes_{};
};

}  // namespace plumb::base

template <typename Tag>
struct std::hash<plumb::base::Id<Tag>> {
  size_t operator()(const plumb::base::Id<Tag>& id) const { return hash<string>()(id.text()); }
};
