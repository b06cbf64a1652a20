// Waiting for something that another task does: Condition and Event.
//
// Both work alike under every executor and from any thread that may block. A wait whose context has
// ended fails even if what it waits for is there, so that a stopped task stops at its next wait.
#pragma once

#include <string>
#include <vector>

#include "base/mutex.h"
#include "base/result.h"
#include "env/context.h"
#include "env/executor.h"

namespace plumb::env {

// A condition variable over a base::Mutex whose waits take a Context. The base of Event, Channel
// and TaskGroup, and of any other monitor:
//
//   base::MutexLock lock(mutex_);
//   while (items_.empty()) PLUMB_CHECK_OK(not_empty_.wait(context, mutex_));
class Condition {
 public:
  // `name` says in reports of stuck tasks what is waited for.
  Condition(Executor& executor, std::string name) : executor_(executor), name_(std::move(name)) {}
  // Aborts if a task still waits: it would wake up to a condition that is gone.
  ~Condition();
  Condition(const Condition&) = delete;
  Condition& operator=(const Condition&) = delete;

  // Called with `mutex`, and no other, held; releases it while it blocks and holds it again when it
  // returns. Ok after a notification and, rarely, without one: callers loop. A wait that was
  // notified is ok even if its context ended meanwhile, so no notification is lost.
  base::Status wait(const Context& context, base::Mutex& mutex) REQUIRES(mutex);

  // Change what is waited for under the mutex, then notify: under it or after.
  void notify_one();  // the task that has waited longest
  void notify_all();

 private:
  Executor& executor_;
  const std::string name_;
  base::Mutex waiters_mutex_;
  std::vector<Waiter*> waiters_ GUARDED_BY(waiters_mutex_);  // longest wait first
};

// A flag that tasks can wait for. Once set it stays set until reset().
class Event {
 public:
  Event(Executor& executor, std::string name) : changed_(executor, std::move(name)) {}

  void set();
  void reset();
  bool is_set() const;
  base::Status wait(const Context& context);

 private:
  mutable base::Mutex mutex_;
  bool set_ GUARDED_BY(mutex_) = false;
  Condition changed_;
};

}  // namespace plumb::env
