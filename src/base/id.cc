#include "base/id.h"

#include "base/text.h"

namespace plumb::base {
namespace {

constexpr bool dash_before(size_t byte) {
  return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

}  // namespace

Uuid Uuid::from_random(Bytes bytes) {
  bytes[6] = static_cast<uint8_t>((bytes[6] & 0x0F) | 0x40);  // version 4
  bytes[8] = static_cast<uint8_t>((bytes[8] & 0x3F) | 0x80);  // variant 1
  Uuid id;
  id.bytes_ = bytes;
  return id;
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
  constexpr size_t kLength = 36;
  if (text.size() != kLength) return std::nullopt;
  Uuid id;
  size_t at = 0;
  for (size_t i = 0; i < id.bytes_.size(); ++i) {
    if (dash_before(i) && text[at++] != '-') return std::nullopt;
    const int high = hex_digit(text[at]);
    const int low = hex_digit(text[at + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    id.bytes_[i] = static_cast<uint8_t>(high * 16 + low);
    at += 2;
  }
  return id;
}

std::string Uuid::text() const {
  const std::string digits = to_hex(bytes_);
  std::string out;
  for (size_t i = 0; i < bytes_.size(); ++i) {
    if (dash_before(i)) out += '-';
    out.append(digits, 2 * i, 2);
  }
  return out;
}

}  // namespace plumb::base
