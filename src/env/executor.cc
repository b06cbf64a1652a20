#include "env/executor.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "base/mutex.h"
#include "env/event.h"

namespace plumb::env {

void assert_may_block(const char* call, int allowed) {
  const int held = base::mutexes_held_by_this_thread();
  if (held <= allowed) return;
  std::fprintf(stderr,
               "plumb: %s may block, and was called with %d base::Mutex held; release it before\n",
               call, held - allowed);
  std::abort();
}

bool Task::done() const { return finished_->is_set(); }

base::Status Task::join(const Context& context) const { return finished_->wait(context); }

Timer& Timer::operator=(Timer&& other) noexcept {
  if (this != &other) {
    cancel();
    executor_ = std::exchange(other.executor_, nullptr);
    key_ = other.key_;
  }
  return *this;
}

bool Timer::cancel() {
  Executor* executor = std::exchange(executor_, nullptr);
  if (executor == nullptr) return false;
  assert_may_block("Timer::cancel");
  return executor->cancel_timer(key_);
}

Timer Executor::after(Duration delay, std::function<void()> callback) {
  return at(saturating_add(clock().now(), delay), std::move(callback));
}

base::Status Executor::sleep_until(const Context& context, MonotonicTime when) {
  static const std::string name = "sleep";
  assert_may_block("Executor::sleep_until");
  const std::unique_ptr<Waiter> waiter = make_waiter(name);
  const StopCallback on_stop(context.stop(), [&] { waiter->wake(); });
  while (true) {
    PLUMB_CHECK_OK(context.check());
    if (clock().now() >= when) return base::ok();
    waiter->park(std::min(when, context.deadline()));
  }
}

base::Status Executor::sleep_for(const Context& context, Duration duration) {
  return sleep_until(context, saturating_add(clock().now(), duration));
}

}  // namespace plumb::env
