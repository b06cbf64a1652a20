// What holds for both forms of Processes.
#include "env/process.h"

#include <csignal>
#include <vector>

#include <gtest/gtest.h>

#include "env/executors_for_test.h"

namespace plumb::env {
namespace {

using namespace std::chrono_literals;
using base::Code;

// Real programs: /bin/sh runs the script of that name.
class RealPrograms : public ThreadWorld {
 public:
  Processes& processes() { return processes_; }
  Command command(const std::string& name) {
    static const std::map<std::string, std::string> scripts = {
        {"cat", "exec cat"},
        {"arguments", "printf '%s|' \"$@\""},
        {"fail", "echo out; echo problem >&2; exit 3"},
        {"die", "kill -9 $$"},
        {"variable", "printf '%s' \"$GREETING\""},
        {"many", "head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2"},
        {"lines", "printf 'one\\n\\nthree\\nno end'"},
        {"forever", "sleep 1000000"},
    };
    return {.argv = {"/bin/sh", "-c", scripts.at(name), "sh"}, .grace = 1ms};
  }

 private:
  RealProcesses processes_{executor()};
};

class SimulatedPrograms : public SimulatedWorld {
 public:
  using Performance = SimulatedProcesses::Performance;

  SimulatedPrograms() {
    add("cat", [](const Command& command) { return Finished{.output = command.input}; });
    add("arguments", [](const Command& command) {
      Finished finished;
      for (size_t i = 1; i < command.argv.size(); ++i) finished.output += command.argv[i] + "|";
      return finished;
    });
    add("fail", [](const Command&) {
      return Finished{.exit_code = 3, .output = "out\n", .error_output = "problem\n"};
    });
    add("die", [](const Command&) { return Finished{.signal = SIGKILL}; });
    add("variable", [](const Command& command) {
      const auto found = command.environment.find("GREETING");
      return Finished{.output = found == command.environment.end() ? "" : found->second};
    });
    add("many", [](const Command&) {
      return Finished{.output = std::string(300000, '\0'),
                      .error_output = std::string(300000, '\0')};
    });
    add("lines", [](const Command&) { return Finished{.output = "one\n\nthree\nno end"}; });
    processes_.add("forever", [](const Command&) { return Performance{{}, Duration::max()}; });
  }
  Processes& processes() { return processes_; }
  Command command(const std::string& name) { return {.argv = {name}}; }

 private:
  void add(const std::string& name, std::function<Finished(const Command&)> program) {
    processes_.add(name, [program = std::move(program)](const Command& command) {
      return Performance{program(command), 1ms};
    });
  }

  SimulatedProcesses processes_{executor()};
};

template <typename World>
class ProcessesTest : public ::testing::Test {
 protected:
  Finished run(const Command& command) {
    Finished result;
    world_.run([&] {
      auto finished = processes_.run(executor_.context(), command);
      ASSERT_TRUE(finished.ok()) << finished.error().text();
      result = *std::move(finished);
    });
    return result;
  }
  Code code_of(const Context& context, const Command& command) {
    Code code = Code::kInternal;
    world_.run([&] {
      const auto finished = processes_.run(context, command);
      ASSERT_FALSE(finished.ok()) << finished->text();
      code = finished.error().code();
    });
    return code;
  }

