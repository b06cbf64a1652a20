#include "object/yaml_resolve.h"

#include "object/yaml_timestamp.h"

namespace plumb::object {
namespace {

using Type = YamlScalar::Type;

constexpr std::string_view kTagPrefix = "tag:yaml.org,2002:";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

YamlScalar of_null() {
  YamlScalar scalar;
  scalar.type = Type::kNull;
  return scalar;
}

YamlScalar of_bool(bool flag) {
  YamlScalar scalar;
  scalar.type = Type::kBool;
  scalar.flag = flag;
  return scalar;
}

YamlScalar of_float(double real) {
  YamlScalar scalar;
  scalar.type = Type::kFloat;
  scalar.real = real;
  return scalar;
}

// What may start a text that is no string.
enum class Hint : uint8_t { kString, kNumber, kPoint, kWord };

constexpr std::array<Hint, 256> make_hints() {
  std::array<Hint, 256> hints{};
  for (const char c : std::string_view("+-0123456789"))
    hints[static_cast<uint8_t>(c)] = Hint::kNumber;
  for (const char c : std::string_view("yYnNtTfFoO~")) hints[static_cast<uint8_t>(c)] = Hint::kWord;
  hints['.'] = Hint::kPoint;
  return hints;
}
constexpr auto kHints = make_hints();

constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Word {  // view: literals
  std::string_view text;
  Type type;
  double real = 0;  // of a float; 1 for true
};

constexpr std::array kWords = {
    Word{"y", Type::kBool, 1},
    Word{"Y", Type::kBool, 1},
    Word{"yes", Type::kBool, 1},
    Word{"Yes", Type::kBool, 1},
    Word{"YES", Type::kBool, 1},
    Word{"true", Type::kBool, 1},
    Word{"True", Type::kBool, 1},
    Word{"TRUE", Type::kBool, 1},
    Word{"on", Type::kBool, 1},
    Word{"On", Type::kBool, 1},
    Word{"ON", Type::kBool, 1},
    Word{"n", Type::kBool, 0},
    Word{"N", Type::kBool, 0},
    Word{"no", Type::kBool, 0},
    Word{"No", Type::kBool, 0},
    Word{"NO", Type::kBool, 0},
    Word{"false", Type::kBool, 0},
    Word{"False", Type::kBool, 0},
    Word{"FALSE", Type::kBool, 0},
    Word{"off", Type::kBool, 0},
    Word{"Off", Type::kBool, 0},
    Word{"OFF", Type::kBool, 0},
    Word{"~", Type::kNull},
    Word{"null", Type::kNull},
    Word{"Null", Type::kNull},
    Word{"NULL", Type::kNull},
    Word{".inf", Type::kFloat, kInfinity},
    Word{".Inf", Type::kFloat, kInfinity},
    Word{".INF", Type::kFloat, kInfinity},
    Word{"+.inf", Type::kFloat, kInfinity},
    Word{"+.Inf", Type::kFloat, kInfinity},
    Word{"+.INF", Type::kFloat, kInfinity},
    Word{"-.inf", Type::kFloat, -kInfinity},
    Word{"-.Inf", Type::kFloat, -kInfinity},
    Word{"-.INF", Type::kFloat, -kInfinity},
    Word{".nan", Type::kFloat, std::numeric_limits<double>::quiet_NaN()},
    Word{".NaN", Type::kFloat, std::numeric_limits<double>::quiet_NaN()},
    Word{".NAN", Type::kFloat, std::numeric_limits<double>::quiet_NaN()},
};
constexpr size_t kLongestWord = 5;

std::optional<YamlScalar> resolve_word(std::string_view text) {
  if (text.size() > kLongestWord) return std::nullopt;
  for (const Word& word : kWords) {
    if (word.text != text) continue;
    if (word.type == Type::kNull) return of_null();
    return word.type == Type::kBool ? of_bool(word.real != 0) : of_float(word.real);
  }
  return std::nullopt;
}

// The whole text as an unsigned number of that base.
std::optional<uint64_t> parse_digits(std::string_view text, int base) {
  uint64_t number = 0;
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number, base);
  if (text.empty() || error != std::errc() || end != last) return std::nullopt;
  return number;
}

std::optional<YamlScalar> with_sign(bool negative, std::optional<uint64_t> digits) {
  constexpr uint64_t kMax = std::numeric_limits<int64_t>::max();
  if (!digits || *digits > kMax + (negative ? 1 : 0)) return std::nullopt;
  YamlScalar scalar;
  scalar.type = Type::kInt;
  scalar.integer = static_cast<int64_t>(negative ? 0 - *digits : *digits);
  return scalar;
}

// strconv.ParseInt(text, 0, 64), else strconv.ParseUint(text, 0, 64).
std::optional<YamlScalar> resolve_integer(std::string_view text) {
  const bool is_signed = text.starts_with('-') || text.starts_with('+');
  const bool negative = text.starts_with('-');
  std::string_view digits = text.substr(is_signed ? 1 : 0);
  int base = 10;
  if (digits.size() > 1 && digits[0] == '0') {
    const char letter = digits.size() > 2 ? static_cast<char>(digits[1] | 0x20) : '0';
    base = letter == 'x' ? 16 : letter == 'b' ? 2 : 8;
    digits.remove_prefix(letter == 'x' || letter == 'b' || letter == 'o' ? 2 : 1);
  }
  const auto number = parse_digits(digits, base);
  if (const auto scalar = with_sign(negative, number)) return scalar;
  if (!number || is_signed) return std::nullopt;
  YamlScalar scalar;
  scalar.type = Type::kUint;
  scalar.natural = *number;
  return scalar;
}

// A second look at what ParseInt refused: only a sign after "0b" is left to be found by it.
std::optional<YamlScalar> resolve_odd_binary(std::string_view text) {
  if (!text.starts_with("0b-") && !text.starts_with("0b+")) return std::nullopt;
  return with_sign(text[2] == '-', parse_digits(text.substr(3), 2));
}

// [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
bool looks_like_float(std::string_view text) {
  size_t i = 0;
  const auto digits = [&] {
    const size_t start = i;
    while (i < text.size() && is_digit(text[i])) ++i;
    return i - start;
  };
  if (text.starts_with('-') || text.starts_with('+')) ++i;
  const size_t whole = digits();
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (digits() == 0 && whole == 0) return false;
  } else if (whole == 0) {
    return false;
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
    if (digits() == 0) return false;
  }
  return i == text.size();
}

