#include "env/clock.h"

#include <type_traits>

#include <gtest/gtest.h>

namespace plumb::env {
namespace {

using namespace std::chrono_literals;

static_assert(!std::is_convertible_v<MonotonicTime, WallTime>);
static_assert(!std::is_convertible_v<WallTime, MonotonicTime>);

WallTime at(int64_t micros) { return WallTime(std::chrono::microseconds(micros)); }

TEST(Rfc3339, Formats) {
  struct Case {
    WallTime time;
    std::string seconds;
    std::string micros;
  };
  const Case cases[] = {
      {at(0), "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000Z"},
      {at(1), "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000001Z"},
      {at(-1), "1969-12-31T23:59:59Z", "1969-12-31T23:59:59.999999Z"},
      {at(1795255200'123456), "2026-11-21T10:00:00Z", "2026-11-21T10:00:00.123456Z"},
      {at(951782400'000000), "2000-02-29T00:00:00Z", "2000-02-29T00:00:00.000000Z"},
      {at(-62135596800'000000), "0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"},
      {at(253402300799'999999), "9999-12-31T23:59:59Z", "9999-12-31T23:59:59.999999Z"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(format_rfc3339(c.time), c.seconds);
    EXPECT_EQ(format_rfc3339_micro(c.time), c.micros);
    const auto parsed = parse_rfc3339(c.micros);
    ASSERT_TRUE(parsed.ok()) << c.micros;
    EXPECT_EQ(*parsed, c.time);
  }
}

TEST(Rfc3339, ParsesOffsetsAndFractions) {
  const std::pair<std::string_view, int64_t> cases[] = {
      {"2026-11-21T10:00:00Z", 1795255200'000000},
      {"2026-11-21T12:00:00+02:00", 1795255200'000000},
      {"2026-11-21T04:30:00-05:30", 1795255200'000000},
      {"2026-11-21T10:00:00.5Z", 1795255200'500000},
      {"2026-11-21T10:00:00.123456789Z", 1795255200'123456},
      {"2026-11-21T10:00:00.123456789123456789123456789Z", 1795255200'123456},
  };
  for (const auto& [text, micros] : cases) {
    const auto parsed = parse_rfc3339(text);
    ASSERT_TRUE(parsed.ok()) << text;
    EXPECT_EQ(*parsed, at(micros)) << text;
  }
}

TEST(Rfc3339, RefusesWhatIsNoTime) {
  const std::string_view cases[] = {
      "",
      "2026-11-21",
      "2026-11-21 10:00:00Z",
      "2026-11-21T10:00:00",
      "2026-11-21T10:00Z",
      "2026-11-21t10:00:00z",
      "2026-13-21T10:00:00Z",
      "2026-02-29T10:00:00Z",
      "2026-11-21T24:00:00Z",
      "2026-11-21T10:60:00Z",
      "2026-11-21T10:00:60Z",
      "2026-11-21T10:00:00.Z",
      "2026-11-21T10:00:00+0200",
      "2026-11-21T10:00:00+24:00",
      "2026-11-21T10:00:00Zx",
      "+026-11-21T10:00:00Z",
      "2026-11-21T10:00:00--1:00",
  };
  for (const std::string_view text : cases) {
    const auto parsed = parse_rfc3339(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.error().code(), base::Code::kInvalid);
    EXPECT_NE(parsed.error().text().find("RFC 3339"), std::string::npos);
  }
}

TEST(SaturatingAdd, StopsAtNever) {
  const MonotonicTime start{1s};
  EXPECT_EQ(saturating_add(start, 2s), MonotonicTime{3s});
  EXPECT_EQ(saturating_add(start, -2s), MonotonicTime{-1s});
  EXPECT_EQ(saturating_add(start, Duration::max()), kNever);
  EXPECT_EQ(saturating_add(kNever, 1ns), kNever);
}

TEST(SimulatedClock, MovesOnlyForwardAndOnlyWhenTold) {
  SimulatedClock clock(at(0));
  EXPECT_EQ(clock.now(), MonotonicTime{});
  clock.advance_to(MonotonicTime{5s});
  clock.advance_to(MonotonicTime{3s});
  EXPECT_EQ(clock.now(), MonotonicTime{5s});
  EXPECT_EQ(format_rfc3339(clock.wall_now()), "1970-01-01T00:00:05Z");
}

TEST(SimulatedClock, SettingTheDateLeavesMonotonicTime) {
  SimulatedClock clock;
  EXPECT_EQ(format_rfc3339(clock.wall_now()), "2026-01-01T00:00:00Z");
  clock.advance_to(MonotonicTime{5s});
  clock.set_wall(at(0));
  EXPECT_EQ(clock.now(), MonotonicTime{5s});
  EXPECT_EQ(clock.wall_now(), at(0));
  clock.advance_to(MonotonicTime{6s});
  EXPECT_EQ(clock.wall_now(), at(1'000'000));
}

TEST(RealClock, DoesNotGoBack) {
  const RealClock clock;
  const MonotonicTime first = clock.now();
  EXPECT_GE(clock.now(), first);
  EXPECT_GT(format_rfc3339(clock.wall_now()), "2026-01-01T00:00:00Z");
}

}  // namespace
}  // namespace plumb::env
