// What holds under both executors.
#include "env/executor.h"

#include <atomic>
#include <vector>

#include <gtest/gtest.h>

#include "env/event.h"
#include "env/executors_for_test.h"

namespace plumb::env {
namespace {

using namespace std::chrono_literals;
using base::Code;

template <typename World>
class ExecutorTest : public ::testing::Test {
 protected:
  World world_;
  Executor& executor_ = world_.executor();
  Context context_ = executor_.context();
};
TYPED_TEST_SUITE(ExecutorTest, Worlds, WorldNames);

TYPED_TEST(ExecutorTest, JoinWaitsForTheEnd) {
  this->world_.run([this] {
    std::atomic<bool> ended = false;
    const auto task = this->executor_.spawn("worker", [&] {
      EXPECT_TRUE(this->executor_.sleep_for(this->context_, 1ms).ok());
      ended = true;
    });
    ASSERT_TRUE(task.ok());
    ASSERT_TRUE(task->join(this->context_).ok());
    EXPECT_TRUE(ended);
    EXPECT_TRUE(task->done());
  });
}

TYPED_TEST(ExecutorTest, JoinGivesUpAtTheDeadline) {
  this->world_.run([this] {
    Event release(this->executor_, "release");
    const auto task =
        this->executor_.spawn("worker", [&] { EXPECT_TRUE(release.wait(this->context_).ok()); });
    ASSERT_TRUE(task.ok());
    const base::Status joined = task->join(this->context_.with_timeout(1ms));
    ASSERT_FALSE(joined.ok());
    EXPECT_EQ(joined.error().code(), Code::kDeadlineExceeded);
    EXPECT_FALSE(task->done());
    release.set();
    EXPECT_TRUE(task->join(this->context_).ok());
  });
}

TYPED_TEST(ExecutorTest, ATaskMayWaitForMoreTasksThanThereAreWorkers) {
  this->world_.run([this] {
    // Each waits for the one spawned after it, so all must be alive at once.
    constexpr int kTasks = 50;
    std::vector<std::unique_ptr<Event>> ended;
    for (int i = 0; i <= kTasks; ++i) {
      ended.push_back(std::make_unique<Event>(this->executor_, "next"));
    }
    std::vector<Task> tasks;
    for (int i = 0; i < kTasks; ++i) {
      auto task = this->executor_.spawn("link", [&, i] {
        EXPECT_TRUE(ended[i + 1]->wait(this->context_).ok());
        ended[i]->set();
      });
      ASSERT_TRUE(task.ok());
      tasks.push_back(*task);
    }
    ended[kTasks]->set();
    EXPECT_TRUE(ended[0]->wait(this->context_).ok());
    for (const Task& task : tasks) EXPECT_TRUE(task.join(this->context_).ok());
  });
}

TYPED_TEST(ExecutorTest, SleepEndsNotBeforeItsTime) {
  this->world_.run([this] {
    const Clock& clock = this->executor_.clock();
    const MonotonicTime until = clock.now() + 2ms;
    EXPECT_TRUE(this->executor_.sleep_until(this->context_, until).ok());
    EXPECT_GE(clock.now(), until);
    EXPECT_TRUE(this->executor_.sleep_until(this->context_, until).ok());  // has passed
  });
}

TYPED_TEST(ExecutorTest, SleepEndsWithItsContext) {
  this->world_.run([this] {
    const base::Status late = this->executor_.sleep_for(this->context_.with_timeout(1ms), 1000h);
    ASSERT_FALSE(late.ok());
    EXPECT_EQ(late.error().code(), Code::kDeadlineExceeded);

    StopSource stop;
    Event asleep(this->executor_, "asleep");
    const auto sleeper = this->executor_.spawn("sleeper", [&] {
      asleep.set();
      const base::Status slept =
          this->executor_.sleep_for(this->context_.with_stop(stop.get_token()), 1000h);
      ASSERT_FALSE(slept.ok());
      EXPECT_EQ(slept.error().code(), Code::kCancelled);
    });
    ASSERT_TRUE(sleeper.ok());
    EXPECT_TRUE(asleep.wait(this->context_).ok());
    stop.request_stop();
    EXPECT_TRUE(sleeper->join(this->context_).ok());
  });
}

TYPED_TEST(ExecutorTest, TimersRunInTheOrderOfTimeThenOfCreation) {
  this->world_.run([this] {
    // Made by a callback, which no other overtakes, so that all are pending when it ends.
    const std::pair<Duration, int> due[] = {{3ns, 5}, {1ns, 1}, {2ns, 2}, {2ns, 3}, {2ns, 4}};
    const MonotonicTime base = this->executor_.clock().now();
    base::Mutex mutex;
    std::vector<int> order;
    Event all(this->executor_, "all timers");
    std::vector<Timer> timers;
    const Timer maker = this->executor_.after(0ns, [&] {
      for (const auto& [delay, number] : due) {
        timers.push_back(this->executor_.at(base + delay, [&, number = number] {
          base::MutexLock lock(mutex);
          order.push_back(number);
          if (order.size() == std::size(due)) all.set();
        }));
      }
    });
    ASSERT_TRUE(all.wait(this->context_).ok());
    base::MutexLock lock(mutex);
    EXPECT_EQ(order, (std::vector<int>{1, 2, 3, 4, 5}));
  });
}

TYPED_TEST(ExecutorTest, ACancelledTimerDoesNotRun) {
  this->world_.run([this] {
    std::atomic<int> ran = 0;
    Timer kept = this->executor_.after(1000h, [&] { ++ran; });
    EXPECT_TRUE(kept.cancel());
    EXPECT_FALSE(kept.cancel());
    {
      const Timer dropped = this->executor_.after(1ms, [&] { ran += 10; });
    }
    Timer replaced = this->executor_.after(1ms, [&] { ran += 100; });
    Event fired(this->executor_, "fired");
    replaced = this->executor_.after(2ms, [&] { fired.set(); });
    EXPECT_TRUE(fired.wait(this->context_).ok());
    EXPECT_FALSE(replaced.cancel());
    EXPECT_EQ(ran, 0);
  });
}

TYPED_TEST(ExecutorTest, ATimerMayCancelItself) {
  this->world_.run([this] {
    Event over(this->executor_, "over");
    Timer timer;
    bool prevented = true;
    // Made by a callback, so that the handle is there when the timer runs.
    const Timer maker = this->executor_.after(0ns, [&] {
      timer = this->executor_.after(0ns, [&] {
        prevented = timer.cancel();
        over.set();
      });
    });
    EXPECT_TRUE(over.wait(this->context_).ok());
    EXPECT_FALSE(prevented);
  });
}

TYPED_TEST(ExecutorTest, CancelWaitsForARunningCallback) {
  this->world_.run([this] {
    // Whatever the moment, the callback's world must not be gone while it runs: the sanitizers see
    // a use of `alive` after its scope.
    for (int round = 0; round < 200; ++round) {
      auto alive = std::make_unique<int>(0);
      Timer timer = this->executor_.after(Duration(round * 100), [&alive] { ++*alive; });
      const bool prevented = timer.cancel();
      EXPECT_EQ(*alive, prevented ? 0 : 1);
      alive.reset();
    }
  });
}

TYPED_TEST(ExecutorTest, RefusesMoreTasksThanAllowed) {
  this->world_.run([this] {
    Event release(this->executor_, "release");
    std::vector<Task> tasks;
    std::optional<base::Error> refusal;
    for (int i = 0; i < 100'000 && !refusal; ++i) {
      auto task =
          this->executor_.spawn("waiter", [&] { EXPECT_TRUE(release.wait(this->context_).ok()); });
      if (task.ok())
        tasks.push_back(*task);
      else
        refusal = task.error();
    }
    ASSERT_TRUE(refusal.has_value());
    EXPECT_EQ(refusal->code(), Code::kUnavailable);
    EXPECT_TRUE(refusal->transient());
    release.set();
    for (const Task& task : tasks) EXPECT_TRUE(task.join(this->context_).ok());
    EXPECT_TRUE(this->executor_.spawn("again", [] {}).ok());
  });
}

TYPED_TEST(ExecutorTest, RunBlockingCalls) {
  this->world_.run([this] {
    bool called = false;
    this->executor_.run_blocking("a test", [&] { called = true; });
    EXPECT_TRUE(called);
  });
}

TYPED_TEST(ExecutorTest, ShutdownStopsWaitingTasksAndRefusesNewOnes) {
  std::atomic<int> stopped = 0;
  Event event(this->executor_, "never");
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(this->executor_
                    .spawn("waiter",
                           [&, i] {
                             const base::Status waited =
                                 i % 2 == 0 ? event.wait(this->context_)
                                            : this->executor_.sleep_for(this->context_, 1000h);
                             if (!waited.ok() && waited.error().code() == Code::kCancelled) {
                               ++stopped;
                             }
                           })
                    .ok());
  }
  this->executor_.shutdown();
  EXPECT_EQ(stopped, 20);
  const auto refused = this->executor_.spawn("late", [] {});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code(), Code::kCancelled);
  this->executor_.shutdown();
}

