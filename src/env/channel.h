// Channel<T>: a bounded queue between tasks, first in first out, any number of tasks at both ends.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "base/mutex.h"
#include "base/result.h"
#include "env/context.h"
#include "env/event.h"

namespace plumb::env {

template <typename T>
class Channel {
 public:
  // Holds at most `capacity` items, at least one.
  Channel(Executor& executor, const std::string& name, size_t capacity)
      : capacity_(capacity == 0 ? 1 : capacity),
        not_empty_(executor, name + ": pop"),
        not_full_(executor, name + ": push") {}

  // Blocks while the channel is full. kGone once it is closed.
  base::Status push(const Context& context, T item) {
    PLUMB_CHECK_OK(context.check());
    base::MutexLock lock(mutex_);
    while (items_.size() >= capacity_ && !closed_) {
      PLUMB_CHECK_OK(not_full_.wait(context, mutex_));
    }
    if (closed_) return closed_error();
    items_.push_back(std::move(item));
    not_empty_.notify_one();
    return base::ok();
  }

  // Refuses instead of blocking: false if the channel is full or closed.
  bool try_push(T item) {
    base::MutexLock lock(mutex_);
    if (closed_ || items_.size() >= capacity_) return false;
    items_.push_back(std::move(item));
    not_empty_.notify_one();
    return true;
  }

  // Blocks while the channel is empty. kGone once it is closed and empty.
  base::Result<T> pop(const Context& context) {
    PLUMB_CHECK_OK(context.check());
    base::MutexLock lock(mutex_);
    while (items_.empty() && !closed_) PLUMB_CHECK_OK(not_empty_.wait(context, mutex_));
    if (items_.empty()) return closed_error();
    return take();
  }

  std::optional<T> try_pop() {
    base::MutexLock lock(mutex_);
    if (items_.empty()) return std::nullopt;
    return take();
  }

  // No more pushes; what is held can still be popped, then every pop fails.
  void close() {
    base::MutexLock lock(mutex_);
    closed_ = true;
    not_empty_.notify_all();
    not_full_.notify_all();
  }

  size_t size() const {
    base::MutexLock lock(mutex_);
    return items_.size();
  }

 private:
  static base::Error closed_error() { return {base::Code::kGone, "the channel is closed"}; }

  T take() REQUIRES(mutex_) {
    T item = std::move(items_.front());
    items_.pop_front();
    not_full_.notify_one();
    return item;
  }

  const size_t capacity_;
  mutable base::Mutex mutex_;
  std::deque<T> items_ GUARDED_BY(mutex_);
  bool closed_ GUARDED_BY(mutex_) = false;
  Condition not_empty_;
  Condition not_full_;
};

}  // namespace plumb::env
