#include "env/context.h"

#include <utility>

namespace plumb::env {

struct Context::Details {
  std::string trace_id;
  std::vector<base::LogField> fields;
};

// A stop source that either of two tokens triggers. It keeps the link of the context it was made
// from, whose source stands behind one of them.
struct Context::Link {
  struct Forward {
    StopSource source;
    void operator()() { source.request_stop(); }
  };

  Link(StopToken first, StopToken second, std::shared_ptr<const Link> parent)
      : parent(std::move(parent)),
        from_first(std::move(first), Forward{source}),
        from_second(std::move(second), Forward{source}) {}

  StopSource source;
  std::shared_ptr<const Link> parent;
  StopCallback<Forward> from_first;
  StopCallback<Forward> from_second;
};

Context::Context(const Clock& clock, StopToken stop) : clock_(&clock), stop_(std::move(stop)) {}

Context Context::with_deadline(MonotonicTime deadline) const {
  Context narrower = *this;
  narrower.deadline_ = std::min(deadline_, deadline);
  return narrower;
}

Context Context::with_timeout(Duration timeout) const {
  return with_deadline(saturating_add(clock_->now(), timeout));
}

Context Context::with_stop(StopToken stop) const {
  Context narrower = *this;
  if (!stop.stop_possible()) return narrower;
  if (!stop_.stop_possible()) {
    narrower.stop_ = std::move(stop);
    return narrower;
  }
  auto link = std::make_shared<const Link>(stop_, std::move(stop), link_);
  narrower.stop_ = link->source.get_token();
  narrower.link_ = std::move(link);
  return narrower;
}

Context Context::with_trace(std::string trace_id) const {
  Context narrower = *this;
  auto details = details_ ? std::make_shared<Details>(*details_) : std::make_shared<Details>();
  details->trace_id = std::move(trace_id);
  narrower.details_ = std::move(details);
  return narrower;
}

Context Context::with_fields(std::vector<base::LogField> fields) const {
  Context narrower = *this;
  auto details = details_ ? std::make_shared<Details>(*details_) : std::make_shared<Details>();
  for (base::LogField& field : fields) details->fields.push_back(std::move(field));
  narrower.details_ = std::move(details);
  return narrower;
}

base::Status Context::check() const {
  if (stop_.stop_requested()) return base::Error(base::Code::kCancelled, "stopped");
  if (deadline_ != kNever && clock_->now() >= deadline_) {
    return base::Error(base::Code::kDeadlineExceeded, "the deadline has passed");
  }
  return base::ok();
}

Duration Context::remaining() const {
  if (deadline_ == kNever) return Duration::max();
  return std::max(deadline_ - clock_->now(), Duration::zero());
}

const std::string& Context::trace_id() const {
  static const std::string none;
  return details_ ? details_->trace_id : none;
}

base::Logger Context::logger(const base::Logger& logger) const {
  if (!details_) return logger;
  std::vector<base::LogField> fields;
  if (!details_->trace_id.empty()) fields.emplace_back("trace", details_->trace_id);
  fields.insert(fields.end(), details_->fields.begin(), details_->fields.end());
  return logger.with(std::move(fields));
}

}  // namespace plumb::env
