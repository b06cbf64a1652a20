#include "env/simulated_executor.h"

#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "env/event.h"

namespace plumb::env {
namespace {

using namespace std::chrono_literals;

// 3,000 tasks that each sleep, meet at an event, and sleep again; what they did in which order.
struct Outcome {
  std::vector<int> order;
  uint64_t trace_hash = 0;
  uint64_t steps = 0;
};

Outcome run_many(uint64_t seed) {
  constexpr int kTasks = 3000;
  Outcome run;
  SimulatedExecutor executor({.seed = seed});
  const Context context = executor.context();
  Event gate(executor, "gate");
  for (int i = 0; i < kTasks; ++i) {
    EXPECT_TRUE(executor
                    .spawn("task",
                           [&, i] {
                             EXPECT_TRUE(executor.sleep_for(context, Duration(i % 7)).ok());
                             EXPECT_TRUE(gate.wait(context).ok());
                             EXPECT_TRUE(executor.sleep_for(context, 1s).ok());
                             run.order.push_back(i);
                           })
                    .ok());
  }
  EXPECT_TRUE(executor.run_for(1ms).ok());
  EXPECT_EQ(executor.stuck().size(), kTasks);
  gate.set();
  EXPECT_TRUE(executor.run_until_idle().ok());
  EXPECT_TRUE(executor.stuck().empty());
  run.trace_hash = executor.trace_hash();
  run.steps = executor.steps();
  EXPECT_EQ(run.order.size(), kTasks);
  return run;
}

TEST(SimulatedExecutor, TheSameSeedGivesTheSameOrder) {
  const Outcome first = run_many(7);
  const Outcome second = run_many(7);
  EXPECT_EQ(first.order, second.order);
  EXPECT_EQ(first.trace_hash, second.trace_hash);
  EXPECT_EQ(first.steps, second.steps);
}

TEST(SimulatedExecutor, SeedsTryDifferentOrders) {
  std::set<std::vector<int>> orders;
  std::set<uint64_t> hashes;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    SimulatedExecutor executor({.seed = seed});
    std::vector<int> order;
    for (int i = 0; i < 10; ++i) {
      ASSERT_TRUE(executor.spawn("task", [&order, i] { order.push_back(i); }).ok());
    }
    ASSERT_TRUE(executor.run_until_idle().ok());
    orders.insert(order);
    hashes.insert(executor.trace_hash());
  }
  EXPECT_EQ(orders.size(), 20);
  EXPECT_EQ(hashes.size(), 20);
}

TEST(SimulatedExecutor, JumpsToTheNextTimerWhenNobodyCanRun) {
  SimulatedExecutor executor;
  const MonotonicTime start = executor.clock().now();
  ASSERT_TRUE(executor
                  .run("sleeper",
                       [&] {
                         EXPECT_TRUE(executor.sleep_for(executor.context(), 1000h).ok());
                         EXPECT_EQ(executor.clock().now(), start + 1000h);
                       })
                  .ok());
  EXPECT_LE(executor.steps(), 4);
}

TEST(SimulatedExecutor, NamesTheWaitsOfADeadlock) {
  SimulatedExecutor executor;
  const Context context = executor.context();
  Event left(executor, "the left fork");
  Event right(executor, "the right fork");
  ASSERT_TRUE(executor.spawn("plato", [&] { static_cast<void>(right.wait(context)); }).ok());
  const base::Status ran = executor.run("kant", [&] { static_cast<void>(left.wait(context)); });
  ASSERT_FALSE(ran.ok());
  EXPECT_EQ(ran.error().message(),
            "deadlock, nobody can run and no timer is pending: task \"plato\" waits for "
            "\"the right fork\", task \"kant\" waits for \"the left fork\"");
  EXPECT_EQ(executor.stuck(), (std::vector<SimulatedExecutor::Stuck>{{"plato", "the right fork"},
                                                                     {"kant", "the left fork"}}));
  executor.shutdown();
}

TEST(SimulatedExecutor, GivesUpOnWhatSpins) {
  SimulatedExecutor executor({.max_steps = 1000});
  const base::Status ran = executor.run("poll", [&] {
    while (executor.sleep_for(executor.context(), 1ns).ok()) {
    }
  });
  ASSERT_FALSE(ran.ok());
  EXPECT_NE(ran.error().message().find("gave up after 1000 steps"), std::string::npos);
}

TEST(SimulatedExecutor, RunForLeavesTheClockAtItsEnd) {
  SimulatedExecutor executor;
  const MonotonicTime start = executor.clock().now();
  int ran = 0;
  const Timer first = executor.after(1s, [&] { ++ran; });
  const Timer second = executor.after(3s, [&] { ++ran; });
  EXPECT_TRUE(executor.run_for(2s).ok());
  EXPECT_EQ(ran, 1);
  EXPECT_EQ(executor.clock().now(), start + 2s);
  EXPECT_TRUE(executor.run_for(1s).ok());
  EXPECT_EQ(ran, 2);
  EXPECT_TRUE(executor.run_for(1h).ok());
  EXPECT_EQ(executor.clock().now(), start + 3s + 1h);
}

TEST(SimulatedExecutor, StepsOneTaskAtATime) {
  SimulatedExecutor executor;
  int ran = 0;
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(executor.spawn("task", [&] { ++ran; }).ok());
  const Timer timer = executor.after(1s, [&] { ++ran; });
  for (int expected = 1; expected <= 4; ++expected) {
    EXPECT_TRUE(executor.step());
    EXPECT_EQ(ran, expected);
  }
  EXPECT_FALSE(executor.step());
}

TEST(SimulatedExecutor, TheDateMovesWithTheClock) {
  SimulatedExecutor executor({.start = WallTime{}});
  EXPECT_TRUE(executor.run_for(25h).ok());
  EXPECT_EQ(format_rfc3339(executor.clock().wall_now()), "1970-01-02T01:00:00Z");
}

// Recursion that the compiler may not fold, with a frame of some hundred bytes.
int depth(int left) {
  volatile char frame[128];
  frame[0] = static_cast<char>(left);
  return left == 0 ? 0 : 1 + depth(left - 1) + (frame[0] - static_cast<char>(left));
}

TEST(SimulatedExecutor, ATaskHasAStackOfItsOwn) {
  SimulatedExecutor executor;
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(executor
                    .spawn("deep",
                           [&] {
                             EXPECT_EQ(depth(500), 500);
                             EXPECT_TRUE(executor.sleep_for(executor.context(), 1s).ok());
                             EXPECT_EQ(depth(500), 500);
                           })
                    .ok());
  }
  EXPECT_TRUE(executor.run_until_idle().ok());
}

TEST(SimulatedExecutor, ExceptionsStayWithinTheirTask) {
  SimulatedExecutor executor;
  int caught = 0;
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(executor
                    .spawn("thrower",
                           [&] {
                             try {
                               throw std::string("thrown");
                             } catch (const std::string& text) {
                               if (text == "thrown") ++caught;
                             }
                             EXPECT_TRUE(executor.sleep_for(executor.context(), 1s).ok());
                           })
                    .ok());
  }
  EXPECT_TRUE(executor.run_until_idle().ok());
  EXPECT_EQ(caught, 10);
}

TEST(SimulatedExecutorDeathTest, ATaskThatShutdownCannotEndIsNamed) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        SimulatedExecutor executor;
        Event never(executor, "godot");
        ASSERT_TRUE(executor
                        .spawn("vladimir",
                               [&] { static_cast<void>(never.wait(Context(executor.clock()))); })
                        .ok());
        EXPECT_TRUE(executor.run_until_idle().ok());
        executor.shutdown();
      },
      "not all tasks end.*task \"vladimir\" waits for \"godot\"");
}

}  // namespace
}  // namespace plumb::env
