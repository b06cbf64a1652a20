#include "env/thread_executor.h"

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "env/event.h"
#include "env/timer_queue.h"

namespace plumb::env {
namespace {

// The pool, or the timers, that this thread belongs to.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): a fact of each thread
thread_local const void* owner_of_this_thread = nullptr;

// Blocks on `changed` until notified, or until `until`.
void wait_on(std::condition_variable& changed, std::unique_lock<std::mutex>& lock,
             MonotonicTime until) {
  if (until == kNever) {
    changed.wait(lock);
  } else {
    changed.wait_until(lock, std::chrono::steady_clock::time_point(until.time_since_epoch()));
  }
}

[[noreturn]] void die(const char* what, const char* message) {
  std::fprintf(stderr, "plumb: %s: %s\n", what, message);
  std::abort();
}

}  // namespace

// The workers. A task is alive from submit() until it has returned; of those alive, `queued_` wait
// for a place, `ready_` have one and wait for a thread, the others are on a thread.
class ThreadExecutor::Pool {
 public:
  explicit Pool(Options options)
      : workers_(std::max<size_t>(options.workers, 1)), max_tasks_(options.max_tasks) {}

  base::Status submit(std::function<void()> work) {
    std::unique_lock lock(mutex_);
    if (refusing_) return base::Error(base::Code::kCancelled, "the executor has shut down");
    if (alive_ >= max_tasks_) {
      return base::unavailable("too many tasks: " + std::to_string(alive_) + " are alive");
    }
    ++alive_;
    queued_.push_back(std::move(work));
    fill_places();
    return base::ok();
  }

  // Around a wait of the calling thread. Threads that are not workers have no place to lend.
  void lend_place() {
    if (!on_worker()) return;
    std::unique_lock lock(mutex_);
    --places_taken_;
    fill_places();
  }
  void take_place_back() {
    if (!on_worker()) return;
    std::unique_lock lock(mutex_);
    ++places_taken_;
  }

  bool on_worker() const { return owner_of_this_thread == this; }

  void refuse_new() {
    std::unique_lock lock(mutex_);
    refusing_ = true;
  }

  // Waits until no task is alive, then until all threads have ended.
  void drain() {
    std::unique_lock lock(mutex_);
    refusing_ = true;
    none_alive_.wait(lock, [&] { return alive_ == 0; });
    ending_ = true;
    work_ready_.notify_all();
    threads_ended_.wait(lock, [&] { return threads_.empty(); });
    join_ended();
  }

  size_t threads() const {
    std::unique_lock lock(mutex_);
    return threads_.size();
  }

 private:
  // Gives free places to queued tasks, and sees that each has a thread; under mutex_. Without
  // another thread to be had the program ends: noexcept.
  void fill_places() noexcept {
    while (places_taken_ < workers_ && !queued_.empty()) {
      ++places_taken_;
      ready_.push_back(std::move(queued_.front()));
      queued_.pop_front();
      if (free_threads_ < ready_.size()) {
        ++free_threads_;
        const uint64_t id = next_thread_++;
        threads_.emplace(id, std::thread([this, id] { serve(id); }));
      } else {
        work_ready_.notify_one();
      }
    }
  }

  void serve(uint64_t id) {
    owner_of_this_thread = this;
    std::unique_lock lock(mutex_);
    join_ended();
    while (true) {
      work_ready_.wait(lock, [&] { return !ready_.empty() || ending_; });
      if (ready_.empty()) break;
      std::function<void()> work = std::move(ready_.front());
      ready_.pop_front();
      --free_threads_;
      lock.unlock();
      work();
      work = nullptr;
      lock.lock();
      ++free_threads_;
      --places_taken_;
      if (--alive_ == 0) none_alive_.notify_all();
      fill_places();
      if (ready_.empty() && free_threads_ > workers_) break;
    }
    --free_threads_;
    ended_.push_back(std::move(threads_.extract(id).mapped()));
    threads_ended_.notify_all();
  }

  // Joins threads that have left serve(). They no longer need mutex_, which stays held.
  void join_ended() {
    for (std::thread& thread : ended_) {
      if (thread.joinable()) thread.join();
    }
    ended_.clear();
  }

  const size_t workers_;
  const size_t max_tasks_;

  mutable std::mutex mutex_;  // guards all that follows
  std::condition_variable work_ready_;
  std::condition_variable none_alive_;
  std::condition_variable threads_ended_;
  std::deque<std::function<void()>> queued_;
  std::deque<std::function<void()>> ready_;
  size_t alive_ = 0;
  size_t places_taken_ = 0;  // may exceed workers_ while tasks come back from waits
  size_t free_threads_ = 0;  // not on a task; at least ready_.size()
  std::map<uint64_t, std::thread> threads_;
  std::vector<std::thread> ended_;
  uint64_t next_thread_ = 0;
  bool refusing_ = false;
  bool ending_ = false;
};

// Runs callbacks when they are due, one after the other.
class ThreadExecutor::TimerThread {
 public:
  explicit TimerThread(const Clock& clock) : clock_(clock), thread_([this] { serve(); }) {}
  ~TimerThread() { end(); }

