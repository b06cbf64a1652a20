#include "env/child_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <string>
#include <vector>

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "env/errno_error.h"

namespace plumb::env {
namespace {

// What a child could not do before it became the program.
enum class Step : int { kParent, kDirectory, kLimits, kPipes, kExec };

struct Failure {
  Step step;
  int error_number;
};

// Everything the child needs, prepared by the parent: between vfork and exec nothing may allocate.
struct Plan {
  const char* program;
  char* const* argv;
  char* const* environment;
  const char* directory;  // null: stay
  const rlimit* cpu;      // null: inherit
  const rlimit* memory;
  pid_t parent;
  std::array<int, 3> standard;  // become descriptors 0, 1 and 2
  int report;                   // where a Failure is written; closed by exec
};

[[noreturn]] void fail(const Plan& plan, Step step) {
  const Failure failure{step, errno};
  static_cast<void>(!write(plan.report, &failure, sizeof failure));
  _exit(127);
}

// The child's side: system calls only, in memory that is still the parent's. It writes to nothing
// but its own frames, and leaves by exec or _exit; posix_spawn knows neither limits nor
// PR_SET_PDEATHSIG.
[[noreturn]] void become(const Plan& plan) {
  setsid();
  // Signals: ours may be ignored or blocked; a program expects the defaults.
  for (int signal = 1; signal < NSIG; ++signal) {
    struct sigaction action{};
    action.sa_handler = SIG_DFL;
    sigaction(signal, &action, nullptr);  // fails for SIGKILL and the like
  }
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) fail(plan, Step::kParent);
  if (getppid() != plan.parent) _exit(127);  // it died before the line above
  for (int i = 0; i < 3; ++i) {
    if (dup2(plan.standard[static_cast<size_t>(i)], i) < 0) fail(plan, Step::kPipes);
  }
  // Every descriptor of ours closes on exec; those of careless libraries are made to.
  close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
  if (plan.directory != nullptr && chdir(plan.directory) != 0) fail(plan, Step::kDirectory);
  if (plan.cpu != nullptr && setrlimit(RLIMIT_CPU, plan.cpu) != 0) fail(plan, Step::kLimits);
  if (plan.memory != nullptr && setrlimit(RLIMIT_AS, plan.memory) != 0) fail(plan, Step::kLimits);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  execve(plan.program, plan.argv, plan.environment);
  fail(plan, Step::kExec);
}

// vfork, and not fork, so that starting a program costs the same however large we are. Signals wait
// meanwhile, or a handler of ours could run in the child, in our memory.
[[gnu::noinline]] pid_t start(const Plan& plan) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t pid = vfork();  // NOLINT(bugprone-unsafe-functions): become() says how it is safe
  if (pid == 0) become(plan);
  const int error_number = errno;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = error_number;
  return pid;
}

struct Pipe {
  FileDescriptor read;
  FileDescriptor write;
};

// Numbered from 3 on, so that no end is in the way of another that becomes 0, 1 or 2.
base::Result<FileDescriptor> above_standard(int number) {
  FileDescriptor given(number);
  if (number > 2) return given;
  FileDescriptor moved(fcntl(number, F_DUPFD_CLOEXEC, 3));
  if (!moved.open()) return errno_error(errno, "duplicate a pipe");
  return moved;
}

base::Result<Pipe> make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return errno_error(errno, "make a pipe");
  FileDescriptor second(ends[1]);
  Pipe pipe;
  PLUMB_TRY(pipe.read, above_standard(ends[0]));
  PLUMB_TRY(pipe.write, above_standard(second.release()));
  return pipe;
}

void make_nonblocking(const FileDescriptor& file) {
  fcntl(file.number(), F_SETFL, fcntl(file.number(), F_GETFL) | O_NONBLOCK);
}

bool is_program(const std::string& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) &&
         access(path.c_str(), X_OK) == 0;
}

