// TimerQueue: pending callbacks in the order in which they are due. Both executors keep one; it
// does not lock.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "env/clock.h"
#include "env/executor.h"

namespace plumb::env {

class TimerQueue {
 public:
  using Callback = std::function<void()>;

  Timer::Key add(MonotonicTime when, Callback callback) {
    Timer::Key key{when, next_sequence_++};
    pending_.emplace(key, std::move(callback));
    return key;
  }
  // True if it was still pending.
  bool remove(Timer::Key key) { return pending_.erase(key) > 0; }

  bool empty() const { return pending_.empty(); }
  size_t size() const { return pending_.size(); }
  // When the first is due; kNever if there is none.
  MonotonicTime next() const { return empty() ? kNever : pending_.begin()->first.when; }

  // Takes out the first timer, if it is due by `now`.
  std::optional<std::pair<Timer::Key, Callback>> take_due(MonotonicTime now) {
    if (empty() || next() > now) return std::nullopt;
    auto node = pending_.extract(pending_.begin());
    return std::pair(node.key(), std::move(node.mapped()));
  }

  void clear() { pending_.clear(); }

 private:
  std::map<Timer::Key, Callback> pending_;
  uint64_t next_sequence_ = 0;
};

}  // namespace plumb::env
