// What only real processes can get wrong: signals, groups, pipes, descriptors, limits.
#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include <dirent.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "env/file_descriptor.h"
#include "env/process.h"
#include "env/thread_executor.h"

namespace plumb::env {
namespace {

using namespace std::chrono_literals;
using base::Code;

// Waits until a process that need not be our child has exited.
void await_exit(pid_t pid) {
  const FileDescriptor process = open_process(pid);
  if (!process.open()) return;  // gone, and forgotten
  pollfd polled{process.number(), POLLIN, 0};
  while (poll(&polled, 1, -1) != 1) {
  }
}

int open_descriptors() {
  int count = 0;
  DIR* directory = opendir("/proc/self/fd");
  while (readdir(directory) != nullptr) ++count;
  closedir(directory);
  return count;
}

class RealProcessesTest : public ::testing::Test {
 protected:
  static Command shell(const std::string& script) {
    return {.argv = {"/bin/sh", "-c", script}, .environment = {{"PATH", "/usr/bin:/bin"}}};
  }
  Finished run(const Command& command) {
    auto finished = processes_.run(executor_.context(), command);
    EXPECT_TRUE(finished.ok()) << finished.error().text();
    return finished.ok() ? *std::move(finished) : Finished();
  }
  // Runs a script that prints process ids, one a line, and stops it when it has printed `count`.
  // Returns once all of them have exited.
  void stop_after_ids(const std::string& script, size_t count) {
    StopSource stop;
    std::vector<pid_t> ids;
    Command command = shell(script);
    command.grace = 1ms;
    command.on_output_line = [&](std::string_view line) {
      ids.push_back(static_cast<pid_t>(base::parse_int(line).value_or(-1)));
      if (ids.size() == count) stop.request_stop();
    };
    const auto finished = processes_.run(executor_.context().with_stop(stop.get_token()), command);
    ASSERT_FALSE(finished.ok());
    EXPECT_EQ(finished.error().code(), Code::kCancelled);
    EXPECT_EQ(finished.error().message(), "run /bin/sh: stopped");
    ASSERT_EQ(ids.size(), count);
    for (const pid_t id : ids) {
      ASSERT_GT(id, 0);
      await_exit(id);
    }
  }

