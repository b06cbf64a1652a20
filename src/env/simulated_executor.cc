#include "env/simulated_executor.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "base/hash.h"
#include "base/text.h"
#include "env/event.h"
#include "env/fiber.h"

namespace plumb::env {
namespace {

enum : uint64_t { kTaskRuns = 1, kTimerRuns = 2 };

[[noreturn]] void die(const std::string& message) {
  std::fprintf(stderr, "plumb: %s\n", message.c_str());
  std::abort();
}

std::string describe(const std::vector<SimulatedExecutor::Stuck>& stuck) {
  constexpr size_t kMost = 20;
  std::string text;
  for (size_t i = 0; i < stuck.size() && i < kMost; ++i) {
    if (i > 0) text += ", ";
    text +=
        "task " + base::quoted(stuck[i].task) + " waits for " + base::quoted(stuck[i].waits_for);
  }
  if (stuck.size() > kMost) text += " and " + std::to_string(stuck.size() - kMost) + " more";
  return text;
}

}  // namespace

struct SimulatedExecutor::SimulatedTask {
  uint64_t id = 0;
  std::string name;
  std::unique_ptr<Fiber> fiber;
  const std::string* waits_for = nullptr;  // null while it can run
};

// Parks a fiber.
class SimulatedExecutor::FiberWaiter final : public Waiter {
 public:
  FiberWaiter(SimulatedExecutor& executor, const std::string& name)
      : executor_(executor), name_(name) {}

  void park(MonotonicTime until) override {
    executor_.assert_own_thread(name_.c_str());
    assert_may_block(name_.c_str());
    if (woken_) return;
    task_ = executor_.current_;
    if (task_ == nullptr) {
      die("a wait for " + base::quoted(name_) +
          " outside of a task: callbacks may not block, and tests wait within run()");
    }
    task_->waits_for = &name_;
    Timer::Key timeout;
    if (until != kNever) timeout = executor_.timers_.add(until, [this] { unpark(); });
    task_->fiber->suspend();
    if (until != kNever) executor_.timers_.remove(timeout);
  }

  void wake() override {
    executor_.assert_own_thread(name_.c_str());
    woken_ = true;
    unpark();
  }

 private:
  void unpark() {
    if (task_ == nullptr) return;
    task_->waits_for = nullptr;
    executor_.runnable_.push_back(std::exchange(task_, nullptr));
  }

