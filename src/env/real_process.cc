#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <vector>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "env/child_process.h"
#include "env/errno_error.h"
#include "env/process.h"
#include "env/process_output.h"

namespace plumb::env {
namespace {

constexpr size_t kChunk = 64 * 1024;

// A write to a pipe that nobody reads must be an error of the write, not a signal that ends us:
// SIGPIPE is blocked for this thread, and one that came is taken back.
class NoSigpipe {
 public:
  NoSigpipe() {
    sigemptyset(&sigpipe_);
    sigaddset(&sigpipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &sigpipe_, &before_);
  }
  ~NoSigpipe() {
    const timespec now{};
    if (!was_pending_) sigtimedwait(&sigpipe_, nullptr, &now);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoSigpipe(const NoSigpipe&) = delete;
  NoSigpipe& operator=(const NoSigpipe&) = delete;

 private:
  sigset_t sigpipe_;
  sigset_t before_;
  bool was_pending_ = false;
};

Duration duration_of(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

// Feeds a child, listens to it, and sees it out.
class Supervisor {
 public:
  Supervisor(const Context& context, const Clock& clock, const Command& command, Child child,
             int stop_event)
      : context_(context),
        clock_(clock),
        command_(command),
        child_(std::move(child)),
        stop_event_(stop_event),
        output_(command.output_limit, command.on_output_line),
        error_output_(command.error_output_limit),
        unwritten_(command.input) {}

  base::Result<Finished> supervise() {
    const NoSigpipe no_sigpipe;
    while (!exited_) {
      enforce_end();
      wait_for_something();
      feed();
      listen(child_.output, output_);
      listen(child_.error_output, error_output_);
    }
    // The process is a zombie until it is reaped, so its group's id cannot be another's yet.
    kill(-child_.pid, SIGKILL);
    listen(child_.output, output_);
    listen(child_.error_output, error_output_);
    return reap();
  }

 private:
  // Asks the group to end once the context has, and makes it after the grace.
  void enforce_end() {
    if (!ended_) {
      base::Status checked = context_.check();
      if (checked.ok()) return;
      ended_ = std::move(checked).error();
      kill(-child_.pid, SIGTERM);
      kill_at_ = saturating_add(clock_.now(), command_.grace);
    }
    if (clock_.now() < kill_at_) return;
    kill(-child_.pid, SIGKILL);
    kill_at_ = kNever;
  }

  void wait_for_something() {
    std::array<pollfd, 5> polled = {
        pollfd{child_.process.number(), POLLIN, 0}, pollfd{child_.input.number(), POLLOUT, 0},
        pollfd{child_.output.number(), POLLIN, 0}, pollfd{child_.error_output.number(), POLLIN, 0},
        pollfd{ended_ ? -1 : stop_event_, POLLIN, 0}};
    const MonotonicTime until = ended_ ? kill_at_ : context_.deadline();
    const Duration left = std::max(until - clock_.now(), Duration::zero());
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    const timespec timeout{static_cast<time_t>(seconds.count()),
                           static_cast<long>((left - seconds).count())};
    if (ppoll(polled.data(), polled.size(), until == kNever ? nullptr : &timeout, nullptr) > 0) {
      exited_ = polled[0].revents != 0;
    }
  }

  // Writes input until the pipe is full, or nobody wants more.
  void feed() {
    while (child_.input.open() && !unwritten_.empty()) {
      const ssize_t count = write(child_.input.number(), unwritten_.data(), unwritten_.size());
      if (count >= 0) {
        unwritten_.remove_prefix(static_cast<size_t>(count));
      } else if (errno == EAGAIN) {
        return;
      } else if (errno != EINTR) {
        child_.input.close();
      }
    }
    child_.input.close();
  }

  // Reads what is there, but no more than a pipe can hold: a process that left the group may write
  // for ever.
  void listen(FileDescriptor& pipe, ProcessOutput& output) {
    constexpr int kMostChunks = 16;
    for (int chunk = 0; chunk < kMostChunks && pipe.open(); ++chunk) {
      const ssize_t count = read(pipe.number(), buffer_.data(), buffer_.size());
      if (count > 0) {
        output.add({buffer_.data(), static_cast<size_t>(count)});
      } else if (count < 0 && errno == EAGAIN) {
        return;
      } else if (count == 0 || errno != EINTR) {
        pipe.close();
      }
    }
  }

  base::Result<Finished> reap() {
    int status = 0;
    rusage used{};
    pid_t reaped = 0;
    do reaped = wait4(child_.pid, &status, 0, &used);
    while (reaped < 0 && errno == EINTR);
    const std::string doing = "run " + command_.argv.front();
    if (reaped < 0) return errno_error(errno, doing + ": wait for it");
    Finished finished;
    if (WIFSIGNALED(status)) {
      finished.signal = WTERMSIG(status);
    } else {
      finished.exit_code = WEXITSTATUS(status);
    }
    finished.output = output_.finish();
    finished.error_output = error_output_.finish();
    finished.output_truncated = output_.truncated();
    finished.error_output_truncated = error_output_.truncated();
    finished.usage = {.user_time = duration_of(used.ru_utime),
                      .system_time = duration_of(used.ru_stime),
                      .max_resident_bytes = static_cast<uint64_t>(used.ru_maxrss) * 1024};
    if (ended_) return std::move(*ended_).while_doing(doing);
    return finished;
  }

  const Context& context_;
  const Clock& clock_;
  const Command& command_;
  Child child_;
  const int stop_event_;  // readable once the context was stopped
  ProcessOutput output_;
  ProcessOutput error_output_;
  std::vector<char> buffer_ = std::vector<char>(kChunk);
  std::string_view unwritten_;        // view: of command_, which outlives this
  std::optional<base::Error> ended_;  // why the context ended, once the group was told
  MonotonicTime kill_at_ = kNever;
  bool exited_ = false;
};

}  // namespace

base::Result<Finished> RealProcesses::run(const Context& context, const Command& command) {
  assert_may_block("Processes::run");
  PLUMB_CHECK_OK(check_command(command));
  PLUMB_CHECK_OK(context.check());
  const FileDescriptor stop_event(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!stop_event.open()) return errno_error(errno, "run " + command.argv.front());
  const StopCallback on_stop(context.stop(), [&] { eventfd_write(stop_event.number(), 1); });

  base::Result<Finished> finished = base::internal("not run");
  executor_.run_blocking("Processes::run", [&] {
    base::Result<Child> child = start_child(command);
    if (!child.ok()) {
      finished = std::move(child).error();
      return;
    }
    Supervisor supervisor(context, executor_.clock(), command, *std::move(child),
                          stop_event.number());
    finished = supervisor.supervise();
  });
  return finished;
}

}  // namespace plumb::env