  ThreadExecutor executor_;
  RealProcesses processes_{executor_};
};

TEST_F(RealProcessesTest, StoppingKillsAProcessThatIgnoresSigterm) {
  stop_after_ids("trap '' TERM; echo $$; while :; do sleep 1000000; done", 1);
}

TEST_F(RealProcessesTest, StoppingKillsTheWholeGroup) {
  stop_after_ids("trap '' TERM; sleep 1000000 & echo $!; sleep 1000001 & echo $!; echo $$; wait",
                 3);
}

TEST_F(RealProcessesTest, AProcessMayEndInGoodOrderAfterSigterm) {
  StopSource stop;
  std::vector<std::string> lines;
  Command command = shell("trap 'echo tidied; exit 0' TERM; echo ready; sleep 1000000 & wait");
  command.grace = 1000h;
  command.on_output_line = [&](std::string_view line) {
    lines.emplace_back(line);
    stop.request_stop();
  };
  const auto finished = processes_.run(executor_.context().with_stop(stop.get_token()), command);
  ASSERT_FALSE(finished.ok());
  EXPECT_EQ(finished.error().code(), Code::kCancelled);
  EXPECT_EQ(lines, (std::vector<std::string>{"ready", "tidied"}));
}

TEST_F(RealProcessesTest, SigtermReachesTheWholeGroup) {
  StopSource stop;
  std::vector<std::string> lines;
  Command command = shell(
      "trap : TERM;"
      "(trap 'echo member; exit 0' TERM; echo ready; sleep 1000000 & wait) &"
      "while ! wait $!; do :; done");
  command.grace = 1000h;
  command.on_output_line = [&](std::string_view line) {
    lines.emplace_back(line);
    stop.request_stop();
  };
  const auto finished = processes_.run(executor_.context().with_stop(stop.get_token()), command);
  EXPECT_FALSE(finished.ok());
  EXPECT_EQ(lines, (std::vector<std::string>{"ready", "member"}));
}

TEST_F(RealProcessesTest, WhatIsLeftOfTheGroupIsKilledAndItsPipesNotWaitedFor) {
  const Finished finished = run(shell("sleep 1000000 & echo $!"));
  EXPECT_TRUE(finished.success());
  const auto left = base::parse_int(base::trim(finished.output));
  ASSERT_TRUE(left.has_value()) << finished.output;
  await_exit(static_cast<pid_t>(*left));
}

TEST_F(RealProcessesTest, AProcessThatLeftTheGroupIsNotWaitedFor) {
  const Finished finished = run(shell("setsid sleep 1000000 & echo $!; sleep 0"));
  EXPECT_TRUE(finished.success());
  const auto left = base::parse_int(base::trim(finished.output));
  ASSERT_TRUE(left.has_value()) << finished.output;
  kill(static_cast<pid_t>(*left), SIGKILL);
}

TEST_F(RealProcessesTest, AProgramDiesWithUs) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  FileDescriptor read_end(ends[0]);
  FileDescriptor write_end(ends[1]);
  executor_.shutdown();  // no threads while forking
  const pid_t us = fork();
  if (us == 0) {
    ThreadExecutor executor;
    RealProcesses processes(executor);
    Command command = shell("echo $$; exec sleep 1000000");
    command.on_output_line = [&](std::string_view line) {
      const std::string text = std::string(line) + "\n";
      static_cast<void>(!write(write_end.number(), text.data(), text.size()));
    };
    static_cast<void>(processes.run(executor.context(), command));
    _exit(1);
  }
  ASSERT_GT(us, 0);
  write_end.close();
  std::string printed;
  char byte = 0;
  while (read(read_end.number(), &byte, 1) == 1 && byte != '\n') printed += byte;
  const auto program = base::parse_int(printed);
  ASSERT_TRUE(program.has_value()) << printed;
  kill(us, SIGKILL);
  EXPECT_EQ(waitpid(us, nullptr, 0), us);
  await_exit(static_cast<pid_t>(*program));
}

TEST_F(RealProcessesTest, InputThatNobodyReadsIsNoError) {
  Command command = shell("exec <&-; echo done");
  command.input = std::string(1 << 20, 'x');
  EXPECT_EQ(run(command).output, "done\n");
}

TEST_F(RealProcessesTest, ClosedOutputsAreNotWaitedFor) {
  EXPECT_EQ(run(shell("exec >&- 2>&-; exit 4")).exit_code, 4);
}

TEST_F(RealProcessesTest, AProgramInheritsNoDescriptors) {
  const FileDescriptor careless(open("/dev/null", O_RDONLY));  // without O_CLOEXEC
  ASSERT_TRUE(careless.open());
  EXPECT_EQ(run(shell("ls /proc/self/fd")).output, "0\n1\n2\n3\n");  // 3 is the listed directory
}

TEST_F(RealProcessesTest, AProgramStartsWithDefaultSignals) {
  signal(SIGPIPE, SIG_IGN);
  const Finished finished = run(shell("grep -E '^Sig(Blk|Ign)' /proc/self/status"));
  signal(SIGPIPE, SIG_DFL);
  EXPECT_EQ(finished.output, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST_F(RealProcessesTest, AProgramHasASessionOfItsOwn) {
  const Finished finished = run(shell("echo $$; cut -d' ' -f5,6 /proc/$$/stat"));
  const std::string id = finished.output.substr(0, finished.output.find('\n'));
  EXPECT_EQ(finished.output, id + "\n" + id + " " + id + "\n");
}

TEST_F(RealProcessesTest, OurDescriptorsAreClosedAgain) {
  const auto run_several = [&] {
    run(shell("cat"));
    run(shell("exit 1"));
    static_cast<void>(processes_.run(executor_.context(), {.argv = {"/no/such/program"}}));
    static_cast<void>(
        processes_.run(executor_.context().with_timeout(1ms), shell("sleep 1000000")));
  };
  run_several();
  const int before = open_descriptors();
  for (int i = 0; i < 5; ++i) run_several();
  EXPECT_EQ(open_descriptors(), before);
}

TEST_F(RealProcessesTest, FindsProgramsInTheGivenPathOnly) {
  EXPECT_EQ(
      run({.argv = {"echo", "x"}, .environment = {{"PATH", "/nowhere:/usr/bin:/bin"}}}).output,
      "x\n");
  const auto no_path = processes_.run(executor_.context(), {.argv = {"echo"}});
  ASSERT_FALSE(no_path.ok());
  EXPECT_EQ(no_path.error().code(), Code::kNotFound);
  EXPECT_NE(no_path.error().advice().find("PATH"), std::string::npos);
}

TEST_F(RealProcessesTest, SaysWhyAProgramDidNotStart) {
  Command command = shell("true");
  command.directory = "/no/such/directory";
  const auto no_directory = processes_.run(executor_.context(), command);
  ASSERT_FALSE(no_directory.ok());
  EXPECT_EQ(no_directory.error().message(),
            "run /bin/sh in /no/such/directory: No such file or directory");
  const auto no_program = processes_.run(executor_.context(), {.argv = {"/etc"}});
  ASSERT_FALSE(no_program.ok());
  EXPECT_EQ(no_program.error().message(), "run /etc: /etc: Permission denied");
  EXPECT_EQ(no_program.error().code(), Code::kForbidden);
}

TEST_F(RealProcessesTest, RunsInItsDirectory) {
  Command command = shell("pwd");
  command.directory = "/usr";
  EXPECT_EQ(run(command).output, "/usr\n");
}

TEST_F(RealProcessesTest, LimitsAreSet) {
  Command command = shell("ulimit -t; ulimit -v");
  command.cpu_limit = 7s;
  command.memory_limit = 1 << 30;
  EXPECT_EQ(run(command).output, "7\n1048576\n");
}

TEST_F(RealProcessesTest, SaysWhatAProgramUsed) {
  const Finished finished = run(shell("exit 0"));
  EXPECT_GT(finished.usage.max_resident_bytes, 0);
}

}  // namespace
}  // namespace plumb::env
