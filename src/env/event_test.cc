// Condition, Event, Channel and TaskGroup, under both executors.
#include "env/event.h"

#include <atomic>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "env/channel.h"
#include "env/executors_for_test.h"
#include "env/task_group.h"

namespace plumb::env {
namespace {

using namespace std::chrono_literals;
using base::Code;

template <typename World>
class WaitTest : public ::testing::Test {
 protected:
  template <typename T>
  static void expect_code(const base::Result<T>& result, Code code) {
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code(), code) << result.error().text();
  }
  Task spawn(std::string name, std::function<void()> work) {
    auto task = executor_.spawn(std::move(name), std::move(work));
    EXPECT_TRUE(task.ok());
    return *task;
  }

  World world_;
  Executor& executor_ = world_.executor();
  Context context_ = executor_.context();
};
TYPED_TEST_SUITE(WaitTest, Worlds, WorldNames);

TYPED_TEST(WaitTest, AnEventWakesAllWhoWait) {
  this->world_.run([this] {
    Event event(this->executor_, "event");
    std::atomic<int> woken = 0;
    std::vector<Task> tasks;
    tasks.reserve(20);
    for (int i = 0; i < 20; ++i) {
      tasks.push_back(this->spawn("waiter", [&] {
        EXPECT_TRUE(event.wait(this->context_).ok());
        ++woken;
      }));
    }
    EXPECT_FALSE(event.is_set());
    event.set();
    for (const Task& task : tasks) EXPECT_TRUE(task.join(this->context_).ok());
    EXPECT_EQ(woken, 20);
    EXPECT_TRUE(event.wait(this->context_).ok());
    event.reset();
    this->expect_code(event.wait(this->context_.with_timeout(1ms)), Code::kDeadlineExceeded);
  });
}

TYPED_TEST(WaitTest, AStoppedContextFailsEvenIfTheEventIsSet) {
  this->world_.run([this] {
    Event event(this->executor_, "event");
    event.set();
    StopSource stop;
    stop.request_stop();
    this->expect_code(event.wait(this->context_.with_stop(stop.get_token())), Code::kCancelled);
    this->expect_code(event.wait(this->context_.with_timeout(0s)), Code::kDeadlineExceeded);
  });
}

TYPED_TEST(WaitTest, StoppingRacesWithSetting) {
  this->world_.run([this] {
    // Whichever comes first, the waiter ends, with one of the two outcomes.
    for (int round = 0; round < 200; ++round) {
      Event event(this->executor_, "event");
      StopSource stop;
      const Context context = this->context_.with_stop(stop.get_token());
      const Task waiter = this->spawn("waiter", [&] {
        const base::Status waited = event.wait(context);
        if (!waited.ok()) this->expect_code(waited, Code::kCancelled);
      });
      const Task setter = this->spawn("setter", [&] { event.set(); });
      const Task stopper = this->spawn("stopper", [&] { stop.request_stop(); });
      for (const Task& task : {waiter, setter, stopper}) {
        ASSERT_TRUE(task.join(this->context_).ok());
      }
    }
  });
}

TYPED_TEST(WaitTest, ANotificationIsNotLostToAnEndingWait) {
  this->world_.run([this] {
    // Two poppers, one item, and the context of one popper ends as the item comes: the item must
    // reach one of them.
    for (int round = 0; round < 200; ++round) {
      Channel<int> channel(this->executor_, "items", 1);
      StopSource stop;
      std::atomic<int> popped = 0;
      const auto pop = [&](const Context& context) {
        if (channel.pop(context).ok()) {
          ++popped;
          channel.close();
        }
      };
      const Task first =
          this->spawn("stopped", [&] { pop(this->context_.with_stop(stop.get_token())); });
      const Task second = this->spawn("patient", [&] { pop(this->context_); });
      const Task stopper = this->spawn("stopper", [&] { stop.request_stop(); });
      const Task pusher = this->spawn("pusher", [&] { EXPECT_TRUE(channel.try_push(1)); });
      for (const Task& task : {first, second, stopper, pusher}) {
        ASSERT_TRUE(task.join(this->context_).ok());
      }
      EXPECT_EQ(popped, 1);
    }
  });
}

TYPED_TEST(WaitTest, AChannelKeepsOrderAndLosesNothing) {
  this->world_.run([this] {
    Channel<int> channel(this->executor_, "numbers", 3);
    const Task producer = this->spawn("producer", [&] {
      for (int i = 0; i < 500; ++i) ASSERT_TRUE(channel.push(this->context_, i).ok());
      channel.close();
    });
    for (int i = 0; i < 500; ++i) {
      const auto item = channel.pop(this->context_);
      ASSERT_TRUE(item.ok());
      ASSERT_EQ(*item, i);
    }
    this->expect_code(channel.pop(this->context_), Code::kGone);
    EXPECT_TRUE(producer.join(this->context_).ok());
  });
}

TYPED_TEST(WaitTest, AChannelWithManyAtBothEndsDeliversEachItemOnce) {
  this->world_.run([this] {
    Channel<int> channel(this->executor_, "numbers", 2);
    std::atomic<int> sum = 0;
    std::atomic<int> count = 0;
    std::vector<Task> producers;
    std::vector<Task> consumers;
    for (int p = 0; p < 4; ++p) {
      producers.push_back(this->spawn("producer", [&, p] {
        for (int i = 0; i < 100; ++i) ASSERT_TRUE(channel.push(this->context_, p * 100 + i).ok());
      }));
      consumers.push_back(this->spawn("consumer", [&] {
        while (true) {
          const auto item = channel.pop(this->context_);
          if (!item.ok()) break;
          sum += *item;
          ++count;
        }
      }));
    }
    for (const Task& task : producers) ASSERT_TRUE(task.join(this->context_).ok());
    channel.close();
    for (const Task& task : consumers) ASSERT_TRUE(task.join(this->context_).ok());
    EXPECT_EQ(count, 400);
    EXPECT_EQ(sum, 399 * 400 / 2);
  });
}

TYPED_TEST(WaitTest, AFullChannelBlocksOrRefuses) {
  this->world_.run([this] {
    Channel<int> channel(this->executor_, "numbers", 2);
    EXPECT_TRUE(channel.try_push(1));
    EXPECT_TRUE(channel.try_push(2));
    EXPECT_FALSE(channel.try_push(3));
    this->expect_code(channel.push(this->context_.with_timeout(1ms), 3), Code::kDeadlineExceeded);
    EXPECT_EQ(channel.size(), 2);
    EXPECT_EQ(channel.try_pop(), 1);
    EXPECT_EQ(channel.try_pop(), 2);
    EXPECT_EQ(channel.try_pop(), std::nullopt);
    this->expect_code(channel.pop(this->context_.with_timeout(1ms)), Code::kDeadlineExceeded);
  });
}

TYPED_TEST(WaitTest, ClosingAChannelWakesBothEnds) {
  this->world_.run([this] {
    Channel<int> full(this->executor_, "full", 1);
    Channel<int> empty(this->executor_, "empty", 1);
    EXPECT_TRUE(full.try_push(1));
    const Task pusher = this->spawn(
        "pusher", [&] { this->expect_code(full.push(this->context_, 2), Code::kGone); });
    const Task popper =
        this->spawn("popper", [&] { this->expect_code(empty.pop(this->context_), Code::kGone); });
    full.close();
    empty.close();
    EXPECT_TRUE(pusher.join(this->context_).ok());
    EXPECT_TRUE(popper.join(this->context_).ok());
    EXPECT_EQ(*full.pop(this->context_), 1);
    EXPECT_FALSE(full.try_push(3));
  });
}

TYPED_TEST(WaitTest, AGroupRunsNoMoreThanItsLimitAtOnce) {
  this->world_.run([this] {
    std::atomic<int> running = 0;
    std::atomic<bool> over = false;
    std::atomic<int> ran = 0;
    TaskGroup group(this->executor_, this->context_, "group", 3);
    for (int i = 0; i < 30; ++i) {
      ASSERT_TRUE(group
                      .spawn("member",
                             [&](const Context& context) {
                               if (++running > 3) over = true;
                               base::Status slept =
                                   this->executor_.sleep_for(context, Duration(100));
                               --running;
                               ++ran;
                               return slept;
                             })
                      .ok());
    }
    EXPECT_TRUE(group.wait().ok());
    EXPECT_EQ(ran, 30);
    EXPECT_FALSE(over);
  });
}

TYPED_TEST(WaitTest, AGroupReportsTheFailureSpawnedFirst) {
  this->world_.run([this] {
    TaskGroup group(this->executor_, this->context_, "group", 8);
    Event later_failed(this->executor_, "the later failure");
    std::atomic<int> ended = 0;
    const auto spawn = [&](const std::function<base::Status(const Context&)>& work) {
      ASSERT_TRUE(group
                      .spawn("member",
                             [&, work](const Context& context) {
                               base::Status outcome = work(context);
                               ++ended;
                               return outcome;
                             })
                      .ok());
    };
    spawn([](const Context&) { return base::ok(); });
    spawn([&](const Context& context) -> base::Status {
      PLUMB_CHECK_OK(later_failed.wait(context));
      return base::invalid("first");
    });
    spawn([&](const Context&) -> base::Status {
      later_failed.set();
      return base::invalid("second");
    });
    const base::Status outcome = group.wait();
    this->expect_code(outcome, Code::kInvalid);
    EXPECT_EQ(outcome.error().message(), "first");
    EXPECT_EQ(ended, 3);
  });
}

TYPED_TEST(WaitTest, AGroupThatIsDroppedStopsItsTasksAndWaits) {
  this->world_.run([this] {
    std::atomic<int> stopped = 0;
    {
      TaskGroup group(this->executor_, this->context_, "group", 8);
      for (int i = 0; i < 5; ++i) {
        ASSERT_TRUE(group
                        .spawn("member",
                               [&](const Context& context) {
                                 base::Status slept = this->executor_.sleep_for(context, 1000h);
                                 if (!slept.ok()) ++stopped;
                                 return slept;
                               })
                        .ok());
      }
    }
    EXPECT_EQ(stopped, 5);
  });
}

TYPED_TEST(WaitTest, AFullGroupSpawnsNoLongerThanItsContext) {
  this->world_.run([this] {
    StopSource stop;
    TaskGroup group(this->executor_, this->context_.with_stop(stop.get_token()), "group", 1);
    const auto sleep = [&](const Context& context) {
      return this->executor_.sleep_for(context, 1000h);
    };
    EXPECT_TRUE(group.spawn("first", sleep).ok());
    const Task stopper = this->spawn("stopper", [&] { stop.request_stop(); });
    this->expect_code(group.spawn("second", sleep), Code::kCancelled);
    this->expect_code(group.wait(), Code::kCancelled);
    EXPECT_TRUE(stopper.join(this->context_).ok());
  });
}

}  // namespace
}  // namespace plumb::env
