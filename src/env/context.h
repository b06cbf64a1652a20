// Context: how long a call may take, who may end it, and for whom it runs.
//
// Every call that blocks takes one as its first argument and ends soon after check() would fail:
// with kDeadlineExceeded when the deadline has passed, with kCancelled when the stop token was
// triggered. A context only gets narrower on its way down:
//
//   PLUMB_TRY(auto answer, http.send(context.with_timeout(10s), request));
//
// A Context is a value: cheap to copy, unchangeable, usable by any thread. The root is
// Executor::context(), which ends when the executor shuts down; the Clock must outlive it.
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "env/clock.h"

namespace plumb::env {

// Stopping is the standard library's: sticky, any thread, callbacks run on the thread that stops.
// A callback may set an Event or wake a wait; it must not block.
using StopSource = std::stop_source;
using StopToken = std::stop_token;
template <typename Callback>
using StopCallback = std::stop_callback<Callback>;

class Context {
 public:
  // Without deadline; `clock` must outlive every copy.
  explicit Context(const Clock& clock, StopToken stop = {});

  // Ends at `deadline` too: the earlier of both counts.
  Context with_deadline(MonotonicTime deadline) const;
  Context with_timeout(Duration timeout) const;
  // Ends when `stop` is triggered too.
  Context with_stop(StopToken stop) const;
  // The id under which logs and outgoing requests of this call are found.
  Context with_trace(std::string trace_id) const;
  // Fields for every log line of this call, after those it has already.
  Context with_fields(std::vector<base::LogField> fields) const;

  // Ok while the call may go on.
  base::Status check() const;
  MonotonicTime deadline() const { return deadline_; }  // kNever: none
  // What is left until the deadline: never negative, Duration::max() if there is none.
  Duration remaining() const;
  const StopToken& stop() const { return stop_; }

  const std::string& trace_id() const;
  // `logger` with the trace id and the fields of this call.
  base::Logger logger(const base::Logger& logger) const;

 private:
  struct Details;
  struct Link;  // joins two stop tokens into one

  const Clock* clock_;
  MonotonicTime deadline_ = kNever;
  StopToken stop_;
  std::shared_ptr<const Link> link_;        // null until with_stop()
  std::shared_ptr<const Details> details_;  // null without trace and fields
};

}  // namespace plumb::env
