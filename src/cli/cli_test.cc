#include "cli/cli.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "env/simulated_files.h"

namespace plumb::cli {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// The whole program but main(), in a world of memory.
struct Cli : testing::Test {
  ExitCode run(std::vector<std::string> arguments) {
    out.str("");
    err.str("");
    World world{files, in, out, err};
    return cli::run(arguments, world);
  }

  std::string content(const std::string& path) { return files.read(path, 1 << 20).value(); }
  void write(const std::string& path, std::string_view text, uint32_t mode = 0644) {
    ASSERT_TRUE(files.write_atomically(path, text, mode).ok());
  }

  env::SimulatedClock clock;
  env::SimulatedFiles files{clock};
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
};

TEST_F(Cli, VersionPrintsVersionAndCommit) {
  EXPECT_EQ(run({"version"}), ExitCode::kOk);
  EXPECT_THAT(out.str(), testing::MatchesRegex("plumb [0-9.]+ \\(commit [0-9a-f+unknow]+\\)\n"));
  EXPECT_EQ(run({"version", "--short"}), ExitCode::kOk);
  EXPECT_THAT(out.str(), testing::MatchesRegex("[0-9.]+\n"));
  EXPECT_EQ(run({"--version"}), ExitCode::kOk);
}

TEST_F(Cli, HelpIsEverywhereAndOnStandardOutput) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"--help"},
                                                    {"help"},
                                                    {"-h"},
                                                    {"fmt", "--help"},
                                                    {"help", "fmt"},
                                                    {"version", "-h"}}) {
    EXPECT_EQ(run(arguments), ExitCode::kOk);
    EXPECT_THAT(out.str(), HasSubstr("Usage: plumb"));
    EXPECT_EQ(err.str(), "");
  }
  run({"help", "fmt"});
  EXPECT_THAT(out.str(), HasSubstr("Usage: plumb fmt [OPTIONS] FILE…\n"));
  run({"fmt", "--help"});
  EXPECT_THAT(out.str(), HasSubstr("Usage: plumb fmt [OPTIONS] FILE…\n"));
  EXPECT_THAT(out.str(), HasSubstr("--check"));
}

TEST_F(Cli, AWrongCommandLineSaysWhatToDo) {
  const std::pair<std::vector<std::string>, const char*> cases[] = {
      {{}, "plumb: name a command; 'plumb --help'"},
      {{"frmt"}, "plumb: there is no command \"frmt\"; 'plumb --help'"},
      {{"fmt"}, "plumb fmt: FILE is required; 'plumb fmt --help'"},
      {{"fmt", "--"}, "plumb fmt: FILE is required; 'plumb fmt --help'"},
      {{"fmt", "--chek"}, "plumb fmt: The following argument was not expected: --chek"},
      {{"fmt", "--\x1B[2J"}, "plumb fmt: The following argument was not expected: --\\x1b[2J"},
      {{"help", "frmt"}, "plumb: there is no command \"frmt\""},
      {{"fmt", "--chek", "a"},
       "plumb fmt: The following argument was not expected: --chek; 'plumb fmt --help'"},
      {{"version", "extra"}, "plumb version: The following argument was not expected: extra"},
  };
  for (const auto& [arguments, message] : cases) {
    EXPECT_EQ(run(arguments), ExitCode::kUsage);
    EXPECT_THAT(err.str(), StartsWith(message));
    EXPECT_EQ(out.str(), "");
  }
}

TEST_F(Cli, FmtRewritesWhatIsNotCanonical) {
  write("/a.yaml", "# top\nb:   \n    - 1   # one\na: 'x'\n", 0640);
  write("/b.yaml", "a: x\n");
  const uint64_t writes = files.counters().writes;
  EXPECT_EQ(run({"fmt", "/a.yaml", "/b.yaml"}), ExitCode::kOk);
  EXPECT_EQ(out.str(), "/a.yaml\n");
  EXPECT_EQ(content("/a.yaml"), "# top\nb:\n- 1 # one\na: x\n");
  EXPECT_EQ(files.stat("/a.yaml").value().mode, 0640U);
  EXPECT_EQ(files.counters().writes - writes, 1U);
}

