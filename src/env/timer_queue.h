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
  // Takes out a timer, if it is still pending. The callback is returned so that the caller can drop
  // it when it holds no lock.
  std::optional<Callback> remove(Timer::Key key) {
    auto node = pending_.extract(key);
    if (node.empty()) return std::nullopt;
    return std::move(node.mapped());
  }

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
