#include "env/thread_executor.h"

#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "env/channel.h"
#include "env/event.h"

namespace plumb::env {
namespace {

TEST(ThreadExecutor, StartsNoMoreTasksThanThereAreWorkers) {
  ThreadExecutor executor({.workers = 3});
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  std::vector<Task> tasks;
  for (int i = 0; i < 200; ++i) {
    auto task = executor.spawn("worker", [&] {
      const int now = ++running;
      int seen = most;
      while (now > seen && !most.compare_exchange_weak(seen, now)) {
      }
      std::this_thread::yield();
      --running;
    });
    ASSERT_TRUE(task.ok());
    tasks.push_back(*task);
  }
  for (const Task& task : tasks) ASSERT_TRUE(task.join(executor.context()).ok());
  EXPECT_LE(most, 3);
  EXPECT_LE(executor.threads(), 3);
}

TEST(ThreadExecutor, AWaitingTaskLendsItsPlace) {
  ThreadExecutor executor({.workers = 1});
  Event second_ran(executor, "the second task");
  const auto first =
      executor.spawn("first", [&] { EXPECT_TRUE(second_ran.wait(executor.context()).ok()); });
  const auto second = executor.spawn("second", [&] { second_ran.set(); });
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_TRUE(first->join(executor.context()).ok());
}

TEST(ThreadExecutor, ATaskBlockedInTheKernelLendsItsPlace) {
  ThreadExecutor executor({.workers = 1});
  std::atomic<bool> second_ran = false;
  const auto first = executor.spawn("first", [&] {
    executor.run_blocking("a wait in the kernel", [&] { second_ran.wait(false); });
  });
  const auto second = executor.spawn("second", [&] {
    second_ran = true;
    second_ran.notify_all();
  });
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_TRUE(first->join(executor.context()).ok());
}

TEST(ThreadExecutor, ThreadsBeyondTheWorkersEndWhenTheirTaskDoes) {
  ThreadExecutor executor({.workers = 2});
  Event release(executor, "release");
  Channel<int> waiting(executor, "waiting", 100);
  std::vector<Task> tasks;
  for (int i = 0; i < 40; ++i) {
    auto task = executor.spawn("waiter", [&] {
      EXPECT_TRUE(waiting.try_push(1));
      EXPECT_TRUE(release.wait(executor.context()).ok());
    });
    ASSERT_TRUE(task.ok());
    tasks.push_back(*task);
  }
  for (int i = 0; i < 40; ++i) ASSERT_TRUE(waiting.pop(executor.context()).ok());
  EXPECT_GE(executor.threads(), 40);
  release.set();
  for (const Task& task : tasks) ASSERT_TRUE(task.join(executor.context()).ok());
  // A task is over a moment before its thread; the last thread to leave sees all others gone.
  executor.shutdown();
  EXPECT_EQ(executor.threads(), 0);
}

TEST(ThreadExecutor, CancellingATimerWaitsForItsCallback) {
  ThreadExecutor executor;
  Event started(executor, "started");
  std::atomic<bool> ended = false;
  Timer timer = executor.after(Duration(0), [&] {
    started.set();
    for (int i = 0; i < 1000; ++i) std::this_thread::yield();
    ended = true;
  });
  ASSERT_TRUE(started.wait(executor.context()).ok());
  EXPECT_FALSE(timer.cancel());
  EXPECT_TRUE(ended);
}

TEST(ThreadExecutor, ThreadsOfOthersMayWait) {
  ThreadExecutor executor;
  Event event(executor, "event");
  const auto setter = executor.spawn("setter", [&] { event.set(); });
  ASSERT_TRUE(setter.ok());
  EXPECT_TRUE(event.wait(executor.context()).ok());
}

}  // namespace
}  // namespace plumb::env
