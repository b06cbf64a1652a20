#include "base/result.h"

#include <cstdio>
#include <cstdlib>

namespace plumb::base {

std::string_view to_string(Code code) {
  switch (code) {
    case Code::kInvalid: return "invalid";
    case Code::kNotFound: return "not found";
    case Code::kAlreadyExists: return "already exists";
    case Code::kConflict: return "conflict";
    case Code::kUnauthenticated: return "not authenticated";
    case Code::kForbidden: return "forbidden";
    case Code::kGone: return "gone";
    case Code::kTooLarge: return "too large";
    case Code::kUnsupported: return "not supported";
    case Code::kDeadlineExceeded: return "deadline exceeded";
    case Code::kCancelled: return "cancelled";
    case Code::kUnavailable: return "unavailable";
    case Code::kThrottled: return "throttled";
    case Code::kInternal: return "internal error";
  }
  return "unknown";
}

namespace {

bool transient_by_default(Code code) {
  switch (code) {
    case Code::kConflict:
    case Code::kGone:
    case Code::kDeadlineExceeded:
    case Code::kUnavailable:
    case Code::kThrottled: return true;
    default: return false;
  }
}

}  // namespace

namespace detail {

void value_of_failed(const Error& error) {
  std::fprintf(stderr, "plumb: took the value of a failed result: %s\n", error.text().c_str());
  std::abort();
}

void error_of_success() {
  std::fputs("plumb: took the error of a result that has none\n", stderr);
  std::abort();
}

}  // namespace detail

std::string Place::text() const {
  std::string out = file;
  if (line > 0) {
    if (out.empty())
      out = "line ";
    else
      out += ':';
    out += std::to_string(line);
    if (column > 0) out += ':' + std::to_string(column);
  }
  if (!commit.empty()) {
    constexpr size_t kShortCommit = 10;
    if (!out.empty()) out += ' ';
    out += "(commit " + commit.substr(0, kShortCommit) + ')';
  }
  if (!field.empty()) {
    if (!out.empty()) out += ' ';
    out += field;
  }
  return out;
}

Error::Error(Code code, std::string message)
    : details_(std::make_unique<Details>(
          Details{code, transient_by_default(code), std::move(message), {}, {}, {}})) {}

Error::Error(const Error& other) : details_(std::make_unique<Details>(*other.details_)) {}

Error& Error::operator=(const Error& other) {
  if (this != &other) details_ = std::make_unique<Details>(*other.details_);
  return *this;
}

Error&& Error::at(Place place) && {
  details_->place = std::move(place);
  return std::move(*this);
}

Error&& Error::field(std::string path) && {
  details_->place.field = std::move(path);
  return std::move(*this);
}

Error&& Error::on(std::string object) && {
  details_->object = std::move(object);
  return std::move(*this);
}

Error&& Error::advise(std::string advice) && {
  details_->advice = std::move(advice);
  return std::move(*this);
}

Error&& Error::as_transient(bool transient) && {
  details_->transient = transient;
  return std::move(*this);
}

Error&& Error::while_doing(std::string_view doing) && {
  details_->message = std::string(doing) + ": " + details_->message;
  return std::move(*this);
}

std::string Error::text() const {
  std::string out;
  if (!object().empty()) out += object() + ": ";
  if (!place().empty()) out += place().text() + ": ";
  out += message();
  if (!advice().empty()) out += "; " + advice();
  return out;
}

Error invalid(std::string message) { return {Code::kInvalid, std::move(message)}; }
Error not_found(std::string message) { return {Code::kNotFound, std::move(message)}; }
Error conflict(std::string message) { return {Code::kConflict, std::move(message)}; }
Error too_large(std::string message) { return {Code::kTooLarge, std::move(message)}; }
Error unsupported(std::string message) { return {Code::kUnsupported, std::move(message)}; }
Error unavailable(std::string message) { return {Code::kUnavailable, std::move(message)}; }
Error internal(std::string message) { return {Code::kInternal, std::move(message)}; }

}  // namespace plumb::base
