#include "object/duration.h"

#include "base/text.h"

namespace plumb::object {
namespace {

constexpr uint64_t kMost = uint64_t{1} << 63;  // nanoseconds; as a negative duration only

struct Unit {  // view: literals
  std::string_view name;
  uint64_t nanoseconds;
};

constexpr Unit kUnits[] = {
    {"ns", 1},         {"us", 1'000},        {"\xC2\xB5s", 1'000},  {"\xCE\xBCs", 1'000},
    {"ms", 1'000'000}, {"s", 1'000'000'000}, {"m", 60'000'000'000}, {"h", 3'600'000'000'000},
};

base::Error malformed(std::string_view text, const std::string& why) {
  return base::invalid("duration " + base::quoted(text) + " " + why)
      .advise("write numbers with units, as 90s, 1h30m or 500ms");
}

bool is_digit(std::string_view text, size_t at) {
  return at < text.size() && text[at] >= '0' && text[at] <= '9';
}

// One number and its unit, as nanoseconds; takes them off `rest`.
base::Result<uint64_t> take_part(std::string_view text, std::string_view& rest) {
  uint64_t whole = 0;
  size_t at = 0;
  for (; is_digit(rest, at); ++at) {
    if (whole > kMost / 10) return malformed(text, "is too long");
    whole = whole * 10 + static_cast<uint64_t>(rest[at] - '0');
    if (whole > kMost) return malformed(text, "is too long");
  }
  size_t digits = at;
  // Digits that no longer fit are dropped, as Go does: they are far below a nanosecond.
  uint64_t fraction = 0;
  double scale = 1;
  if (at < rest.size() && rest[at] == '.') {
    for (++at; is_digit(rest, at); ++at, ++digits) {
      if (fraction > (kMost - 1) / 10) continue;
      fraction = fraction * 10 + static_cast<uint64_t>(rest[at] - '0');
      scale *= 10;
    }
  }
  if (digits == 0) return malformed(text, "has no number where one must stand");
  size_t end = at;
  while (end < rest.size() && rest[end] != '.' && !is_digit(rest, end)) ++end;
  const std::string_view name = rest.substr(at, end - at);
  if (name.empty()) return malformed(text, "has a number without a unit");
  const auto* unit = std::find_if(std::begin(kUnits), std::end(kUnits),
                                  [&](const Unit& u) { return u.name == name; });
  if (unit == std::end(kUnits))
    return malformed(text, "has the unknown unit " + base::quoted(name));
  if (whole > kMost / unit->nanoseconds) return malformed(text, "is too long");
  uint64_t total = whole * unit->nanoseconds;
  if (fraction > 0) {
    total += static_cast<uint64_t>(static_cast<double>(fraction) *
                                   (static_cast<double>(unit->nanoseconds) / scale));
  }
  if (total > kMost) return malformed(text, "is too long");
  rest.remove_prefix(end);
  return total;
}

// "1.5" of 1'500'000'000 and 9 digits; zeros at the end of the fraction fall away.
std::string decimal(uint64_t number, int fraction_digits) {
  uint64_t unit = 1;
  for (int i = 0; i < fraction_digits; ++i) unit *= 10;
  std::string out = std::to_string(number / unit);
  std::string fraction = std::to_string(number % unit);
  fraction.insert(0,
                  static_cast<size_t>(fraction_digits) -
                      std::min<size_t>(fraction.size(), static_cast<size_t>(fraction_digits)),
                  '0');
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  return fraction.empty() ? out : out + "." + fraction;
}

}  // namespace

base::Result<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  if (rest == "0") return std::chrono::nanoseconds(0);
  if (rest.empty()) return malformed(text, "is empty");
  uint64_t total = 0;
  while (!rest.empty()) {
    PLUMB_TRY(const uint64_t part, take_part(text, rest));
    total += part;  // both at most 2^63
    if (total > kMost) return malformed(text, "is too long");
  }
  if (!negative && total == kMost) return malformed(text, "is too long");
  return std::chrono::nanoseconds(static_cast<int64_t>(negative ? ~total + 1 : total));
}

std::string format_duration(std::chrono::nanoseconds duration) {
  const int64_t count = duration.count();
  if (count == 0) return "0s";
  const std::string sign = count < 0 ? "-" : "";
  const uint64_t size =
      count < 0 ? ~static_cast<uint64_t>(count) + 1 : static_cast<uint64_t>(count);
  if (size < 1'000) return sign + std::to_string(size) + "ns";
  if (size < 1'000'000) return sign + decimal(size, 3) + "µs";
  if (size < 1'000'000'000) return sign + decimal(size, 6) + "ms";
  constexpr uint64_t kMinute = 60'000'000'000;
  const uint64_t minutes = size / kMinute;
  std::string out = decimal(size % kMinute, 9) + "s";
  if (minutes > 0) out = std::to_string(minutes % 60) + "m" + out;
  if (minutes >= 60) out = std::to_string(minutes / 60) + "h" + out;
  return sign + out;
}

}  // namespace plumb::object