// Of a text beyond double's range, whether it is too small rather than too large: where its first
// digit that counts stands, moved by the exponent.
bool underflows(std::string_view text) {
  const size_t e = text.find_first_of("eE");
  const std::string_view digits = text.substr(0, e);
  int64_t exponent = 0;
  if (e != std::string_view::npos) {
    std::string_view power = text.substr(e + 1);
    if (power.starts_with('+')) power.remove_prefix(1);
    const auto result = std::from_chars(power.data(), power.data() + power.size(), exponent);
    if (result.ec == std::errc::result_out_of_range) return power.starts_with('-');
  }
  const auto first = static_cast<int64_t>(digits.find_first_of("123456789"));
  const auto point = static_cast<int64_t>(std::min(digits.find('.'), digits.size()));
  return point - first + exponent < 0;
}

// strconv.ParseFloat of what looks_like_float: beyond double's range there is no number, below its
// smallest it is 0.
std::optional<YamlScalar> resolve_float(std::string_view text) {
  if (!looks_like_float(text)) return std::nullopt;
  if (text.starts_with('+')) text.remove_prefix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc()) return of_float(number);
  if (!underflows(text)) return std::nullopt;
  return of_float(text.starts_with('-') ? -0.0 : 0.0);
}

// Underscores that Go allows in a number without a base prefix: between digits.
bool underscores_between_digits(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') continue;
    if (i == 0 || !is_digit(text[i - 1])) return false;
    if (i + 1 == text.size() || !is_digit(text[i + 1])) return false;
  }
  return true;
}

std::string without_underscores(std::string_view text) {
  std::string out(text);
  std::erase(out, '_');
  return out;
}

// [-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?
bool is_base60(std::string_view text) {
  size_t i = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
  if (i == text.size() || !is_digit(text[i])) return false;
  while (i < text.size() && (is_digit(text[i]) || text[i] == '_')) ++i;
  if (i == text.size() || text[i] != ':') return false;
  while (i < text.size() && text[i] == ':') {
    const size_t first = ++i;
    while (i < text.size() && is_digit(text[i])) ++i;
    if (i == first || i - first > 2 || (i - first == 2 && text[first] > '5')) return false;
  }
  if (i == text.size()) return true;
  if (text[i++] != '.') return false;
  return text.find_first_not_of("0123456789_", i) == std::string_view::npos;
}

YamlScalar resolve_number(std::string_view text) {
  // Most numbers are short and decimal.
  if (const auto scalar = resolve_integer(text)) return *scalar;
  if (is_yaml_timestamp(text)) {
    YamlScalar scalar;
    scalar.type = Type::kTimestamp;
    return scalar;
  }
  std::string shorter;
  if (text.find('_') != std::string_view::npos) {
    shorter = without_underscores(text);
    text = shorter;
    if (const auto scalar = resolve_integer(text)) return *scalar;
  }
  if (const auto scalar = resolve_float(text)) return *scalar;
  return resolve_odd_binary(text).value_or(YamlScalar());
}

