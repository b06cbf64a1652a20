#include "base/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plumb::base {
namespace {

struct Recorder final : LogSink {
  explicit Recorder(Level least) : least(least) {}
  bool wants(Level level) const override { return level >= least; }
  void write(const LogLine& line) override { lines.push_back(line); }
  Level least;
  std::vector<LogLine> lines;
};

TEST(Logger, AddsItsComponentAndFieldsToEachLine) {
  const auto sink = std::make_shared<Recorder>(Level::kInfo);
  const Logger engine =
      Logger(sink).component("engine").with({{"cluster", "a"}}).with({{"delivery", "shop/web"}});
  engine.info("applied", {{"objects", 3}, {"dry", false}, {"seconds", 0.5}});
  ASSERT_EQ(sink->lines.size(), 1U);
  EXPECT_EQ(sink->lines[0].component, "engine");
  EXPECT_EQ(sink->lines[0].text(),
            "applied cluster=a delivery=shop/web objects=3 dry=false seconds=0.5");
}

TEST(Logger, LeavesOutWhatTheSinkDoesNotWant) {
  const auto sink = std::make_shared<Recorder>(Level::kWarning);
  const Logger log(sink);
  log.debug("a");
  log.info("b");
  log.warning("c");
  log.error("d");
  ASSERT_EQ(sink->lines.size(), 2U);
  EXPECT_EQ(sink->lines[1].level, Level::kError);
}

TEST(Logger, WithoutASinkIsSilent) { Logger().error("nobody hears"); }

TEST(LogLine, KeepsOneEventOnOneLine) {
  const LogLine line{Level::kInfo, "", "two\nlines", {{"text", "a \"b\"\nc"}, {"empty", ""}}};
  EXPECT_EQ(line.text(), "two lines text=\"a \\\"b\\\"\\nc\" empty=\"\"");
}

TEST(LogLine, EscapesWhatATerminalWouldObey) {
  const LogLine line{Level::kInfo, "", "\x1B[2J", {{"c1", "\u009B2J"}, {"bad", "\xFF"}}};
  EXPECT_EQ(line.text(), "\\x1b[2J c1=\"\\u009b2J\" bad=\"\uFFFD\"");
}

TEST(LogLine, IntegersOfBothSignsAreWhole) {
  const LogLine line{Level::kInfo, "", "n", {{"most", UINT64_MAX}, {"least", INT64_MIN}}};
  EXPECT_EQ(line.text(), "n most=18446744073709551615 least=-9223372036854775808");
}

std::string logged(LogFormat format, std::string_view message,
                   std::initializer_list<LogField> fields) {
  testing::internal::CaptureStderr();
  Logger(stderr_sink(Level::kInfo, format)).component("env").info(message, fields);
  return testing::internal::GetCapturedStderr();
}

TEST(StderrSink, TextHasTimeLevelAndComponent) {
  EXPECT_THAT(logged(LogFormat::kText, "ready", {{"port", 8080}}),
              testing::MatchesRegex("....-..-..T..:..:......Z info env ready port=8080\n"));
}

TEST(StderrSink, JsonIsOneObjectALine) {
  EXPECT_THAT(logged(LogFormat::kJson, "a\"b", {{"n", 1}, {"t", "x\ny\xFF"}, {"ok", true}}),
              testing::MatchesRegex("\\{\"time\":\"....-..-..T..:..:......Z\",\"level\":\"info\","
                                    "\"component\":\"env\",\"message\":\"a.\"b\",\"n\":1,"
                                    "\"t\":\"x.u000ay\uFFFD\",\"ok\":true\\}\n"));
}

TEST(StderrSink, JsonHasNoNumberForWhatIsNone) {
  EXPECT_THAT(logged(LogFormat::kJson, "m", {{"x", std::nan("")}, {"y", INFINITY}}),
              testing::HasSubstr("\"x\":\"nan\",\"y\":\"inf\""));
}

TEST(StderrSink, PercentSignsInMessagesAreText) {
  EXPECT_THAT(logged(LogFormat::kText, "100%v {}", {}), testing::HasSubstr("env 100%v {}"));
}

}  // namespace
}  // namespace plumb::base
