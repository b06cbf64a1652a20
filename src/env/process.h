// Processes: running other programs, and being sure that they are gone afterwards.
//
// run() starts a program in a session of its own (so without a terminal to ask passwords on), feeds
// it, collects what it prints, and returns when it has exited. Nothing that it started in its
// process group outlives the call: what is left when it exits is killed, and so is everything if
// the context ends first, or, the program itself at least, if we are killed. A program inherits no
// open file and no environment variable that it is not given.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "env/context.h"
#include "env/executor.h"

namespace plumb::env {

struct Command {
  // The program and its arguments. A program without "/" in its name is looked up in the PATH of
  // `environment`; a relative path starts at `directory`.
  std::vector<std::string> argv{};
  std::string directory{};  // empty: ours
  std::map<std::string, std::string> environment{};
  std::string input{};  // what it reads from standard input

  // What it prints beyond these many bytes is read and dropped.
  size_t output_limit = 64 << 20;
  size_t error_output_limit = 1 << 20;
  // If set, gets standard output line by line, without the line's end, as it comes, and none is
  // collected; output_limit is then for one line, of which the rest is dropped. Must not block.
  std::function<void(std::string_view)> on_output_line{};

  // Of the process, and of each it starts: setrlimit(2)'s RLIMIT_CPU and RLIMIT_AS.
  std::optional<std::chrono::seconds> cpu_limit{};
  std::optional<uint64_t> memory_limit{};  // bytes

  // From SIGTERM to SIGKILL when the context ends.
  Duration grace = std::chrono::seconds(5);
};

struct Usage {
  Duration user_time{};
  Duration system_time{};
  uint64_t max_resident_bytes = 0;
};

struct Finished {
  int exit_code = 0;  // if it exited by itself
  int signal = 0;     // what killed it; 0: it exited by itself
  std::string output{};
  std::string error_output{};
  bool output_truncated = false;
  bool error_output_truncated = false;
  Usage usage{};

  bool success() const { return signal == 0 && exit_code == 0; }
  // "exited with 3", "was killed by signal 9 (Killed)"
  std::string text() const;
};

class Processes {
 public:
  virtual ~Processes() = default;

  // An error means that the program did not start (kNotFound, kForbidden, …) or that the context
  // ended, which includes a program that exited in good order after SIGTERM. A program that ran and
  // failed is a Finished.
  virtual base::Result<Finished> run(const Context& context, const Command& command) = 0;
};

// Any thread.
class RealProcesses final : public Processes {
 public:
  // `executor` lends out the place of a task that runs a program.
  explicit RealProcesses(Executor& executor) : executor_(executor) {}
  base::Result<Finished> run(const Context& context, const Command& command) override;

 private:
  Executor& executor_;
};

// Programs as functions, found by argv[0] alone. One thread of a simulation.
class SimulatedProcesses final : public Processes {
 public:
  struct Performance {
    Finished finished{};  // its outputs are cut to the command's limits
    Duration duration{};
  };
  using Program = std::function<Performance(const Command&)>;

  explicit SimulatedProcesses(Executor& executor) : executor_(executor) {}

  void add(std::string name, Program program);
  base::Result<Finished> run(const Context& context, const Command& command) override;

  // All commands that were run, oldest first.
  const std::deque<Command>& commands() const { return commands_; }

 private:
  Executor& executor_;
  std::map<std::string, Program> programs_;
  std::deque<Command> commands_;
};

}  // namespace plumb::env
