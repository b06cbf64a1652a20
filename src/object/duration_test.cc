#include "object/duration.h"

#include <gtest/gtest.h>

namespace plumb::object {
namespace {

using std::chrono::nanoseconds;

TEST(Duration, ReadsAndPrintsAsGo) {
  const std::pair<const char*, const char*> cases[] = {
      {"0", "0s"},
      {"90s", "1m30s"},
      {"1h", "1h0m0s"},
      {"1.5h", "1h30m0s"},
      {"-5m", "-5m0s"},
      {"+5ms", "5ms"},
      {"1500us", "1.5ms"},
      {"1500µs", "1.5ms"},
      {"10ns", "10ns"},
      {".5s", "500ms"},
      {"1h1m1.001s", "1h1m1.001s"},
      {"2562047h47m16.854775807s", "2562047h47m16.854775807s"},
      {"-2562047h47m16.854775808s", "-2562047h47m16.854775808s"},
      {"0.0000000001s", "0s"},
      {"0.3333333333333333333333333333s", "333.333333ms"},
  };
  for (const auto& [text, printed] : cases) {
    const auto duration = parse_duration(text);
    ASSERT_TRUE(duration.ok()) << text;
    EXPECT_EQ(format_duration(*duration), printed) << text;
  }
}

TEST(Duration, RefusesWhatIsNone) {
  for (const char* text :
       {"", "1", "s", "1x", "1d", "1 s", "-", "1m-1s", ".s", "2562048h", "99999999999999999999s"}) {
    const auto duration = parse_duration(text);
    ASSERT_FALSE(duration.ok()) << text;
    EXPECT_FALSE(duration.error().advice().empty());
  }
}

}  // namespace
}  // namespace plumb::object