  SimulatedExecutor& executor_;
  const std::string& name_;
  SimulatedTask* task_ = nullptr;  // while parked
  bool woken_ = false;
};

SimulatedExecutor::SimulatedExecutor(Options options)
    : options_(options), clock_(options.start), random_(options.seed) {}

SimulatedExecutor::~SimulatedExecutor() { SimulatedExecutor::shutdown(); }

void SimulatedExecutor::assert_own_thread(const char* call) const {
  if (std::this_thread::get_id() == thread_) return;
  die(std::string(call) + " was called on another thread than the simulation's");
}

void SimulatedExecutor::assert_outside(const char* call) const {
  assert_own_thread(call);
  if (current_ != nullptr) die(std::string(call) + " was called by a task; it drives the tasks");
}

base::Result<Task> SimulatedExecutor::spawn(std::string name, std::function<void()> work) {
  assert_own_thread("Executor::spawn");
  if (shut_down_) return base::Error(base::Code::kCancelled, "the executor has shut down");
  if (tasks_.size() >= options_.max_tasks) {
    return base::unavailable("too many tasks: " + std::to_string(tasks_.size()) + " are alive");
  }
  auto finished = std::make_shared<Event>(*this, "the end of " + name);
  auto task = std::make_unique<SimulatedTask>();
  task->id = next_task_++;
  task->name = std::move(name);
  if (idle_fibers_.empty()) {
    task->fiber = std::make_unique<Fiber>(options_.stack_bytes);
  } else {
    task->fiber = std::move(idle_fibers_.back());
    idle_fibers_.pop_back();
  }
  task->fiber->start([work = std::move(work), finished]() mutable noexcept {
    work();
    work = nullptr;
    finished->set();
  });
  runnable_.push_back(task.get());
  const uint64_t id = task->id;
  tasks_.emplace(id, std::move(task));
  return Task(std::move(finished));
}

Timer SimulatedExecutor::at(MonotonicTime when, std::function<void()> callback) {
  assert_own_thread("Executor::at");
  return Timer(*this, timers_.add(when, std::move(callback)));
}

bool SimulatedExecutor::cancel_timer(Timer::Key key) {
  assert_own_thread("Timer::cancel");
  return timers_.remove(key).has_value();
}

void SimulatedExecutor::run_blocking(const char* name, const std::function<void()>& call) {
  assert_may_block(name);
  call();
}

std::unique_ptr<Waiter> SimulatedExecutor::make_waiter(const std::string& name) {
  return std::make_unique<FiberWaiter>(*this, name);
}

void SimulatedExecutor::note(uint64_t kind, uint64_t what) {
  ++steps_;
  const auto now = static_cast<uint64_t>(clock_.now().time_since_epoch().count());
  trace_hash_ = base::combine(base::combine(trace_hash_, now), base::combine(kind, what));
}

void SimulatedExecutor::resume(SimulatedTask& task) {
  note(kTaskRuns, task.id);
  current_ = &task;
  task.fiber->resume();
  current_ = nullptr;
  if (!task.fiber->idle()) return;
  idle_fibers_.push_back(std::move(task.fiber));
  tasks_.erase(task.id);
}

bool SimulatedExecutor::step_until(MonotonicTime horizon) {
  if (!runnable_.empty()) {
    std::swap(runnable_[random_.below(runnable_.size())], runnable_.back());
    SimulatedTask* next = runnable_.back();
    runnable_.pop_back();
    resume(*next);
    return true;
  }
  const auto due = timers_.take_due(horizon);
  if (!due) return false;
  clock_.advance_to(due->first.when);
  note(kTimerRuns, due->first.sequence);
  due->second();
  return true;
}

bool SimulatedExecutor::step() {
  assert_outside("SimulatedExecutor::step");
  return step_until(kNever);
}

base::Status SimulatedExecutor::drive(MonotonicTime horizon, const std::function<bool()>& done) {
  const uint64_t first = steps_;
  while (!done()) {
    if (steps_ - first >= options_.max_steps) {
      return base::internal("gave up after " + std::to_string(options_.max_steps) +
                            " steps; waiting are: " + describe(stuck()));
    }
    if (!step_until(horizon)) return base::ok();
  }
  return base::ok();
}

base::Status SimulatedExecutor::run(std::string name, std::function<void()> work) {
  assert_outside("SimulatedExecutor::run");
  PLUMB_TRY(const Task task, spawn(std::move(name), std::move(work)));
  PLUMB_CHECK_OK(drive(kNever, [&] { return task.done(); }));
  if (task.done()) return base::ok();
  return base::internal("deadlock, nobody can run and no timer is pending: " + describe(stuck()));
}

base::Status SimulatedExecutor::run_until_idle() {
  assert_outside("SimulatedExecutor::run_until_idle");
  return drive(kNever, [] { return false; });
}

base::Status SimulatedExecutor::run_for(Duration duration) {
  assert_outside("SimulatedExecutor::run_for");
  const MonotonicTime end = saturating_add(clock_.now(), duration);
  PLUMB_CHECK_OK(drive(end, [] { return false; }));
  clock_.advance_to(end);
  return base::ok();
}

std::vector<SimulatedExecutor::Stuck> SimulatedExecutor::stuck() const {
  std::vector<Stuck> stuck;
  for (const auto& [id, task] : tasks_) {
    if (task->waits_for != nullptr) stuck.push_back({task->name, *task->waits_for});
  }
  return stuck;
}

void SimulatedExecutor::shutdown() {
  assert_outside("SimulatedExecutor::shutdown");
  if (std::exchange(shut_down_, true)) return;
  stop_.request_stop();
  const base::Status driven = drive(kNever, [&] { return tasks_.empty(); });
  if (!driven.ok() || !tasks_.empty()) {
    die("shutdown, and not all tasks end; they use other contexts than Executor::context(): " +
        describe(stuck()));
  }
  timers_.clear();
}

}  // namespace plumb::env
