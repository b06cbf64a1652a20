#include "object/yaml_timestamp.h"

namespace plumb::object {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Of digits alone, and few.
int number_of(std::string_view digits) {
  int number = 0;
  for (const char c : digits) number = number * 10 + (c - '0');
  return number;
}

// Go's time.Parse over the four layouts that go-yaml tries.
class DateReader {
 public:
  explicit DateReader(std::string_view text) : rest_(text) {}

  // 2006-1-2
  bool date() {
    if (rest_.size() < 5 || !std::all_of(rest_.begin(), rest_.begin() + 4, is_digit)) return false;
    const int year = number_of(rest_.substr(0, 4));
    rest_.remove_prefix(4);
    int month = 0;
    int day = 0;
    if (!literal('-') || !number(1, 12, month) || !literal('-') || !number(1, 31, day)) {
      return false;
    }
    constexpr std::array kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= kDays[static_cast<size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
  }

  // 15:4:5.999999999
  bool time() {
    int ignored = 0;
    if (!number(0, 23, ignored) || !literal(':') || !number(0, 59, ignored) || !literal(':') ||
        !number(0, 59, ignored)) {
      return false;
    }
    if (rest_.size() < 2 || (rest_[0] != '.' && rest_[0] != ',') || !is_digit(rest_[1]))
      return true;
    rest_.remove_prefix(1);
    while (!rest_.empty() && is_digit(rest_[0])) rest_.remove_prefix(1);
    return true;
  }

  // Z07:00
  bool zone() {
    if (literal('Z')) return true;
    if (rest_.size() < 6 || (rest_[0] != '+' && rest_[0] != '-') || rest_[3] != ':') return false;
    for (const size_t i : {1, 2, 4, 5}) {
      if (!is_digit(rest_[i])) return false;
    }
    const bool possible =
        number_of(rest_.substr(1, 2)) <= 24 && number_of(rest_.substr(4, 2)) <= 60;
    rest_.remove_prefix(6);
    return possible;
  }

  bool literal(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool spaces() {
    if (!literal(' ')) return false;
    while (literal(' ')) {
    }
    return true;
  }

  bool done() const { return rest_.empty(); }

 private:
  // One or two digits.
  bool number(int min, int max, int& out) {
    const size_t length = rest_.size() > 1 && is_digit(rest_[1]) ? 2 : 1;
    if (rest_.empty() || !is_digit(rest_[0])) return false;
    out = number_of(rest_.substr(0, length));
    rest_.remove_prefix(length);
    return out >= min && out <= max;
  }

  std::string_view
      rest_;  // view: is_yaml_timestamp's argument  // view: what is left of one scalar
};

}  // namespace

bool is_yaml_timestamp(std::string_view text) {
  DateReader reader(text);
  if (!reader.date()) return false;
  if (reader.done()) return true;
  if (reader.literal('T') || reader.literal('t')) {
    return reader.time() && reader.zone() && reader.done();
  }
  return reader.spaces() && reader.time() && reader.done();
}

}  // namespace plumb::object