TEST_F(Cli, FmtCheckWritesNothing) {
  write("/a.yaml", "a:   x\n");
  write("/b.yaml", "a: x\n");
  EXPECT_EQ(run({"fmt", "--check", "/a.yaml", "/b.yaml"}), ExitCode::kNo);
  EXPECT_EQ(out.str(), "/a.yaml\n");
  EXPECT_EQ(content("/a.yaml"), "a:   x\n");
  EXPECT_EQ(run({"fmt", "--check", "/b.yaml"}), ExitCode::kOk);
}

TEST_F(Cli, FmtNamesFileLineAndColumnAndGoesOn) {
  write("/bad.yaml", "a: 1\nb: [1,\n");
  write("/good.yaml", "a:   1\n");
  EXPECT_EQ(run({"fmt", "/missing.yaml", "/bad.yaml", "/good.yaml"}), ExitCode::kInvalid);
  EXPECT_THAT(err.str(), HasSubstr("/missing.yaml"));
  EXPECT_THAT(err.str(), HasSubstr("plumb fmt: /bad.yaml:3:1: "));
  EXPECT_EQ(content("/bad.yaml"), "a: 1\nb: [1,\n");
  EXPECT_EQ(content("/good.yaml"), "a: 1\n");
}

TEST_F(Cli, FmtReadsStandardInput) {
  in.str("a:   1\n");
  EXPECT_EQ(run({"fmt", "-"}), ExitCode::kOk);
  EXPECT_EQ(out.str(), "a: 1\n");
  in.clear();
  in.str("a: [\n");
  EXPECT_EQ(run({"fmt", "-"}), ExitCode::kInvalid);
  EXPECT_THAT(err.str(), HasSubstr("plumb fmt: standard input:2:1: "));
}

TEST_F(Cli, FmtTakesFileNamesAsTheyAre) {
  for (const std::string name : {"[a,b]", "[]", "%%", "a b", "-a", "\xFF"}) {
    write(name, "a:   1\n");
    EXPECT_EQ(run({"fmt", "--", name}), ExitCode::kOk) << err.str();
    EXPECT_EQ(out.str(), name + "\n");
  }
}

TEST_F(Cli, ErrorsDoNotSteerTheTerminal) {
  EXPECT_EQ(run({"fmt", "/\x1B[31m\n.yaml"}), ExitCode::kInvalid);
  EXPECT_THAT(err.str(), HasSubstr("/\\x1b[31m\\n.yaml"));
}

TEST_F(Cli, AFailingStandardInputIsAnErrorAndPrintsNothing) {
  struct Broken : std::streambuf {
    int_type underflow() override { throw std::ios_base::failure("EIO"); }
  } broken;
  static_cast<std::istream&>(in).rdbuf(&broken);
  EXPECT_EQ(run({"fmt", "-"}), ExitCode::kInvalid);
  EXPECT_EQ(out.str(), "");
  EXPECT_THAT(err.str(), HasSubstr("plumb fmt: could not read standard input"));
}

TEST_F(Cli, FmtLeavesLinksAlone) {
  write("/a.yaml", "a:   1\n");
  ASSERT_TRUE(files.symlink("/a.yaml", "/link.yaml").ok());
  EXPECT_EQ(run({"fmt", "/link.yaml"}), ExitCode::kInvalid);
  EXPECT_THAT(err.str(), HasSubstr("symbolic link"));
  EXPECT_EQ(content("/a.yaml"), "a:   1\n");
}

TEST_F(Cli, AFailingStandardOutputIsAnError) {
  out.setstate(std::ios::badbit);
  EXPECT_EQ(run({"version"}), ExitCode::kInvalid);
  EXPECT_THAT(err.str(), HasSubstr("could not write to standard output"));
}

TEST(ExitCodes, FollowFromTheError) {
  EXPECT_EQ(exit_code_of(base::invalid("x")), ExitCode::kInvalid);
  EXPECT_EQ(exit_code_of(base::not_found("x")), ExitCode::kInvalid);
  EXPECT_EQ(exit_code_of(base::unavailable("x")), ExitCode::kUnavailable);
  EXPECT_EQ(exit_code_of(base::internal("x")), ExitCode::kInternal);
}

}  // namespace
}  // namespace plumb::cli