YamlScalar resolve_point(std::string_view text) {
  if (text.find('_') == std::string_view::npos) return resolve_float(text).value_or(YamlScalar());
  if (!underscores_between_digits(text)) return {};
  return resolve_float(without_underscores(text)).value_or(YamlScalar());
}

std::string short_tag(std::string_view tag) {
  if (tag.starts_with(kTagPrefix)) return "!!" + std::string(tag.substr(kTagPrefix.size()));
  return std::string(tag);
}

std::string_view tag_of(Type type) {
  switch (type) {
    case Type::kNull: return "null";
    case Type::kBool: return "bool";
    case Type::kInt:
    case Type::kUint: return "int";
    case Type::kFloat: return "float";
    case Type::kTimestamp: return "timestamp";
    case Type::kString: return "str";
  }
  return "str";
}

// strconv.FormatFloat(number, 'g', -1, …): digits as they are for exponents from -4 to 5, else
// with an exponent of at least two digits.
template <typename T>
std::string format(T number) {
  if (std::isnan(number)) return ".nan";
  if (std::isinf(number)) return number > 0 ? ".inf" : "-.inf";
  std::array<char, 64> digits;
  auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number,
                           std::chars_format::scientific)
                 .ptr;
  const std::string_view text(digits.data(), static_cast<size_t>(end - digits.data()));
  const size_t e = text.find('e');
  int exponent = 0;
  const size_t sign = text[e + 1] == '+' ? 2 : 1;
  std::from_chars(text.data() + e + sign, end, exponent);
  if (exponent < -4 || exponent >= 6) return std::string(text);
  end =
      std::to_chars(digits.data(), digits.data() + digits.size(), number, std::chars_format::fixed)
          .ptr;
  return std::string(digits.data(), end);
}

}  // namespace

YamlScalar resolve_yaml(std::string_view text) {
  if (text.empty()) return of_null();
  const Hint hint = kHints[static_cast<uint8_t>(text[0])];
  if (hint == Hint::kString) return {};
  if (const auto scalar = resolve_word(text)) return *scalar;
  if (hint == Hint::kWord) return {};
  return hint == Hint::kPoint ? resolve_point(text) : resolve_number(text);
}

base::Result<YamlScalar> resolve_yaml(std::string_view text, std::string_view tag) {
  if (tag.empty()) return resolve_yaml(text);
  if (!tag.starts_with(kTagPrefix)) return YamlScalar();
  const std::string_view name = tag.substr(kTagPrefix.size());
  const bool known =
      name == "bool" || name == "int" || name == "float" || name == "null" || name == "timestamp";
  if (!known) return YamlScalar();
  YamlScalar scalar = resolve_yaml(text);
  // Only a scalar without a tag, or with that one, is looked at as a date.
  if (scalar.type == Type::kTimestamp && name != "timestamp") scalar.type = Type::kString;
  if (name == "float" && scalar.type == Type::kInt) {
    scalar = of_float(static_cast<double>(scalar.integer));
  }
  if (tag_of(scalar.type) == name) return scalar;
  return base::invalid("cannot decode !!" + std::string(tag_of(scalar.type)) + " `" +
                       std::string(text) + "` as a " + short_tag(tag));
}

base::Result<Value> to_value(const YamlScalar& scalar, std::string_view text) {
  switch (scalar.type) {
    case Type::kNull: return Value();
    case Type::kBool: return Value(scalar.flag);
    case Type::kInt: return Value(scalar.integer);
    case Type::kUint: return Value(scalar.natural);
    case Type::kFloat:
      if (std::isfinite(scalar.real)) return Value(scalar.real);
      return base::invalid("unsupported value: " + std::string(text))
          .advise(
              "JSON has no infinities and no NaN: write a number, or quote it to mean the text");
    case Type::kTimestamp:
    case Type::kString: return Value(text);
  }
  return Value();
}

base::Result<Text> to_key(const YamlScalar& scalar, std::string_view text) {
  switch (scalar.type) {
    case Type::kBool: return Text(scalar.flag ? "true" : "false");
    case Type::kInt: return Text(std::to_string(scalar.integer));
    case Type::kFloat: return Text(format_yaml_float(static_cast<float>(scalar.real)));
    case Type::kTimestamp:
    case Type::kString: return Text(text);
    case Type::kNull: return base::invalid("unsupported map key: null").advise("quote the key");
    case Type::kUint:
      return base::invalid("unsupported map key: " + std::string(text)).advise("quote the key");
  }
  return Text(text);
}

bool is_plain_yaml_string(std::string_view text) {
  if (text.empty()) return false;
  if (kHints[static_cast<uint8_t>(text[0])] == Hint::kString) return true;
  return resolve_yaml(text).type == Type::kString && !is_base60(text);
}

std::string format_yaml_double(double number) { return format(number); }
std::string format_yaml_float(float number) { return format(number); }

}  // namespace plumb::object
