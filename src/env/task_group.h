// TaskGroup: some tasks at a time, and all of them over before the caller goes on.
//
//   TaskGroup group(executor, context, "apply wave", 8);
//   for (const Step& step : wave) {
//     PLUMB_CHECK_OK(group.spawn(step.name(), [&](const Context& context) { return ... }));
//   }
//   return group.wait();
//
// A task may refer to what the caller holds: neither wait() nor the destructor returns before the
// last task has. One caller uses a group; its tasks do not spawn into it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "base/mutex.h"
#include "base/result.h"
#include "env/context.h"
#include "env/event.h"
#include "env/executor.h"

namespace plumb::env {

class TaskGroup {
 public:
  // At most `limit` tasks run at once. They get `context`, ended by stop() too.
  TaskGroup(Executor& executor, const Context& context, const std::string& name, size_t limit);
  // Stops tasks that still run, and waits for them.
  ~TaskGroup();
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  // Blocks until a place is free; an error if the context ends first or the executor refuses.
  base::Status spawn(std::string name, std::function<base::Status(const Context&)> work);
  // Waits for all tasks, which end soon after their context. The error of the task that was spawned
  // first among those that failed; one failure does not stop the others.
  base::Status wait();
  void stop() { stop_.request_stop(); }

 private:
  void finish_task(size_t number, base::Status outcome);
  void wait_for_all();

  Executor& executor_;
  const size_t limit_;
  StopSource stop_;
  const Context context_;
  size_t spawned_ = 0;
  base::Mutex mutex_;
  size_t running_ GUARDED_BY(mutex_) = 0;
  std::optional<std::pair<size_t, base::Error>> first_error_ GUARDED_BY(mutex_);
  Condition task_ended_;
};

}  // namespace plumb::env
