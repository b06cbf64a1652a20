// How a function of Plumbline fails: Result<T> holds a T or an Error.
//
// No exception crosses a folder. A function that can fail returns Result<T>; a caller either
// handles the error or passes it on with PLUMB_TRY. Ignoring one does not compile.
//
// A good error says what was wrong, where (object, place) and what to do:
//
//   return base::invalid("replicas is \"three\", want an integer").at({"apps/web.yaml", 12, 13});
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace plumb::base {

// What kind of failure this is; decides exit codes, HTTP codes and whether waiting helps.
enum class Code {
  kInvalid,  // the input is wrong; it stays wrong until somebody changes it
  kNotFound,
  kAlreadyExists,
  kConflict,         // somebody else changed or owns it
  kUnauthenticated,  // we could not prove who we are
  kForbidden,        // we are known, and may not
  kGone,             // it was there; what we hold of it is too old (a watch's 410)
  kTooLarge,         // over a limit that protects memory
  kUnsupported,      // understood, and not done here
  kDeadlineExceeded,
  kCancelled,
  kUnavailable,  // the other side does not answer, or says: later
  kThrottled,    // the other side says: slower
  kInternal,     // a mistake of ours
};

// "invalid", "not found", …: as printed before a message.
std::string_view to_string(Code code);

// Where in the sources an error is. Every part may be empty (lines and columns count from 1; 0 is
// unknown; a column counts characters, not bytes).
struct Place {
  std::string file;
  int line = 0;
  int column = 0;
  std::string commit;  // full or short id of the Git commit the file was read from
  std::string field;   // path of the field, as "spec.template.spec.containers[0].image"

  bool empty() const { return file.empty() && line == 0 && commit.empty() && field.empty(); }
  // "apps/web.yaml:12:13 (commit 3f2a91c) spec.replicas"
  std::string text() const;
  bool operator==(const Place&) const = default;
};

// A failure as a value: small (one pointer), cheap to move, copied only on purpose.
class [[nodiscard]] Error {
 public:
  Error(Code code, std::string message);
  Error(const Error& other);
  Error& operator=(const Error& other);
  Error(Error&&) noexcept = default;
  Error& operator=(Error&&) noexcept = default;
  ~Error() = default;

  Code code() const { return details_->code; }
  // The bare sentence, without object and place.
  const std::string& message() const { return details_->message; }
  const std::string& object() const { return details_->object; }
  const Place& place() const { return details_->place; }
  // What the reader can do about it; may be empty.
  const std::string& advice() const { return details_->advice; }

  // True if the same call may succeed later with nothing changed: it is retried with back-off.
  // A terminal error waits for a change of its input. The default follows from the code.
  bool transient() const { return details_->transient; }

  // Builders, so that an error is one expression. Each replaces what was there.
  Error&& at(Place place) &&;
  Error&& field(std::string path) &&;
  Error&& on(std::string object) &&;  // "Deployment shop/web"
  Error&& advise(std::string advice) &&;
  Error&& as_transient(bool transient) &&;
  // Puts "doing: " before the message; the innermost cause stays last.
  Error&& while_doing(std::string_view doing) &&;

  // One line: "Deployment shop/web: apps/web.yaml:12:13: message; advice".
  std::string text() const;

 private:
  struct Details {
    Code code;
    bool transient;
    std::string message;
    std::string object;
    std::string advice;
    Place place;
  };
  std::unique_ptr<Details> details_;  // null only after a move
};

// The codes used most, by name.
Error invalid(std::string message);
Error not_found(std::string message);
Error conflict(std::string message);
Error too_large(std::string message);
Error unsupported(std::string message);
Error unavailable(std::string message);
Error internal(std::string message);

namespace detail {
// Prints the error and ends the program: a value was taken from a failed Result.
[[noreturn]] void value_of_failed(const Error& error);
// The error of a success was asked for.
[[noreturn]] void error_of_success();
}  // namespace detail

// A T, or why there is none. T may be a move-only type; for "nothing, or why not" use Result<>.
template <typename T = std::monostate>
class [[nodiscard]] Result {
 public:
  // Implicit: a value and an error are results.
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  template <typename U>
    requires(std::convertible_to<U, T> && !std::same_as<std::remove_cvref_t<U>, T> &&
             !std::same_as<std::remove_cvref_t<U>, Error> &&
             !std::same_as<std::remove_cvref_t<U>, Result>)
  // NOLINTNEXTLINE(bugprone-forwarding-reference-overload): constrained above
  Result(U&& value) : state_(std::in_place_index<0>, std::forward<U>(value)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // Only if ok(); the program ends otherwise.
  T& value() & { return checked(*this); }
  const T& value() const& { return checked(*this); }
  T&& value() && { return std::move(checked(*this)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  T value_or(T fallback) && { return ok() ? std::move(*this).value() : std::move(fallback); }

  // Only if not ok(); the program ends otherwise.
  const Error& error() const& { return failure(*this); }
  Error&& error() && { return std::move(failure(*this)); }

 private:
  static auto& checked(auto& self) {
    if (!self.ok()) [[unlikely]]
      detail::value_of_failed(self.error());
    return *std::get_if<0>(&self.state_);
  }

  static auto& failure(auto& self) {
    if (self.ok()) [[unlikely]]
      detail::error_of_success();
    return *std::get_if<1>(&self.state_);
  }

  std::variant<T, Error> state_;
};

using Status = Result<>;

// The success of a Result<>.
inline Status ok() { return std::monostate{}; }

}  // namespace plumb::base

#define PLUMB_JOIN_(a, b) a##b
#define PLUMB_JOIN(a, b) PLUMB_JOIN_(a, b)

// PLUMB_TRY(auto value, expression): declares value, or returns the expression's error.
#define PLUMB_TRY(declaration, ...) \
  PLUMB_TRY_(PLUMB_JOIN(plumb_try_, __COUNTER__), declaration, __VA_ARGS__)
#define PLUMB_TRY_(result, declaration, ...)          \
  auto result = (__VA_ARGS__);                        \
  if (!result.ok()) return std::move(result).error(); \
  declaration = std::move(result).value()

// PLUMB_CHECK_OK(expression): returns the expression's error, if it is one.
#define PLUMB_CHECK_OK(...)                                           \
  do {                                                                \
    auto plumb_checked = (__VA_ARGS__);                               \
    if (!plumb_checked.ok()) return std::move(plumb_checked).error(); \
  } while (false)
