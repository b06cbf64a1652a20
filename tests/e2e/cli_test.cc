// The plumb binary itself, as a person or a script runs it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "env/files.h"
#include "env/process.h"
#include "env/thread_executor.h"

namespace plumb::e2e {
namespace {

using testing::HasSubstr;

struct Plumb : testing::Test {
  // Runs `plumb ARGUMENTS…` in an empty directory of the test's own.
  env::Finished run(std::vector<std::string> arguments, std::string input = "") {
    arguments.insert(arguments.begin(), PLUMB_BINARY);
    return run_program(std::move(arguments), std::move(input));
  }

  // Runs `plumb ARGUMENTS` as the shell does, with redirections.
  env::Finished run_in_shell(const std::string& arguments) {
    return run_program({"/bin/sh", "-c", "exec \"$0\" " + arguments, PLUMB_BINARY}, "");
  }

  env::Finished run_program(std::vector<std::string> argv, std::string input) {
    env::Command command{.directory = directory.path(), .input = std::move(input)};
    command.argv = std::move(argv);
    env::Finished finished;
    const auto task = executor.spawn("plumb", [&] {
      auto ran = processes.run(env::Context(executor.clock()), command);
      ASSERT_TRUE(ran.ok()) << ran.error().text();
      finished = std::move(ran).value();
    });
    EXPECT_TRUE(task.ok() && task->join(env::Context(executor.clock())).ok());
    return finished;
  }

  std::string path(const std::string& name) { return directory.path() + "/" + name; }
  void write(const std::string& name, std::string_view text) {
    ASSERT_TRUE(files.write_atomically(path(name), text).ok());
  }
  std::string content(const std::string& name) { return files.read(path(name), 1 << 20).value(); }

  env::ThreadExecutor executor{{.workers = 2}};
  env::RealProcesses processes{executor};
  env::RealFiles files;
  env::TemporaryDirectory directory = files.temporary_directory(testing::TempDir()).value();
};

TEST_F(Plumb, VersionAndHelpExitWithZero) {
  const auto version = run({"version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_THAT(version.output, testing::StartsWith("plumb "));
  const auto help = run({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.output, HasSubstr("Exit codes:"));
  EXPECT_EQ(help.error_output, "");
}

TEST_F(Plumb, FmtFormatsFilesInPlaceAndIsThenContent) {
  write("web.yaml",
        "kind:   Deployment # the shop\napiVersion: \"apps/v1\"\nspec:\n    replicas: 3\n");
  EXPECT_EQ(run({"fmt", "--check", "web.yaml"}).exit_code, 1);
  const auto first = run({"fmt", "web.yaml"});
  EXPECT_EQ(first.exit_code, 0) << first.error_output;
  EXPECT_EQ(first.output, "web.yaml\n");
  EXPECT_EQ(content("web.yaml"),
            "kind: Deployment # the shop\napiVersion: apps/v1\nspec:\n  replicas: 3\n");
  EXPECT_EQ(run({"fmt", "web.yaml"}).output, "");
  EXPECT_EQ(run({"fmt", "--check", "web.yaml"}).exit_code, 0);
}

TEST_F(Plumb, FmtIsAFilter) {
  const auto filtered = run({"fmt", "-"}, "a:   1\n");
  EXPECT_EQ(filtered.output, "a: 1\n");
  EXPECT_EQ(filtered.exit_code, 0);
}

TEST_F(Plumb, BadInputNamesThePlaceAndChangesNothing) {
  write("bad.yaml", "spec:\n  ports: [80,\n");
  const auto bad = run({"fmt", "bad.yaml", "nowhere.yaml"});
  EXPECT_EQ(bad.exit_code, 3);
  EXPECT_THAT(bad.error_output, HasSubstr("plumb fmt: bad.yaml:3:1: "));
  EXPECT_THAT(bad.error_output, HasSubstr("nowhere.yaml"));
  EXPECT_EQ(content("bad.yaml"), "spec:\n  ports: [80,\n");
}

TEST_F(Plumb, AClosedStreamIsAnErrorAndItsNumberGoesToNoFile) {
  write("a.yaml", "a:   1\n");
  EXPECT_EQ(run_in_shell("fmt a.yaml >&-").exit_code, 3);
  EXPECT_EQ(content("a.yaml"), "a: 1\n");
  const auto input = run_in_shell("fmt - <&-");
  EXPECT_EQ(input.exit_code, 3);
  EXPECT_THAT(input.error_output, HasSubstr("could not read standard input"));
  EXPECT_EQ(run_in_shell("version >/dev/full").exit_code, 3);
  // What stands in for each closed stream is there to be read, and empty.
  EXPECT_EQ(run_in_shell("fmt --check /proc/self/fd/1 >&-").exit_code, 0);
  EXPECT_EQ(run_in_shell("fmt --check /proc/self/fd/2 2>&-").exit_code, 0);
}

TEST_F(Plumb, AWrongCommandLineExitsWithTwo) {
  EXPECT_EQ(run({}).exit_code, 2);
  EXPECT_EQ(run({"frobnicate"}).exit_code, 2);
  EXPECT_EQ(run({"fmt"}).exit_code, 2);
}

}  // namespace
}  // namespace plumb::e2e
