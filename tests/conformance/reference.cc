#include "tests/conformance/reference.h"

#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "object/json.h"

namespace plumb::conformance {

using object::Value;

bool have_reference() {
  const char* ci = std::getenv("CI");
  return access(PLUMB_REFERENCE, X_OK) == 0 || (ci != nullptr && std::string_view(ci) == "true");
}

std::vector<Value> ask(const std::vector<Value>& questions) {
  const std::string base = testing::TempDir() + "plumb_reference_" + std::to_string(getpid());
  {
    std::ofstream file(base + ".in");
    for (const Value& question : questions) file << object::to_json(question) << '\n';
  }
  std::string command = PLUMB_REFERENCE;
  command += " <" + base + ".in >" + base + ".out";
  EXPECT_EQ(std::system(command.c_str()), 0) << command;
  std::vector<Value> answers;
  std::ifstream file(base + ".out");
  for (std::string line; std::getline(file, line);) {
    auto answer = object::parse_json(line);
    EXPECT_TRUE(answer.ok()) << line;
    if (answer.ok()) answers.push_back(std::move(answer).value());
  }
  unlink((base + ".in").c_str());
  unlink((base + ".out").c_str());
  EXPECT_EQ(answers.size(), questions.size());
  answers.resize(questions.size());
  return answers;
}

Value ask(const Value& question) { return ask(std::vector<Value>{question})[0]; }

}  // namespace plumb::conformance
