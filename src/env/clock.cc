#include "env/clock.h"

#include <array>
#include <limits>

#include <fmt/format.h>

#include "base/text.h"

namespace plumb::env {
namespace {

using std::chrono::days;
using std::chrono::microseconds;
using std::chrono::seconds;
using Days = std::chrono::time_point<WallTag, days>;

constexpr int kMicroDigits = 6;

// "2026-11-21T10:00:00" of the second that `time` is in, and the microseconds into it.
std::string format_seconds(WallTime time, int64_t& micros) {
  const auto day = std::chrono::floor<days>(time);
  const std::chrono::year_month_day date{std::chrono::sys_days(day.time_since_epoch())};
  const std::chrono::hh_mm_ss clock{time - day};
  micros = clock.subseconds().count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

// Reads the parts of a timestamp from left to right; the first mistake sticks.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  // Exactly `digits` decimal digits, of a value within [low, high].
  int number(int digits, int low, int high) {
    int value = 0;
    for (int i = 0; i < digits; ++i) {
      if (!next_is_digit()) return fail(low);
      value = value * 10 + (text_[at_++] - '0');
    }
    if (value < low || value > high) return fail(low);
    return value;
  }

  void expect(char c) {
    if (!skip(c)) fail(0);
  }
  bool skip(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  // Digits after a decimal point, as microseconds; finer ones are dropped.
  microseconds fraction() {
    if (!next_is_digit()) fail(0);
    int64_t value = 0;
    int digits = 0;
    for (; next_is_digit(); ++at_) {
      if (digits == kMicroDigits) continue;
      value = value * 10 + (text_[at_] - '0');
      ++digits;
    }
    for (; digits < kMicroDigits; ++digits) value *= 10;
    return microseconds(value);
  }

  bool finished() const { return !failed_ && at_ == text_.size(); }

 private:
  bool next_is_digit() const {
    return at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9';
  }
  int fail(int value) {
    failed_ = true;
    return value;
  }

  std::string_view text_;  // view: the text being parsed
  size_t at_ = 0;
  bool failed_ = false;
};

// What stands after the time of day: how far it is ahead of UTC.
std::chrono::minutes read_offset(Reader& reader) {
  if (reader.skip('Z')) return std::chrono::minutes(0);
  const int sign = reader.skip('-') ? -1 : 1;
  if (sign > 0) reader.expect('+');
  const int hours = reader.number(2, 0, 23);
  reader.expect(':');
  return std::chrono::minutes(sign * (hours * 60 + reader.number(2, 0, 59)));
}

}  // namespace

MonotonicTime saturating_add(MonotonicTime time, Duration duration) {
  if (duration > Duration::zero() && time > kNever - duration) return kNever;
  return time + duration;
}

MonotonicTime RealClock::now() const {
  return MonotonicTime(std::chrono::steady_clock::now().time_since_epoch());
}

WallTime RealClock::wall_now() const {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return WallTime(std::chrono::floor<WallTime::duration>(since_epoch));
}

WallTime SimulatedClock::wall_now() const {
  return wall_at_zero_ + std::chrono::floor<WallTime::duration>(now_.time_since_epoch());
}

void SimulatedClock::advance_to(MonotonicTime time) { now_ = std::max(now_, time); }

void SimulatedClock::set_wall(WallTime wall) {
  wall_at_zero_ = wall - std::chrono::floor<WallTime::duration>(now_.time_since_epoch());
}

std::string format_rfc3339(WallTime time) {
  int64_t micros = 0;
  return format_seconds(time, micros) + 'Z';
}

std::string format_rfc3339_micro(WallTime time) {
  int64_t micros = 0;
  const std::string text = format_seconds(time, micros);
  return fmt::format("{}.{:06}Z", text, micros);
}

base::Result<WallTime> parse_rfc3339(std::string_view text) {
  Reader reader(text);
  const int year = reader.number(4, 0, 9999);
  reader.expect('-');
  const int month = reader.number(2, 1, 12);
  reader.expect('-');
  const int day = reader.number(2, 1, 31);
  reader.expect('T');
  const int hour = reader.number(2, 0, 23);
  reader.expect(':');
  const int minute = reader.number(2, 0, 59);
  reader.expect(':');
  const int second = reader.number(2, 0, 59);
  const microseconds fraction = reader.skip('.') ? reader.fraction() : microseconds(0);
  const std::chrono::minutes offset = read_offset(reader);

  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!reader.finished() || !date.ok()) {
    return base::invalid(base::quoted(text) + " is not a time")
        .advise("write it as 2006-01-02T15:04:05Z (RFC 3339)");
  }
  const Days start(std::chrono::sys_days(date).time_since_epoch());
  return WallTime(start) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         seconds(second) + fraction - offset;
}

}  // namespace plumb::env