using ExecutorDeathTest = ::testing::Test;

TEST(ExecutorDeathTest, ABlockingCallUnderALockIsNamed) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        SimulatedExecutor executor;
        Event event(executor, "x");
        base::Mutex mutex;
        static_cast<void>(executor.run("test", [&] {
          base::MutexLock lock(mutex);
          static_cast<void>(event.wait(executor.context()));
        }));
      },
      "Event::wait may block, and was called with 1 base::Mutex held");
}

TEST(ExecutorDeathTest, AnotherLockHeldWhileWaitingOnAConditionIsNamed) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        ThreadExecutor executor;
        Condition condition(executor, "a reply");
        base::Mutex first;
        base::Mutex second;
        base::MutexLock first_lock(first);
        base::MutexLock second_lock(second);
        static_cast<void>(condition.wait(executor.context(), second));
      },
      "a reply may block, and was called with 1 base::Mutex held");
}

TEST(ExecutorDeathTest, ATimerThatBlocksIsNamed) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        ThreadExecutor executor;
        Event never(executor, "a reply");
        const Timer timer =
            executor.after(1ns, [&] { static_cast<void>(never.wait(Context(executor.clock()))); });
        static_cast<void>(never.wait(Context(executor.clock())));
      },
      "a reply: a timer's callback must not block");
  EXPECT_DEATH(
      {
        SimulatedExecutor executor;
        Event never(executor, "a reply");
        const Timer timer =
            executor.after(1ns, [&] { static_cast<void>(never.wait(executor.context())); });
        static_cast<void>(executor.run_until_idle());
      },
      "a wait for \"a reply\" outside of a task");
}

}  // namespace
}  // namespace plumb::env
