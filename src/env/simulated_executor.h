// SimulatedExecutor: tasks as fibers on one thread, under a simulated clock.
//
// Of the tasks that can run, the next one is picked by the seed; it runs until it waits. When none
// can run, the clock jumps to the next timer. So a run is a function of its seed and of nothing
// else, hours take milliseconds, and different seeds try different orders. trace_hash() tells two
// runs apart.
//
// Everything here belongs to the thread that made the executor. Only tasks may block: a test runs
// its body as one, by run().
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "env/clock.h"
#include "env/executor.h"
#include "env/random.h"
#include "env/timer_queue.h"

namespace plumb::env {

class Fiber;

class SimulatedExecutor final : public Executor {
 public:
  struct Options {
    uint64_t seed = 1;
    WallTime start = SimulatedClock::kDefaultStart;
    size_t max_tasks = 10'000;        // alive at once; spawn() refuses more
    size_t stack_bytes = 256 * 1024;  // of each task; memory is used as it is touched
    // run(), run_until_idle() and run_for() fail after so many steps: something spins.
    uint64_t max_steps = 100'000'000;
  };

  // A task that waits, and for what.
  struct Stuck {
    std::string task;
    std::string waits_for;
    bool operator==(const Stuck&) const = default;
  };

  SimulatedExecutor() : SimulatedExecutor(Options()) {}
  explicit SimulatedExecutor(Options options);
  // Shuts down. A task that does not end although its context has is named, and aborts the program.
  ~SimulatedExecutor() override;
  SimulatedExecutor(const SimulatedExecutor&) = delete;
  SimulatedExecutor& operator=(const SimulatedExecutor&) = delete;

  // Runs `work` as a task, and all others, until it has returned. An error if it never will: nobody
  // can run and no timer is pending. The message names all stuck tasks and what they wait for.
  base::Status run(std::string name, std::function<void()> work);

  // Runs one task until it waits, or else jumps to the next timer and runs that; false if there is
  // neither.
  bool step();
  // Steps until nobody can run and no timer is pending. Tasks may still wait: stuck() lists them.
  base::Status run_until_idle();
  // Does everything that is due within `duration`, and leaves the clock at its end.
  base::Status run_for(Duration duration);

  // The tasks that wait now, in the order in which they were spawned.
  std::vector<Stuck> stuck() const;
  // A hash of what has run so far: which task or timer, in what order, at what time.
  uint64_t trace_hash() const { return trace_hash_; }
  uint64_t steps() const { return steps_; }

  SimulatedClock& simulated_clock() { return clock_; }

  const Clock& clock() const override { return clock_; }
  base::Result<Task> spawn(std::string name, std::function<void()> work) override;
  Timer at(MonotonicTime when, std::function<void()> callback) override;
  // Just calls: the whole simulation waits for the kernel.
  void run_blocking(const char* name, const std::function<void()>& call) override;
  std::unique_ptr<Waiter> make_waiter(const std::string& name) override;
  void shutdown() override;

 private:
  struct SimulatedTask;
  class FiberWaiter;

  bool cancel_timer(Timer::Key key) override;
  bool step_until(MonotonicTime horizon);
  // Steps until done(), or until nothing is left to do by `horizon`.
  base::Status drive(MonotonicTime horizon, const std::function<bool()>& done);
  void resume(SimulatedTask& task);
  void note(uint64_t kind, uint64_t what);
  void assert_own_thread(const char* call) const;
  void assert_outside(const char* call) const;

  const Options options_;
  const std::thread::id thread_ = std::this_thread::get_id();
  SimulatedClock clock_;
  SeededRandom random_;
  TimerQueue timers_;
  std::vector<std::unique_ptr<Fiber>> idle_fibers_;
  std::map<uint64_t, std::unique_ptr<SimulatedTask>> tasks_;  // alive, by id: the order of spawning
  std::vector<SimulatedTask*> runnable_;
  SimulatedTask* current_ = nullptr;  // null: the scheduler itself, or a callback
  uint64_t next_task_ = 0;
  uint64_t trace_hash_ = 0;
  uint64_t steps_ = 0;
  bool shut_down_ = false;
};

}  // namespace plumb::env
