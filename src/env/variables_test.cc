#include "env/variables.h"

#include <gtest/gtest.h>

namespace plumb::env {
namespace {

TEST(RealVariables, ReadsTheProcessEnvironment) {
  const RealVariables variables;
  const auto all = variables.all();
  ASSERT_TRUE(all.contains("PATH"));
  EXPECT_EQ(variables.get("PATH"), all.at("PATH"));
  EXPECT_EQ(variables.get("PLUMB_TEST_NOT_SET"), std::nullopt);
}

TEST(SimulatedVariables, HoldsWhatItWasGiven) {
  const SimulatedVariables variables({{"HOME", "/root"}, {"EMPTY", ""}});
  EXPECT_EQ(variables.get("HOME"), "/root");
  EXPECT_EQ(variables.get("EMPTY"), "");
  EXPECT_EQ(variables.get("PATH"), std::nullopt);
  EXPECT_EQ(variables.all().size(), 2);
}

}  // namespace
}  // namespace plumb::env
