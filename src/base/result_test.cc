#include "base/result.h"

#include <gtest/gtest.h>

namespace plumb::base {
namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return invalid("odd number");
  return number / 2;
}

Result<int> quarter(int number) {
  PLUMB_TRY(const int first, half(number));
  PLUMB_TRY(const int second, half(first));
  return second;
}

Status check_even(int number) {
  PLUMB_CHECK_OK(half(number));
  return ok();
}

TEST(Result, TryPassesValuesAndErrorsOn) {
  ASSERT_TRUE(quarter(12).ok());
  EXPECT_EQ(*quarter(12), 3);
  ASSERT_FALSE(quarter(6).ok());
  EXPECT_EQ(quarter(6).error().message(), "odd number");
  EXPECT_TRUE(check_even(2).ok());
  EXPECT_FALSE(check_even(1).ok());
  EXPECT_EQ(quarter(7).value_or(-1), -1);
}

TEST(Result, HoldsMoveOnlyValues) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(4);
  const std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(*taken, 4);
}

TEST(ResultDeathTest, TakingTheValueOfAnErrorEndsTheProgram) {
  EXPECT_DEATH((void)half(3).value(), "took the value of a failed result: odd number");
}

TEST(ResultDeathTest, TakingTheErrorOfAValueEndsTheProgram) {
  EXPECT_DEATH((void)half(2).error(), "took the error of a result that has none");
}

TEST(Error, TextSaysObjectPlaceMessageAndAdvice) {
  const Error error = invalid("replicas is \"three\", want an integer")
                          .at({"apps/web.yaml", 12, 13, "3f2a91c0ffee11", "spec.replicas"})
                          .on("Deployment shop/web")
                          .advise("write a number");
  EXPECT_EQ(error.text(),
            "Deployment shop/web: apps/web.yaml:12:13 (commit 3f2a91c0ff) spec.replicas: "
            "replicas is \"three\", want an integer; write a number");
}

TEST(Error, TextLeavesOutWhatIsUnknown) {
  EXPECT_EQ(invalid("no").text(), "no");
  EXPECT_EQ(invalid("no").at({"", 3, 0, "", ""}).text(), "line 3: no");
  EXPECT_EQ(invalid("no").at({"a.yaml", 0, 7, "", ""}).text(), "a.yaml: no");
  EXPECT_EQ(invalid("no").field("spec.x").text(), "spec.x: no");
}

TEST(Error, WhileDoingKeepsTheCauseLast) {
  EXPECT_EQ(not_found("no such branch").while_doing("fetch").while_doing("sync").message(),
            "sync: fetch: no such branch");
}

TEST(Error, TransienceFollowsFromTheCodeUnlessSaid) {
  const std::set<Code> transient{Code::kConflict, Code::kGone, Code::kDeadlineExceeded,
                                 Code::kUnavailable, Code::kThrottled};
  for (int i = 0; i <= static_cast<int>(Code::kInternal); ++i) {
    const auto code = static_cast<Code>(i);
    EXPECT_EQ(Error(code, "x").transient(), transient.contains(code)) << to_string(code);
  }
  EXPECT_FALSE(conflict("x").as_transient(false).transient());
}

TEST(Error, CopiesAreIndependent) {
  Error first = invalid("a").at({"f", 1, 1, "", ""});
  Error second = first;
  second = std::move(second).while_doing("b");
  EXPECT_EQ(first.message(), "a");
  EXPECT_EQ(second.message(), "b: a");
  first = second;
  EXPECT_EQ(first.message(), "b: a");
}

TEST(Code, EveryCodeHasItsOwnName) {
  std::set<std::string_view> names;
  for (int code = 0; code <= static_cast<int>(Code::kInternal); ++code) {
    names.insert(to_string(static_cast<Code>(code)));
  }
  EXPECT_EQ(names.size(), static_cast<size_t>(Code::kInternal) + 1);
}

}  // namespace
}  // namespace plumb::base
