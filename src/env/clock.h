// Time, as two kinds that the compiler tells apart.
//
// MonotonicTime measures: deadlines, back-off, how long something took. It never jumps, and its
// zero means nothing outside this process. WallTime is a date: what a manifest, a commit or a
// certificate says. Only WallTime is printed or stored; only MonotonicTime is waited for. Neither
// the locale nor the TZ of the process has any part in it: dates are UTC.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace plumb::env {

using Duration = std::chrono::nanoseconds;

// Tags for the two kinds. They deliberately have no now(): a Clock has.
struct MonotonicTag {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<MonotonicTag>;
};
struct WallTag {
  // Microseconds since 1970-01-01T00:00:00Z without leap seconds: Kubernetes' finest (MicroTime),
  // and wide enough for the year 1 (Go's zero time) and for 9999 (certificates).
  using duration = std::chrono::microseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<WallTag>;
};

using MonotonicTime = MonotonicTag::time_point;
using WallTime = WallTag::time_point;

// The deadline of what has none.
inline constexpr MonotonicTime kNever = MonotonicTime::max();

// time + duration, held at kNever where it would overflow.
MonotonicTime saturating_add(MonotonicTime time, Duration duration);

// What time it is. Any thread may ask, also under a lock.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual MonotonicTime now() const = 0;
  virtual WallTime wall_now() const = 0;
};

class RealClock final : public Clock {
 public:
  MonotonicTime now() const override;
  WallTime wall_now() const override;
};

// Stands still until somebody moves it; the wall moves along. Not synchronised: it belongs to the
// one thread of a simulation.
class SimulatedClock final : public Clock {
 public:
  // 2026-01-01T00:00:00Z
  static constexpr WallTime kDefaultStart{std::chrono::seconds(1767225600)};

  explicit SimulatedClock(WallTime start = kDefaultStart) : wall_at_zero_(start) {}

  MonotonicTime now() const override { return now_; }
  WallTime wall_now() const override;
  // Moves forward to `time`; a time that has passed changes nothing.
  void advance_to(MonotonicTime time);
  // Somebody sets the computer's date; monotonic time does not notice.
  void set_wall(WallTime wall);

 private:
  MonotonicTime now_{};
  WallTime wall_at_zero_;
};

// "2026-11-21T10:00:00Z", what metav1.Time writes; the fraction is cut off.
std::string format_rfc3339(WallTime time);
// "2026-11-21T10:00:00.000000Z", what metav1.MicroTime writes.
std::string format_rfc3339_micro(WallTime time);
// A date, a time and an offset as RFC 3339 (and Go's time.RFC3339) has them, with any number of
// fractional digits, of which six are kept. kInvalid says what is wrong with anything else.
base::Result<WallTime> parse_rfc3339(std::string_view text);

}  // namespace plumb::env
