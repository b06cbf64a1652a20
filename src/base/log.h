// How the program speaks to whoever runs it: one line an event, a sentence and named fields.
//
//   log_.info("applied", {{"delivery", key}, {"objects", 12}});
//
// A Logger is a cheap handle that is passed by constructor; with() makes a child that adds fields
// to all its lines, component() one that speaks for a folder. Levels are set for the whole sink.
// Any thread may log. A secret is never a field: its type has no conversion to Field's value.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace plumb::base {

enum class Level { kDebug, kInfo, kWarning, kError, kOff };

struct LogField {
  using Value = std::variant<std::string, int64_t, uint64_t, double, bool>;

  template <std::integral T>
    requires(!std::same_as<T, bool> && !std::same_as<T, char>)
  LogField(std::string name, T number)
      : name(std::move(name)),
        value(static_cast<std::conditional_t<std::is_signed_v<T>, int64_t, uint64_t>>(number)) {}
  LogField(std::string name, double number) : name(std::move(name)), value(number) {}
  LogField(std::string name, std::same_as<bool> auto flag) : name(std::move(name)), value(flag) {}
  LogField(std::string name, std::string text) : name(std::move(name)), value(std::move(text)) {}
  LogField(std::string name, std::string_view text)
      : LogField(std::move(name), std::string(text)) {}
  LogField(std::string name, const char* text) : LogField(std::move(name), std::string(text)) {}

  std::string name;
  Value value;
};

// One event, as a sink gets it.
struct LogLine {
  Level level = Level::kInfo;
  std::string component;
  std::string message;
  std::vector<LogField> fields;

  // `message name=value other="two words"`, as the text form prints it after time and level.
  std::string text() const;
};

// Where lines go. write() is called by any thread.
class LogSink {
 public:
  virtual ~LogSink() = default;
  virtual bool wants(Level level) const = 0;
  virtual void write(const LogLine& line) = 0;
};

enum class LogFormat { kText, kJson };

// Standard error. kText: "2026-11-21T10:00:00.123Z info engine applied objects=12"; kJson: one
// object a line with time, level, component, message and the fields beside them.
std::shared_ptr<LogSink> stderr_sink(Level level, LogFormat format);

class Logger {
 public:
  // Without a sink nothing is logged.
  Logger() = default;
  explicit Logger(std::shared_ptr<LogSink> sink) : sink_(std::move(sink)) {}

  Logger component(std::string name) const;
  Logger with(std::vector<LogField> fields) const;

  bool wants(Level level) const { return sink_ && sink_->wants(level); }
  void log(Level level, std::string_view message, std::vector<LogField> fields) const;
  void debug(std::string_view message, std::initializer_list<LogField> fields = {}) const;
  void info(std::string_view message, std::initializer_list<LogField> fields = {}) const;
  void warning(std::string_view message, std::initializer_list<LogField> fields = {}) const;
  void error(std::string_view message, std::initializer_list<LogField> fields = {}) const;

 private:
  std::shared_ptr<LogSink> sink_;
  std::string component_;
  std::vector<LogField> fields_;  // put before a line's own
};

}  // namespace plumb::base
