#include "env/context.h"

#include <gtest/gtest.h>

namespace plumb::env {
namespace {

using namespace std::chrono_literals;
using base::Code;

class ContextTest : public ::testing::Test {
 protected:
  static Code code_of(const Context& context) {
    const base::Status status = context.check();
    return status.ok() ? Code::kInternal : status.error().code();
  }

  SimulatedClock clock_;
};

TEST_F(ContextTest, WithoutLimitsNeverEnds) {
  const Context context(clock_);
  clock_.advance_to(MonotonicTime{1000h});
  EXPECT_TRUE(context.check().ok());
  EXPECT_EQ(context.remaining(), Duration::max());
}

TEST_F(ContextTest, EndsAtTheDeadlineAndNotBefore) {
  const Context context = Context(clock_).with_timeout(10s);
  clock_.advance_to(MonotonicTime{10s - 1ns});
  EXPECT_TRUE(context.check().ok());
  EXPECT_EQ(context.remaining(), 1ns);
  clock_.advance_to(MonotonicTime{10s});
  EXPECT_EQ(code_of(context), Code::kDeadlineExceeded);
  EXPECT_TRUE(context.check().error().transient());
  EXPECT_EQ(context.remaining(), 0s);
}

TEST_F(ContextTest, TheEarlierDeadlineCounts) {
  const Context context = Context(clock_).with_timeout(10s);
  EXPECT_EQ(context.with_timeout(20s).deadline(), MonotonicTime{10s});
  EXPECT_EQ(context.with_timeout(5s).deadline(), MonotonicTime{5s});
  EXPECT_EQ(context.deadline(), MonotonicTime{10s});
  EXPECT_EQ(Context(clock_).with_timeout(Duration::max()).deadline(), kNever);
}

TEST_F(ContextTest, StopsWithItsToken) {
  StopSource source;
  const Context context = Context(clock_).with_stop(source.get_token());
  EXPECT_TRUE(context.check().ok());
  source.request_stop();
  EXPECT_EQ(code_of(context), Code::kCancelled);
  EXPECT_FALSE(context.check().error().transient());
}

TEST_F(ContextTest, StopsWithAnyOfItsTokens) {
  for (int stopped = 0; stopped < 3; ++stopped) {
    StopSource sources[3];
    Context context(clock_);
    std::vector<Context> chain;
    for (const StopSource& source : sources) {
      context = context.with_stop(source.get_token());
      chain.push_back(context);
    }
    sources[stopped].request_stop();
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ(code_of(chain[i]), i >= stopped ? Code::kCancelled : Code::kInternal)
          << "source " << stopped << ", context " << i;
    }
  }
}

TEST_F(ContextTest, ATokenAlreadyTriggeredStopsAtOnce) {
  StopSource outer;
  StopSource inner;
  inner.request_stop();
  const Context context = Context(clock_).with_stop(outer.get_token()).with_stop(inner.get_token());
  EXPECT_EQ(code_of(context), Code::kCancelled);
}

TEST_F(ContextTest, KeepsTheTokensOfItsParentsAlive) {
  StopSource outer;
  Context context(clock_);
  {
    StopSource middle;
    StopSource inner;
    context = Context(clock_)
                  .with_stop(outer.get_token())
                  .with_stop(middle.get_token())
                  .with_stop(inner.get_token());
  }
  EXPECT_TRUE(context.check().ok());
  outer.request_stop();
  EXPECT_EQ(code_of(context), Code::kCancelled);
}

TEST_F(ContextTest, AStopWakesCallbacksOfNarrowerContexts) {
  StopSource outer;
  StopSource inner;
  const Context context = Context(clock_).with_stop(outer.get_token()).with_stop(inner.get_token());
  int calls = 0;
  const StopCallback on_stop(context.stop(), [&] { ++calls; });
  outer.request_stop();
  inner.request_stop();
  EXPECT_EQ(calls, 1);
}

class Lines final : public base::LogSink {
 public:
  bool wants(base::Level) const override { return true; }
  void write(const base::LogLine& line) override { texts.push_back(line.text()); }
  std::vector<std::string> texts;
};

TEST_F(ContextTest, NamesTheCallInLogs) {
  const auto lines = std::make_shared<Lines>();
  const base::Logger logger(lines);
  const Context plain(clock_);
  const Context context =
      plain.with_trace("4bf9").with_fields({{"delivery", "web"}}).with_fields({{"wave", 2}});
  context.logger(logger).info("applied");
  plain.logger(logger).info("applied");
  EXPECT_EQ(context.trace_id(), "4bf9");
  EXPECT_EQ(plain.trace_id(), "");
  EXPECT_EQ(lines->texts,
            (std::vector<std::string>{"applied trace=4bf9 delivery=web wave=2", "applied"}));
}

}  // namespace
}  // namespace plumb::env
