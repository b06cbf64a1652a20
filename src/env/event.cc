#include "env/event.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>

namespace plumb::env {

Condition::~Condition() {
  base::MutexLock lock(waiters_mutex_);
  if (waiters_.empty()) return;
  std::fprintf(stderr, "plumb: %s was destroyed while tasks wait for it\n", name_.c_str());
  std::abort();
}

// The caller's mutex is given up and taken back in the middle, which the annotations cannot say.
base::Status Condition::wait(const Context& context, base::Mutex& mutex)
    PLUMB_THREAD_ANNOTATION(no_thread_safety_analysis) {
  assert_may_block(name_.c_str(), 1);
  PLUMB_CHECK_OK(context.check());
  const std::unique_ptr<Waiter> waiter = executor_.make_waiter(name_);
  {
    base::MutexLock lock(waiters_mutex_);
    waiters_.push_back(waiter.get());
  }
  mutex.unlock();
  {
    const StopCallback on_stop(context.stop(), [&] { waiter->wake(); });
    waiter->park(context.deadline());
  }
  bool notified = false;
  {
    base::MutexLock lock(waiters_mutex_);
    notified = std::erase(waiters_, waiter.get()) == 0;
  }
  mutex.lock();
  return notified ? base::ok() : context.check();
}

void Condition::notify_one() {
  base::MutexLock lock(waiters_mutex_);
  if (waiters_.empty()) return;
  Waiter* first = waiters_.front();
  waiters_.erase(waiters_.begin());
  first->wake();
}

void Condition::notify_all() {
  base::MutexLock lock(waiters_mutex_);
  for (Waiter* waiter : waiters_) waiter->wake();
  waiters_.clear();
}

void Event::set() {
  base::MutexLock lock(mutex_);
  set_ = true;
  changed_.notify_all();
}

void Event::reset() {
  base::MutexLock lock(mutex_);
  set_ = false;
}

bool Event::is_set() const {
  base::MutexLock lock(mutex_);
  return set_;
}

base::Status Event::wait(const Context& context) {
  assert_may_block("Event::wait");
  PLUMB_CHECK_OK(context.check());
  base::MutexLock lock(mutex_);
  while (!set_) PLUMB_CHECK_OK(changed_.wait(context, mutex_));
  return base::ok();
}

}  // namespace plumb::env
