// ThreadExecutor: tasks on real threads, under the computer's clock.
//
// At most `workers` tasks start running at once; the rest queue in order. A task that waits (in a
// Condition, a sleep, run_blocking) lends its place: if tasks are queued, another thread takes it,
// so a task may wait for one that has not started yet and the pool cannot deadlock on itself. A
// task whose wait is over goes on at once. Threads are as many as tasks are alive at most, and
// `max_tasks` bounds both: beyond it spawn() refuses.
#pragma once

#include <cstddef>
#include <memory>

#include "env/executor.h"

namespace plumb::env {

class ThreadExecutor final : public Executor {
 public:
  struct Options {
    size_t workers = 4;
    size_t max_tasks = 1024;  // queued, running and waiting
  };

  ThreadExecutor() : ThreadExecutor(Options()) {}
  explicit ThreadExecutor(Options options);
  ~ThreadExecutor() override;
  ThreadExecutor(const ThreadExecutor&) = delete;
  ThreadExecutor& operator=(const ThreadExecutor&) = delete;

  const Clock& clock() const override { return clock_; }
  base::Result<Task> spawn(std::string name, std::function<void()> work) override;
  // Callbacks run on one timer thread, one after the other.
  Timer at(MonotonicTime when, std::function<void()> callback) override;
  void run_blocking(const char* name, const std::function<void()>& call) override;
  std::unique_ptr<Waiter> make_waiter(const std::string& name) override;
  void shutdown() override;

  // How many worker threads there are now.
  size_t threads() const;

 private:
  class Pool;
  class TimerThread;
  class ThreadWaiter;

  bool cancel_timer(Timer::Key key) override;

  void assert_not_in_callback(const char* call) const;

  RealClock clock_;
  std::unique_ptr<Pool> pool_;
  std::unique_ptr<TimerThread> timers_;
};

}  // namespace plumb::env
