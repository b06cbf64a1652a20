// Both executors behind one fixture, for suites that must hold under either.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "env/simulated_executor.h"
#include "env/thread_executor.h"

namespace plumb::env {

// Each runs `body` as a task and returns when that has ended.
class ThreadWorld {
 public:
  ThreadExecutor& executor() { return executor_; }
  void run(std::function<void()> body) {
    const auto task = executor_.spawn("test", std::move(body));
    ASSERT_TRUE(task.ok()) << task.error().text();
    ASSERT_TRUE(task->join(Context(executor_.clock())).ok());
  }

 private:
  ThreadExecutor executor_{{.workers = 2, .max_tasks = 256}};
};

class SimulatedWorld {
 public:
  SimulatedExecutor& executor() { return executor_; }
  void run(std::function<void()> body) {
    const base::Status ran = executor_.run("test", std::move(body));
    ASSERT_TRUE(ran.ok()) << ran.error().text();
  }

 private:
  SimulatedExecutor executor_{{.max_tasks = 256}};
};

using Worlds = ::testing::Types<ThreadWorld, SimulatedWorld>;

struct WorldNames {
  template <typename World>
  static std::string GetName(int) {  // NOLINT(readability-identifier-naming): gtest's name
    return std::is_same_v<World, ThreadWorld> ? "Threads" : "Simulated";
  }
};

}  // namespace plumb::env
