#include "env/process.h"

#include <cstring>
#include <utility>

#include "base/text.h"
#include "env/process_output.h"

namespace plumb::env {

std::string Finished::text() const {
  if (signal == 0) return "exited with " + std::to_string(exit_code);
  const char* description = sigdescr_np(signal);
  return "was killed by signal " + std::to_string(signal) + " (" +
         (description != nullptr ? description : "unknown") + ")";
}

base::Status check_command(const Command& command) {
  if (command.argv.empty() || command.argv.front().empty()) {
    return base::invalid("run: no program is named");
  }
  const auto has_nul = [](const std::string& text) { return text.find('\0') != std::string::npos; };
  bool nul = has_nul(command.directory);
  for (const std::string& argument : command.argv) nul |= has_nul(argument);
  for (const auto& [name, value] : command.environment) {
    nul |= has_nul(name) || has_nul(value);
    if (name.empty() || name.find('=') != std::string::npos) {
      return base::invalid("run " + command.argv.front() + ": " + base::quoted(name) +
                           " cannot be the name of an environment variable");
    }
  }
  if (nul) return base::invalid("run " + base::quoted(command.argv.front()) + ": a NUL byte");
  return base::ok();
}

void ProcessOutput::collect(std::string_view bytes) {
  const size_t room = limit_ - held_.size();
  truncated_ |= bytes.size() > room;
  held_ += bytes.substr(0, room);
}

void ProcessOutput::add(std::string_view bytes) {
  if (!on_line_) return collect(bytes);
  while (!bytes.empty()) {
    const size_t end = bytes.find('\n');
    collect(bytes.substr(0, end));
    if (end == std::string_view::npos) return;
    on_line_(held_);
    held_.clear();
    bytes.remove_prefix(end + 1);
  }
}

std::string ProcessOutput::finish() {
  if (on_line_ && !held_.empty()) {
    on_line_(held_);
    held_.clear();
  }
  return std::move(held_);
}

void SimulatedProcesses::add(std::string name, Program program) {
  programs_.insert_or_assign(std::move(name), std::move(program));
}

base::Result<Finished> SimulatedProcesses::run(const Context& context, const Command& command) {
  assert_may_block("Processes::run");
  PLUMB_CHECK_OK(check_command(command));
  PLUMB_CHECK_OK(context.check());
  const auto program = programs_.find(command.argv.front());
  if (program == programs_.end()) {
    return base::not_found("run " + command.argv.front() + ": there is no such program");
  }
  commands_.push_back(command);
  Performance performance = program->second(command);
  base::Status waited = executor_.sleep_for(context, performance.duration);
  if (!waited.ok()) return std::move(waited).error().while_doing("run " + command.argv.front());

  Finished finished = std::move(performance.finished);
  ProcessOutput output(command.output_limit, command.on_output_line);
  ProcessOutput error_output(command.error_output_limit);
  output.add(finished.output);
  error_output.add(finished.error_output);
  finished.output = output.finish();
  finished.error_output = error_output.finish();
  finished.output_truncated = output.truncated();
  finished.error_output_truncated = error_output.truncated();
  return finished;
}

}  // namespace plumb::env
