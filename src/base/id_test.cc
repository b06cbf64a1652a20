#include "base/id.h"

#include <unordered_set>

#include <gtest/gtest.h>

namespace plumb::base {
namespace {

using RepositoryId = Id<struct RepositoryTag>;
using DeliveryId = Id<struct DeliveryTag>;
static_assert(!std::is_convertible_v<RepositoryId, DeliveryId>);
static_assert(!std::is_convertible_v<std::string, RepositoryId>);

TEST(Id, ComparesAndHashesByText) {
  EXPECT_EQ(RepositoryId("a"), RepositoryId("a"));
  EXPECT_LT(RepositoryId("a"), RepositoryId("b"));
  const std::unordered_set<RepositoryId> set{RepositoryId("a"), RepositoryId("a")};
  EXPECT_EQ(set.size(), 1U);
}

TEST(Uuid, RandomBytesBecomeVersion4Variant1) {
  Uuid::Bytes bytes;
  bytes.fill(0xFF);
  EXPECT_EQ(Uuid::from_random(bytes).text(), "ffffffff-ffff-4fff-bfff-ffffffffffff");
  bytes.fill(0);
  EXPECT_EQ(Uuid::from_random(bytes).text(), "00000000-0000-4000-8000-000000000000");
}

TEST(Uuid, ParseReadsWhatTextWrote) {
  const std::string text = "0123abcd-4567-49ab-8def-00112233aaff";
  ASSERT_TRUE(Uuid::parse(text));
  EXPECT_EQ(Uuid::parse(text)->text(), text);
  EXPECT_EQ(Uuid::parse("0123ABCD-4567-49AB-8DEF-00112233AAFF"), Uuid::parse(text));
}

TEST(Uuid, ParseRefusesOtherForms) {
  for (const char* text :
       {"", "0123abcd-4567-49ab-8def-00112233aaf", "0123abcd45674-9ab-8def-00112233aaff",
        "g123abcd-4567-49ab-8def-00112233aaff", "{123abcd-4567-49ab-8def-00112233aaff",
        "0123abcd-4567-49ab-8def-00112233aaff0"}) {
    EXPECT_FALSE(Uuid::parse(text)) << text;
  }
}

}  // namespace
}  // namespace plumb::base