  Timer::Key add(MonotonicTime when, TimerQueue::Callback callback) {
    std::unique_lock lock(mutex_);
    changed_.notify_all();
    return queue_.add(when, std::move(callback));
  }

  bool remove(Timer::Key key) {
    std::optional<TimerQueue::Callback> removed;  // dropped without the lock
    std::unique_lock lock(mutex_);
    removed = queue_.remove(key);
    if (!removed && !on_thread()) changed_.wait(lock, [&] { return running_ != key; });
    lock.unlock();
    return removed.has_value();
  }

  bool on_thread() const { return owner_of_this_thread == this; }

  // No callback runs afterwards.
  void end() {
    TimerQueue dropped;
    {
      std::unique_lock lock(mutex_);
      ending_ = true;
      std::swap(dropped, queue_);
      changed_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
  }

 private:
  void serve() {
    owner_of_this_thread = this;
    std::unique_lock lock(mutex_);
    while (!ending_) {
      auto due = queue_.take_due(clock_.now());
      if (!due) {
        wait_on(changed_, lock, queue_.next());
        continue;
      }
      running_ = due->first;
      lock.unlock();
      due->second();
      due.reset();
      lock.lock();
      running_.reset();
      changed_.notify_all();
    }
  }

  const Clock& clock_;
  std::mutex mutex_;  // guards all but thread_
  std::condition_variable changed_;
  TimerQueue queue_;
  std::optional<Timer::Key> running_;
  bool ending_ = false;
  std::thread thread_;  // last, so that the rest exists when it starts
};

// Parks a thread, of the pool or not.
class ThreadExecutor::ThreadWaiter final : public Waiter {
 public:
  ThreadWaiter(ThreadExecutor& executor, const std::string& name)
      : executor_(executor), name_(name) {}

  void park(MonotonicTime until) override {
    executor_.assert_not_in_callback(name_.c_str());
    assert_may_block(name_.c_str());
    {
      std::unique_lock lock(mutex_);
      if (woken_) return;
    }
    executor_.pool_->lend_place();
    {
      std::unique_lock lock(mutex_);
      while (!woken_ && executor_.clock_.now() < until) wait_on(changed_, lock, until);
    }
    executor_.pool_->take_place_back();
  }

  void wake() override {
    std::unique_lock lock(mutex_);
    woken_ = true;
    changed_.notify_all();  // under the lock: the waiter may be gone right after it
  }

 private:
  ThreadExecutor& executor_;
  const std::string& name_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;  // guarded by mutex_
};

ThreadExecutor::ThreadExecutor(Options options)
    : pool_(std::make_unique<Pool>(options)), timers_(std::make_unique<TimerThread>(clock_)) {}

ThreadExecutor::~ThreadExecutor() { ThreadExecutor::shutdown(); }

base::Result<Task> ThreadExecutor::spawn(std::string name, std::function<void()> work) {
  auto finished = std::make_shared<Event>(*this, "the end of " + name);
  PLUMB_CHECK_OK(pool_->submit([work = std::move(work), finished]() mutable noexcept {
    work();
    work = nullptr;
    finished->set();
  }));
  return Task(std::move(finished));
}

Timer ThreadExecutor::at(MonotonicTime when, std::function<void()> callback) {
  return Timer(*this, timers_->add(when, std::move(callback)));
}

bool ThreadExecutor::cancel_timer(Timer::Key key) { return timers_->remove(key); }

void ThreadExecutor::assert_not_in_callback(const char* call) const {
  if (timers_->on_thread()) die(call, "a timer's callback must not block; spawn a task from it");
}

void ThreadExecutor::run_blocking(const char* name, const std::function<void()>& call) {
  assert_not_in_callback(name);
  assert_may_block(name);
  pool_->lend_place();
  call();
  pool_->take_place_back();
}

std::unique_ptr<Waiter> ThreadExecutor::make_waiter(const std::string& name) {
  return std::make_unique<ThreadWaiter>(*this, name);
}

void ThreadExecutor::shutdown() {
  if (pool_->on_worker())
    die("ThreadExecutor::shutdown", "called by a task, which it would wait for");
  pool_->refuse_new();
  stop_.request_stop();
  pool_->drain();
  timers_->end();
}

size_t ThreadExecutor::threads() const { return pool_->threads(); }

}  // namespace plumb::env
