#include "object/quantity.h"

#include "base/text.h"

namespace plumb::object {
namespace {

__extension__ using Wide = __int128;

constexpr int kNano = -9;
constexpr Wide kLeast = Wide{1} << 127;
constexpr int kExponentLimit = 999;
constexpr int kDigitLimit = 38;  // that 127 bits hold
constexpr int kBinarySteps = 6;  // Ki … Ei
constexpr std::string_view kDecimalSuffixes[] = {"n", "u", "m", "", "k", "M", "G", "T", "P", "E"};
constexpr std::string_view kBinarySuffixes[] = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};

bool multiply(Wide& number, Wide factor) {
  return !__builtin_mul_overflow(number, factor, &number);
}

// Times 10^power; false if that does not fit.
bool raise(Wide& number, int power) {
  if (number == 0) return true;
  for (; power > 0; --power) {
    if (!multiply(number, 10)) return false;
  }
  return true;
}

// Divided by 10^power, away from zero; true if nothing was lost.
bool round_off(Wide& number, int power) {
  bool exact = true;
  const Wide sign = number < 0 ? -1 : 1;
  for (; power > 0 && number != 0; --power) {
    exact = exact && number % 10 == 0;
    number /= 10;
  }
  if (!exact) number += sign;
  return exact;
}

std::string digits(Wide number) {
  if (number == 0) return "0";
  std::string out;
  const bool negative = number < 0;
  for (; number != 0; number /= 10) {
    const auto digit = static_cast<int>(number % 10);
    out.insert(out.begin(), static_cast<char>('0' + (digit < 0 ? -digit : digit)));
  }
  return negative ? "-" + out : out;
}

base::Error malformed(std::string_view text, std::string_view why) {
  return base::invalid("quantity " + base::quoted(text) + " " + std::string(why))
      .advise(
          "write a number and one of n u m k M G T P E, Ki Mi Gi Ti Pi Ei, or an exponent as in "
          "1e3");
}

}  // namespace

// The parts of a text: sign, digits before and after the point, suffix.
struct QuantityParser {  // view: the text being parsed, and parts of it
  std::string_view text;
  bool negative = false;
  std::string_view whole;  // without leading zeros, unless that leaves nothing: then "0"
  std::string_view fraction;
  std::string_view suffix;
  int power = 0;  // of 10 or of 2, by the format
  Quantity::Format format = Quantity::Format::kDecimal;

  base::Status split() {
    size_t at = 0;
    if (text.starts_with('-') || text.starts_with('+')) negative = text[at++] == '-';
    const size_t begin = at;
    const auto skip_digits = [&] {
      while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    };
    skip_digits();
    whole = text.substr(begin, at - begin);
    if (at < text.size() && text[at] == '.') {
      const size_t point = at++;
      skip_digits();
      fraction = text.substr(point + 1, at - point - 1);
    }
    // The server takes some texts without a digit, as "m", for 0; that hides a mistake.
    if (whole.empty() && fraction.empty()) return malformed(text, "has no number");
    if (whole.empty()) whole = "0";
    while (whole.size() > 1 && whole.front() == '0') whole.remove_prefix(1);
    suffix = text.substr(at);
    return base::ok();
  }

  base::Status read_suffix() {
    for (size_t i = 0; i < std::size(kDecimalSuffixes); ++i) {
      if (suffix != kDecimalSuffixes[i]) continue;
      power = kNano + 3 * static_cast<int>(i);
      return base::ok();
    }
    for (size_t i = 1; i < std::size(kBinarySuffixes); ++i) {
      if (suffix != kBinarySuffixes[i]) continue;
      format = Quantity::Format::kBinary;
      power = 10 * static_cast<int>(i);
      return base::ok();
    }
    if (suffix.size() < 2 || (suffix[0] != 'e' && suffix[0] != 'E')) {
      return malformed(text, "has the unknown suffix " + base::quoted(suffix));
    }
    std::string_view number = suffix.substr(1);
    if (number.size() > 1 && number[0] == '+' && number[1] != '-') number.remove_prefix(1);
    const auto exponent = base::parse_int(number);
    if (!exponent) return malformed(text, "has a malformed exponent");
    if (*exponent > kExponentLimit || *exponent < -kExponentLimit) {
      return malformed(text, "has an exponent beyond " + std::to_string(kExponentLimit));
    }
    format = Quantity::Format::kExponent;
    power = static_cast<int>(*exponent);
    return base::ok();
  }

  // The server keeps some texts as they were written, though they are not canonical ("1.500",
  // "+1"): those its quick path takes for canonical.
  bool kept_as_written(Wide mantissa, int exponent) const {
    constexpr int kQuickDigits = 18;
    const int length = static_cast<int>(whole.size() + fraction.size());
    if (format == Quantity::Format::kBinary) {
      const int precision = 15 - length - static_cast<int>(static_cast<float>(power) * 3 / 10) - 1;
      return fraction.empty() && precision >= 0 && mantissa % 8 != 0;
    }
    const bool thousands = fraction.size() + whole.size() >= 3 &&
                           (std::string(whole) + std::string(fraction)).ends_with("000");
    return length <= kQuickDigits && exponent >= kNano && exponent % 3 == 0 && !thousands &&
           whole.front() != '0';
  }

