#include "object/semver.h"

#include <gtest/gtest.h>

namespace plumb::object {
namespace {

TEST(Version, OrdersByPrecedence) {  // semver.org, section 11
  const char* const ordered[] = {"1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta",
                                 "1.0.0-beta",  "1.0.0-beta.2",  "1.0.0-beta.11",
                                 "1.0.0-rc.1",  "1.0.0",         "1.0.1",
                                 "1.1.0",       "2.0.0"};
  for (size_t i = 0; i < std::size(ordered); ++i) {
    for (size_t j = 0; j < std::size(ordered); ++j) {
      const auto a = Version::parse(ordered[i]).value();
      const auto b = Version::parse(ordered[j]).value();
      EXPECT_EQ(a < b, i < j) << ordered[i] << " " << ordered[j];
      EXPECT_EQ(a == b, i == j);
    }
  }
  EXPECT_LT(Version::parse("1.0.0-1").value(), Version::parse("1.0.0--").value());  // numbers first
  EXPECT_EQ(Version::parse("1.0.0+a").value(), Version::parse("1.0.0+b").value());
}

TEST(Version, ReadsForgivinglyAndStrictly) {
  EXPECT_EQ(Version::parse("v1.2").value().text(), "1.2.0");
  EXPECT_EQ(Version::parse("v1.2").value().original(), "v1.2");
  EXPECT_EQ(Version::parse("1-rc.1+b.2").value().text(), "1.0.0-rc.1+b.2");
  for (const char* text : {"v1.2.3", "1.2", "01.2.3", "1.2.3-01", ""})
    EXPECT_FALSE(Version::parse_strict(text).ok()) << text;
  for (const char* text : {"", "a", "1.2.3.4", "1..2", "1.2.3-", "1.2.3-01", "1.2.3+", "1.2.3-a..b",
                           "-1", "99999999999999999999", "1.2.3-ä"}) {
    EXPECT_FALSE(Version::parse(text).ok()) << text;
  }
}

struct Case {
  const char* constraint;
  const char* version;
  bool admits;
};

TEST(VersionConstraint, Admits) {
  const Case cases[] = {
      {"1.2.3", "1.2.3", true},
      {"1.2", "1.2.9", true},
      {"1.2", "1.3.0", false},
      {"*", "7.0.0", true},
      {"*", "7.0.0-rc.1", false},
      {">=1.2 <2", "1.9.0", true},
      {">=1.2, <2", "2.0.0", false},
      {"^1.2.3", "1.9.0", true},
      {"^1.2.3", "2.0.0", false},
      {"^0.2.3", "0.2.9", true},
      {"^0.2.3", "0.3.0", false},
      {"^0.0.3", "0.0.4", false},
      {"^0.0", "0.0.5", true},
      {"^0.0", "0.1.0", false},
      {"~1.2.3", "1.2.9", true},
      {"~1.2.3", "1.3.0", false},
      {"~1", "1.9.0", true},
      {"1.2 - 1.4", "1.4.9", true},
      {"1.2 - 1.4.5", "1.4.9", false},
      {"!=1.2.3", "1.2.4", true},
      {"!=1.2.x", "1.2.4", false},
      {"<1 || >=3", "3.1.0", true},
      {"<1 || >=3", "2.0.0", false},
      {">1.2", "1.2.5", false},
      {">1.2", "1.3.0", true},
      {">1", "1.5.0", false},
      {">1", "2.0.0", true},
      {"<=1.2", "1.2.9", true},
      {">=1.0.0-0", "1.1.0-rc.1", true},
  };
  for (const Case& c : cases) {
    const auto constraint = VersionConstraint::parse(c.constraint);
    ASSERT_TRUE(constraint.ok()) << c.constraint;
    EXPECT_EQ(constraint->admits(Version::parse(c.version).value()), c.admits)
        << c.constraint << " " << c.version;
  }
}

TEST(VersionConstraint, RefusesWhatIsNone) {
  for (const char* text :
       {"", "abc", ">=", "1.2 ||", ">>1", "1.2,,1.3", "1.2.3.4", ">=1.2<2", "1.a"}) {
    const auto constraint = VersionConstraint::parse(text);
    EXPECT_FALSE(constraint.ok()) << text;
  }
  EXPECT_EQ(VersionConstraint::parse(std::string(600, '1')).error().code(), base::Code::kTooLarge);
}

}  // namespace
}  // namespace plumb::object
