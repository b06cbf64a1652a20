// Quantity: "250m", "1.5Gi", "2e3": a decimal number as Kubernetes writes resources.
//
// The rules are apimachinery's resource.Quantity: a value keeps the family of suffixes it was
// written with; its canonical text has no fraction and the largest suffix that loses nothing; what
// is finer than a nano rounds away from zero; binary quantities are capped at 2^63-1. Where ours
// holds less (38 significant digits, exponents up to 999) a text is refused, never changed.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace plumb::object {

class Quantity {
 public:
  enum class Format : uint8_t { kDecimal, kBinary, kExponent };  // k M G, Ki Mi Gi, e3 e6

  Quantity() = default;
  static base::Result<Quantity> parse(std::string_view text);

  // As a server stores and prints it.
  std::string text() const;
  Format format() const { return format_; }

  // Rounded away from zero to whole units or thousandths; saturated at int64's ends.
  int64_t value() const { return scaled(0); }
  int64_t milli_value() const { return scaled(-3); }
  bool is_zero() const { return mantissa_ == 0; }

  // By value, whatever the format: 1 = 1000m = 1e0.
  std::strong_ordering operator<=>(const Quantity& other) const;
  bool operator==(const Quantity& other) const { return (*this <=> other) == 0; }

  // The format is that of the first, or of the second where the first is zero.
  base::Result<Quantity> plus(const Quantity& other) const;
  base::Result<Quantity> minus(const Quantity& other) const;

 private:
  __extension__ using Wide = __int128;
  struct Number;
  friend struct QuantityParser;

  int64_t scaled(int exponent) const;

  Wide mantissa_ = 0;  // the value is mantissa_ × 10^exponent_
  int exponent_ = 0;
  Format format_ = Format::kDecimal;
  std::string written_;  // the text, where the server keeps it as it was written
};

}  // namespace plumb::object