base::Result<std::string> find_program(const Command& command) {
  const std::string& name = command.argv.front();
  if (name.find('/') != std::string::npos) return name;
  const auto path = command.environment.find("PATH");
  if (path != command.environment.end()) {
    for (const std::string_view directory : base::split(path->second, ':')) {
      if (directory.empty()) continue;  // not the working directory, whatever POSIX says
      std::string program = std::string(directory) + "/" + name;
      if (is_program(program)) return program;
    }
  }
  return base::not_found("run " + name + ": there is no such program")
      .advise(path == command.environment.end()
                  ? "give its path, or a PATH in the command's environment"
                  : "PATH is " + base::quoted(path->second));
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  result.reserve(texts.size() + 1);
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

base::Error describe(const Failure& failure, const Command& command, const std::string& program) {
  const std::string doing = "run " + command.argv.front();
  switch (failure.step) {
    case Step::kDirectory:
      return errno_error(failure.error_number, doing + " in " + command.directory);
    case Step::kLimits: return errno_error(failure.error_number, doing + ": set its limits");
    case Step::kExec: return errno_error(failure.error_number, doing + ": " + program);
    case Step::kParent:
    case Step::kPipes: break;
  }
  return errno_error(failure.error_number, doing);
}

rlimit limit_of(uint64_t value) { return {.rlim_cur = value, .rlim_max = value}; }

// Waits for the child to become the program. If it could not, it has exited and is cleaned up.
base::Status await_exec(pid_t pid, const FileDescriptor& report, const Command& command,
                        const std::string& program) {
  Failure failure{};
  ssize_t count = 0;
  do count = read(report.number(), &failure, sizeof failure);
  while (count < 0 && errno == EINTR);
  if (count == 0) return base::ok();
  while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  return describe(failure, command, program);
}

}  // namespace

base::Result<Child> start_child(const Command& command) {
  PLUMB_TRY(const std::string program, find_program(command));
  std::vector<std::string> arguments = command.argv;
  std::vector<std::string> variables;
  variables.reserve(command.environment.size());
  for (const auto& [name, value] : command.environment) {
    variables.push_back(name);
    variables.back().append("=").append(value);
  }
  const std::vector<char*> argv = pointers(arguments);
  const std::vector<char*> environment = pointers(variables);
  const rlimit cpu =
      limit_of(command.cpu_limit ? static_cast<uint64_t>(command.cpu_limit->count()) : 0);
  const rlimit memory = limit_of(command.memory_limit.value_or(0));
  PLUMB_TRY(Pipe input, make_pipe());
  PLUMB_TRY(Pipe output, make_pipe());
  PLUMB_TRY(Pipe error_output, make_pipe());
  PLUMB_TRY(Pipe report, make_pipe());

  const pid_t pid =
      start({.program = program.c_str(),
             .argv = argv.data(),
             .environment = environment.data(),
             .directory = command.directory.empty() ? nullptr : command.directory.c_str(),
             .cpu = command.cpu_limit ? &cpu : nullptr,
             .memory = command.memory_limit ? &memory : nullptr,
             .parent = getpid(),
             .standard = {input.read.number(), output.write.number(), error_output.write.number()},
             .report = report.write.number()});
  if (pid < 0) return errno_error(errno, "run " + command.argv.front());
  report.write.close();
  PLUMB_CHECK_OK(await_exec(pid, report.read, command, program));

  Child child;
  child.pid = pid;
  child.process = open_process(pid);
  if (!child.process.open()) {
    const int error_number = errno;
    kill(-pid, SIGKILL);
    while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
    }
    return errno_error(error_number, "watch " + command.argv.front());
  }
  child.input = std::move(input.write);
  child.output = std::move(output.read);
  child.error_output = std::move(error_output.read);
  for (const FileDescriptor* end : {&child.input, &child.output, &child.error_output}) {
    make_nonblocking(*end);
  }
  return child;
}

}  // namespace plumb::env