  base::Result<Quantity> value() {
    Quantity out;
    out.format_ = format;
    for (const std::string_view part : {whole, fraction}) {
      for (const char digit : part) {
        if (!multiply(out.mantissa_, 10)) return malformed(text, "has more than 38 digits");
        if (__builtin_add_overflow(out.mantissa_, digit - '0', &out.mantissa_)) {
          return malformed(text, "has more than 38 digits");
        }
      }
    }
    const bool binary = format == Quantity::Format::kBinary;
    out.exponent_ = (binary ? 0 : power) - static_cast<int>(fraction.size());
    if (out.mantissa_ == 0) {
      out.exponent_ = 0;
      return out;
    }
    if (kept_as_written(out.mantissa_, out.exponent_)) out.written_ = text;
    if (binary) PLUMB_CHECK_OK(apply_binary(out));
    if (out.exponent_ < kNano) {
      round_off(out.mantissa_, std::min(kNano - out.exponent_, kDigitLimit + 1));
      out.exponent_ = kNano;
    }
    if (binary) cap(out);
    if (negative) out.mantissa_ = -out.mantissa_;
    return out;
  }

  base::Status apply_binary(Quantity& out) const {
    Wide exact = out.mantissa_;
    if (multiply(exact, Wide{1} << power)) {
      out.mantissa_ = exact;
      return base::ok();
    }
    // Too many digits to multiply: either far beyond the cap, or a fraction finer than we hold.
    Wide integer = out.mantissa_;
    round_off(integer, std::min(-out.exponent_, kDigitLimit + 1));
    if (!multiply(integer, Wide{1} << power) || integer > INT64_MAX) {
      out.mantissa_ = Wide{INT64_MAX} + 1;
      out.exponent_ = 0;
      return base::ok();
    }
    return malformed(text, "has more digits than a binary quantity can hold");
  }

  static void cap(Quantity& out) {
    Wide integer = out.mantissa_;
    round_off(integer, -out.exponent_);
    if (integer > INT64_MAX) {
      out.mantissa_ = INT64_MAX;
      out.exponent_ = 0;
    } else if (integer == 1) {
      Wide one = 1;
      raise(one, -out.exponent_);
      if (out.mantissa_ < one) out.format_ = Quantity::Format::kDecimal;
    }
  }
};

base::Result<Quantity> Quantity::parse(std::string_view text) {
  QuantityParser parser{.text = text, .whole = {}, .fraction = {}, .suffix = {}};
  PLUMB_CHECK_OK(parser.split());
  PLUMB_CHECK_OK(parser.read_suffix());
  return parser.value();
}

std::string Quantity::text() const {
  if (is_zero()) return "0";
  if (!written_.empty()) return written_;
  Wide whole = mantissa_;
  const bool is_whole = exponent_ >= 0 ? raise(whole, exponent_) : round_off(whole, -exponent_);
  if (format_ == Format::kBinary && is_whole && (whole <= -1024 || whole >= 1024)) {
    int step = 0;
    for (; step < kBinarySteps && whole % 1024 == 0; ++step) whole /= 1024;
    return digits(whole) + std::string(kBinarySuffixes[step]);
  }
  Wide number = mantissa_;
  int exponent = exponent_;
  while (number % 10 == 0) {
    number /= 10;
    ++exponent;
  }
  const int highest = format_ == Format::kExponent ? kExponentLimit * 2 : 18;
  int wanted = std::min(exponent, highest);
  wanted -= (wanted % 3 + 3) % 3;
  if (!raise(number, exponent - wanted)) return digits(number) + "e" + std::to_string(exponent);
  if (format_ == Format::kExponent)
    return digits(number) + (wanted == 0 ? "" : "e" + std::to_string(wanted));
  return digits(number) + std::string(kDecimalSuffixes[(wanted - kNano) / 3]);
}

int64_t Quantity::scaled(int exponent) const {
  Wide number = mantissa_;
  const int shift = exponent_ - exponent;
  const bool fits = shift < 0 ? (round_off(number, -shift), true) : raise(number, shift);
  if (!fits) return mantissa_ < 0 ? INT64_MIN : INT64_MAX;
  return static_cast<int64_t>(std::clamp<Wide>(number, INT64_MIN, INT64_MAX));
}

std::strong_ordering Quantity::operator<=>(const Quantity& other) const {
  const auto order = [](const Wide& a, const Wide& b) {
    return a < b   ? std::strong_ordering::less
           : a > b ? std::strong_ordering::greater
                   : std::strong_ordering::equal;
  };
  Wide ours = mantissa_;
  Wide theirs = other.mantissa_;
  if ((ours < 0) != (theirs < 0) || ours == 0 || theirs == 0) return order(ours, theirs);
  const int shift = exponent_ - other.exponent_;
  // Where aligning does not fit, the one with the larger exponent is the larger in size.
  const Wide sign = ours < 0 ? -1 : 1;
  if (shift > 0 && !raise(ours, shift)) return order(sign, 0);
  if (shift < 0 && !raise(theirs, -shift)) return order(0, sign);
  return order(ours, theirs);
}

base::Result<Quantity> Quantity::plus(const Quantity& other) const {
  Quantity sum = is_zero() ? other : *this;
  Quantity added = is_zero() ? *this : other;
  sum.written_.clear();
  if (added.is_zero()) return sum;
  const int low = std::min(sum.exponent_, added.exponent_);
  const bool fits = raise(sum.mantissa_, sum.exponent_ - low) &&
                    raise(added.mantissa_, added.exponent_ - low) &&
                    !__builtin_add_overflow(sum.mantissa_, added.mantissa_, &sum.mantissa_) &&
                    sum.mantissa_ != kLeast;  // it has no opposite
  if (!fits) {
    return base::too_large("the sum of the quantities " + text() + " and " + other.text() +
                           " has more than 38 digits");
  }
  sum.exponent_ = low;
  return sum;
}

base::Result<Quantity> Quantity::minus(const Quantity& other) const {
  Quantity negated = other;
  negated.mantissa_ = -negated.mantissa_;
  negated.written_.clear();
  return plus(negated);
}

}  // namespace plumb::object