  World world_;
  Executor& executor_ = world_.executor();
  Processes& processes_ = world_.processes();
};

struct FormNames {
  template <typename World>
  static std::string GetName(int) {  // NOLINT(readability-identifier-naming): gtest's name
    return std::is_same_v<World, RealPrograms> ? "Real" : "Simulated";
  }
};
using Forms = ::testing::Types<RealPrograms, SimulatedPrograms>;
TYPED_TEST_SUITE(ProcessesTest, Forms, FormNames);

TYPED_TEST(ProcessesTest, InputGoesInAndOutputComesOut) {
  Command command = this->world_.command("cat");
  command.input = "hello";
  const Finished finished = this->run(command);
  EXPECT_TRUE(finished.success());
  EXPECT_EQ(finished.output, "hello");
  EXPECT_EQ(finished.error_output, "");
  EXPECT_EQ(finished.text(), "exited with 0");
}

TYPED_TEST(ProcessesTest, InputMayBeLargerThanAPipe) {
  Command command = this->world_.command("cat");
  for (int i = 0; i < 200'000; ++i) command.input += std::to_string(i);
  EXPECT_EQ(this->run(command).output, command.input);
}

TYPED_TEST(ProcessesTest, ArgumentsArriveAsTheyAre) {
  Command command = this->world_.command("arguments");
  for (const char* argument : {"", "a b", "'\"$HOME\\", "*"}) command.argv.emplace_back(argument);
  EXPECT_EQ(this->run(command).output, "|a b|'\"$HOME\\|*|");
}

TYPED_TEST(ProcessesTest, AFailureIsAResult) {
  const Finished finished = this->run(this->world_.command("fail"));
  EXPECT_FALSE(finished.success());
  EXPECT_EQ(finished.exit_code, 3);
  EXPECT_EQ(finished.signal, 0);
  EXPECT_EQ(finished.output, "out\n");
  EXPECT_EQ(finished.error_output, "problem\n");
  EXPECT_EQ(finished.text(), "exited with 3");
}

TYPED_TEST(ProcessesTest, ASignalIsAResult) {
  const Finished finished = this->run(this->world_.command("die"));
  EXPECT_FALSE(finished.success());
  EXPECT_EQ(finished.signal, SIGKILL);
  EXPECT_EQ(finished.text(), "was killed by signal 9 (Killed)");
}

TYPED_TEST(ProcessesTest, TheEnvironmentIsWhatIsGiven) {
  Command command = this->world_.command("variable");
  EXPECT_EQ(this->run(command).output, "");
  command.environment["GREETING"] = "hello";
  EXPECT_EQ(this->run(command).output, "hello");
}

TYPED_TEST(ProcessesTest, OutputBeyondTheLimitIsDropped) {
  Command command = this->world_.command("many");
  const Finished whole = this->run(command);
  EXPECT_EQ(whole.output.size(), 300'000);
  EXPECT_EQ(whole.error_output.size(), 300'000);
  EXPECT_FALSE(whole.output_truncated || whole.error_output_truncated);

  command.output_limit = 1000;
  command.error_output_limit = 300'000;
  const Finished cut = this->run(command);
  EXPECT_TRUE(cut.success());
  EXPECT_EQ(cut.output.size(), 1000);
  EXPECT_TRUE(cut.output_truncated);
  EXPECT_EQ(cut.error_output.size(), 300'000);
  EXPECT_FALSE(cut.error_output_truncated);
}

TYPED_TEST(ProcessesTest, LinesAreHandedOn) {
  std::vector<std::string> lines;
  Command command = this->world_.command("lines");
  command.on_output_line = [&](std::string_view line) { lines.emplace_back(line); };
  const Finished finished = this->run(command);
  EXPECT_EQ(lines, (std::vector<std::string>{"one", "", "three", "no end"}));
  EXPECT_EQ(finished.output, "");
  EXPECT_FALSE(finished.output_truncated);

  lines.clear();
  command.output_limit = 3;
  EXPECT_TRUE(this->run(command).output_truncated);
  EXPECT_EQ(lines, (std::vector<std::string>{"one", "", "thr", "no "}));
}

TYPED_TEST(ProcessesTest, EndsAtTheDeadline) {
  EXPECT_EQ(
      this->code_of(this->executor_.context().with_timeout(1ms), this->world_.command("forever")),
      Code::kDeadlineExceeded);
}

TYPED_TEST(ProcessesTest, EndsWhenStopped) {
  StopSource stop;
  const auto stopper = this->executor_.spawn("stopper", [&] { stop.request_stop(); });
  ASSERT_TRUE(stopper.ok());
  EXPECT_EQ(this->code_of(this->executor_.context().with_stop(stop.get_token()),
                          this->world_.command("forever")),
            Code::kCancelled);
  EXPECT_EQ(this->code_of(this->executor_.context().with_stop(stop.get_token()),
                          this->world_.command("cat")),
            Code::kCancelled);
}

TYPED_TEST(ProcessesTest, ManyRunAtOnce) {
  this->world_.run([this] {
    std::vector<Task> tasks;
    for (int i = 0; i < 12; ++i) {
      auto task = this->executor_.spawn("runner", [this, i] {
        Command command = this->world_.command("cat");
        command.input = std::to_string(i);
        const auto finished = this->processes_.run(this->executor_.context(), command);
        ASSERT_TRUE(finished.ok());
        EXPECT_EQ(finished->output, std::to_string(i));
      });
      ASSERT_TRUE(task.ok());
      tasks.push_back(*task);
    }
    for (const Task& task : tasks) EXPECT_TRUE(task.join(this->executor_.context()).ok());
  });
}

TYPED_TEST(ProcessesTest, RefusesWhatIsNoCommand) {
  const Context context = this->executor_.context();
  const std::string nul("a\0b", 3);
  EXPECT_EQ(this->code_of(context, {}), Code::kInvalid);
  EXPECT_EQ(this->code_of(context, {.argv = {""}}), Code::kInvalid);
  EXPECT_EQ(this->code_of(context, {.argv = {"x", nul}}), Code::kInvalid);
  EXPECT_EQ(this->code_of(context, {.argv = {"x"}, .directory = nul}), Code::kInvalid);
  EXPECT_EQ(this->code_of(context, {.argv = {"x"}, .environment = {{"A", nul}}}), Code::kInvalid);
  EXPECT_EQ(this->code_of(context, {.argv = {"x"}, .environment = {{"A=B", ""}}}), Code::kInvalid);
  EXPECT_EQ(this->code_of(context, {.argv = {"no-such-program"}}), Code::kNotFound);
  EXPECT_EQ(this->code_of(context, {.argv = {"/no/such/program"}}), Code::kNotFound);
}

TEST(SimulatedProcesses, RemembersItsCommandsAndTakesTheirTime) {
  SimulatedExecutor executor;
  SimulatedProcesses processes(executor);
  processes.add(
      "helm", [](const Command&) { return SimulatedProcesses::Performance{{.output = "v3"}, 5s}; });
  const MonotonicTime start = executor.clock().now();
  ASSERT_TRUE(executor
                  .run("test",
                       [&] {
                         EXPECT_TRUE(
                             processes.run(executor.context(), {.argv = {"helm", "version"}}).ok());
                       })
                  .ok());
  EXPECT_EQ(executor.clock().now() - start, 5s);
  ASSERT_EQ(processes.commands().size(), 1);
  EXPECT_EQ(processes.commands().front().argv[1], "version");
}

}  // namespace
}  // namespace plumb::env
