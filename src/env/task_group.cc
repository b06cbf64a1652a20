#include "env/task_group.h"

#include <algorithm>

namespace plumb::env {

TaskGroup::TaskGroup(Executor& executor, const Context& context, const std::string& name,
                     size_t limit)
    : executor_(executor),
      limit_(std::max<size_t>(limit, 1)),
      context_(context.with_stop(stop_.get_token())),
      task_ended_(executor, "a task of " + name) {}

TaskGroup::~TaskGroup() {
  stop();
  wait_for_all();
}

base::Status TaskGroup::spawn(std::string name, std::function<base::Status(const Context&)> work) {
  assert_may_block("TaskGroup::spawn");
  PLUMB_CHECK_OK(context_.check());
  {
    base::MutexLock lock(mutex_);
    while (running_ >= limit_) PLUMB_CHECK_OK(task_ended_.wait(context_, mutex_));
    PLUMB_CHECK_OK(context_.check());  // it may be what ended the task that made room
    ++running_;
  }
  const size_t number = spawned_++;
  auto task = executor_.spawn(std::move(name), [this, number, work = std::move(work)]() mutable {
    base::Status outcome = work(context_);
    work = nullptr;
    finish_task(number, std::move(outcome));
  });
  if (task.ok()) return base::ok();
  finish_task(number, base::ok());
  return std::move(task).error();
}

void TaskGroup::finish_task(size_t number, base::Status outcome) {
  base::MutexLock lock(mutex_);
  if (!outcome.ok() && (!first_error_ || number < first_error_->first)) {
    first_error_.emplace(number, std::move(outcome).error());
  }
  --running_;
  task_ended_.notify_all();
}

void TaskGroup::wait_for_all() {
  const Context unlimited(executor_.clock());  // the tasks' own context is what ends this wait
  base::MutexLock lock(mutex_);
  while (running_ > 0) static_cast<void>(task_ended_.wait(unlimited, mutex_));
}

base::Status TaskGroup::wait() {
  assert_may_block("TaskGroup::wait");
  wait_for_all();
  base::MutexLock lock(mutex_);
  if (first_error_) return first_error_->second;
  return base::ok();
}

}  // namespace plumb::env
