#include "base/log.h"

#include <fmt/format.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/text.h"

namespace plumb::base {
namespace {

std::string_view to_string(Level level) {
  switch (level) {
    case Level::kDebug: return "debug";
    case Level::kInfo: return "info";
    case Level::kWarning: return "warning";
    case Level::kError: return "error";
    case Level::kOff: return "off";
  }
  return "info";
}

// Quoted where a reader or a parser of name=value would stumble.
std::string as_word(std::string_view text) {
  constexpr size_t kLimit = 4096;
  const bool plain = !text.empty() && text.size() <= kLimit &&
                     text.find_first_of(" \"=\\") == std::string_view::npos &&
                     printable(text) == text;
  return plain ? std::string(text) : quoted(text, kLimit);
}

// A JSON string; what is not UTF-8 becomes U+FFFD.
std::string as_json(std::string_view text) {
  std::string out = "\"";
  for (const char c : to_valid_utf8(text)) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<uint8_t>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string value_text(const LogField::Value& value, std::string (*text)(std::string_view)) {
  if (const auto* string = std::get_if<std::string>(&value)) return text(*string);
  if (const auto* integer = std::get_if<int64_t>(&value)) return std::to_string(*integer);
  if (const auto* natural = std::get_if<uint64_t>(&value)) return std::to_string(*natural);
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  const double number = *std::get_if<double>(&value);
  return std::isfinite(number) ? fmt::format("{}", number) : text(fmt::format("{}", number));
}

std::string json_text(const LogLine& line) {
  std::string out =
      fmt::format("\"level\":\"{}\",\"component\":{},\"message\":{}", to_string(line.level),
                  as_json(line.component), as_json(line.message));
  for (const LogField& field : line.fields) {
    out += ',' + as_json(field.name) + ':' + value_text(field.value, as_json);
  }
  return out + '}';
}

class StderrSink final : public LogSink {
 public:
  StderrSink(Level level, LogFormat format)
      : level_(level),
        format_(format),
        logger_("plumb", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    // spdlog only stamps the time (its %v is the finished line) and serialises the writes.
    logger_.set_formatter(std::make_unique<spdlog::pattern_formatter>(
        format == LogFormat::kText ? "%Y-%m-%dT%H:%M:%S.%eZ %v"
                                   : "{\"time\":\"%Y-%m-%dT%H:%M:%S.%eZ\",%v",
        spdlog::pattern_time_type::utc));
    logger_.flush_on(spdlog::level::info);
  }

  bool wants(Level level) const override { return level != Level::kOff && level >= level_; }

  void write(const LogLine& line) override {
    if (format_ == LogFormat::kJson) {
      logger_.info("{}", json_text(line));
    } else if (line.component.empty()) {
      logger_.info("{} {}", to_string(line.level), line.text());
    } else {
      logger_.info("{} {} {}", to_string(line.level), line.component, line.text());
    }
  }

 private:
  const Level level_;
  const LogFormat format_;
  spdlog::logger logger_;
};

}  // namespace

std::string LogLine::text() const {
  std::string out;
  for (const char c : message) out += c == '\n' || c == '\r' ? ' ' : c;
  out = printable(out);
  for (const LogField& field : fields) {
    out += ' ' + field.name + '=' + value_text(field.value, as_word);
  }
  return out;
}

std::shared_ptr<LogSink> stderr_sink(Level level, LogFormat format) {
  return std::make_shared<StderrSink>(level, format);
}

Logger Logger::component(std::string name) const {
  Logger child = *this;
  child.component_ = std::move(name);
  return child;
}

Logger Logger::with(std::vector<LogField> fields) const {
  Logger child = *this;
  child.fields_.insert(child.fields_.end(), std::make_move_iterator(fields.begin()),
                       std::make_move_iterator(fields.end()));
  return child;
}

void Logger::log(Level level, std::string_view message, std::vector<LogField> fields) const {
  if (!wants(level)) return;
  LogLine line{level, component_, std::string(message), fields_};
  line.fields.insert(line.fields.end(), std::make_move_iterator(fields.begin()),
                     std::make_move_iterator(fields.end()));
  sink_->write(line);
}

void Logger::debug(std::string_view message, std::initializer_list<LogField> fields) const {
  if (wants(Level::kDebug)) log(Level::kDebug, message, fields);
}

void Logger::info(std::string_view message, std::initializer_list<LogField> fields) const {
  if (wants(Level::kInfo)) log(Level::kInfo, message, fields);
}

void Logger::warning(std::string_view message, std::initializer_list<LogField> fields) const {
  if (wants(Level::kWarning)) log(Level::kWarning, message, fields);
}

void Logger::error(std::string_view message, std::initializer_list<LogField> fields) const {
  if (wants(Level::kError)) log(Level::kError, message, fields);
}

}  // namespace plumb::base
