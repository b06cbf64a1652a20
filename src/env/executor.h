// Executor: where tasks run, wait and sleep.
//
// Code is plain and blocking. Under ThreadExecutor a task is a thread that really blocks; under
// SimulatedExecutor it is a fiber, and time passes only when nobody can run. The same code, tests
// included, runs under both.
//
// Two rules hold everywhere in env/ and are checked in every build; breaking one aborts with the
// name of the call:
//   - a base::Mutex is never held across a call that may block (assert_may_block);
//   - the callback of a timer never blocks.
// Calls that only note something (Event::set, Executor::after, Clock::now) may be made anywhere.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "env/clock.h"
#include "env/context.h"

namespace plumb::env {

class Event;
class Executor;

// Aborts, naming `call`, if this thread holds more than `allowed` base::Mutexes.
void assert_may_block(const char* call, int allowed = 0);

// A handle on a spawned task; copies name the same task. Dropping it does not end the task.
class Task {
 public:
  explicit Task(std::shared_ptr<Event> finished) : finished_(std::move(finished)) {}
  bool done() const;
  // Blocks until the task has returned.
  base::Status join(const Context& context) const;

 private:
  std::shared_ptr<Event> finished_;
};

// A callback that is due at some time, cancelled when the handle is destroyed. A handle is used by
// one thread at a time and must not outlive its executor.
class [[nodiscard]] Timer {
 public:
  // Timers run in the order of (when, sequence): two for the same instant in the order of creation.
  struct Key {
    MonotonicTime when;
    uint64_t sequence = 0;
    auto operator<=>(const Key&) const = default;
  };

  Timer() = default;
  Timer(Executor& executor, Key key) : executor_(&executor), key_(key) {}
  Timer(Timer&& other) noexcept
      : executor_(std::exchange(other.executor_, nullptr)), key_(other.key_) {}
  Timer& operator=(Timer&& other) noexcept;
  ~Timer() { cancel(); }

  // Afterwards the callback is not running and will not run. True if it never ran. From within the
  // callback itself it does nothing. Waits for a callback that is running, so it must not be called
  // under a lock (asserted).
  bool cancel();

 private:
  Executor* executor_ = nullptr;
  Key key_{};
};

// One parked task: what the waits of env/ (Condition, sleeping) are made of. It belongs to the task
// that parks; whoever wakes must know that it still lives.
class Waiter {
 public:
  virtual ~Waiter() = default;
  // Returns once wake() has been called, before or during, or `until` has come.
  virtual void park(MonotonicTime until) = 0;
  // Any thread; more than once is as good as once.
  virtual void wake() = 0;
};

class Executor {
 public:
  virtual ~Executor() = default;

  virtual const Clock& clock() const = 0;

  // The root of contexts: no deadline, stops with shutdown(). Tasks use contexts made from it, or
  // shutdown() waits for them in vain.
  Context context() const { return Context(clock(), stop_.get_token()); }

  // Starts `work` as a task of its own. `name` appears in reports of stuck waits. Never blocks:
  // kUnavailable if as many tasks as allowed are alive, kCancelled after shutdown().
  virtual base::Result<Task> spawn(std::string name, std::function<void()> work) = 0;

  // Calls `callback` once at or soon after `when`, on a thread of the executor's choice.
  virtual Timer at(MonotonicTime when, std::function<void()> callback) = 0;
  Timer after(Duration delay, std::function<void()> callback);

  // Blocks the calling task; an error if the context ends first.
  base::Status sleep_until(const Context& context, MonotonicTime when);
  base::Status sleep_for(const Context& context, Duration duration);

  // Runs `call`, which blocks in the kernel (a poll, a read from a pipe), so that a thread pool can
  // give the task's place to another. `call` itself must notice the end of its context (a stop
  // callback that writes to an eventfd, a timeout). `name` is for reports.
  virtual void run_blocking(const char* name, const std::function<void()>& call) = 0;

  // For env/ itself: a way to park the calling task. `name` says in reports what it waits for, and
  // is kept by reference.
  virtual std::unique_ptr<Waiter> make_waiter(const std::string& name) = 0;

  // Stops context(), waits until all tasks have returned, drops timers. Called by the thread that
  // made the executor; the destructor of each form calls it. Idempotent.
  virtual void shutdown() = 0;

 protected:
  friend class Timer;
  virtual bool cancel_timer(Timer::Key key) = 0;

  StopSource stop_;
};

}  // namespace plumb::env
