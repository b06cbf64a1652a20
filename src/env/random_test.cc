#include "env/random.h"

#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace plumb::env {
namespace {

using namespace std::chrono_literals;

TEST(SeededRandom, GivesTheSameNumbersForEver) {
  // Computed by another implementation of splitmix64 and xoshiro256**.
  SeededRandom random(1);
  EXPECT_EQ(random.uint64(), 0xb3f2af6d0fc710c5U);
  EXPECT_EQ(random.uint64(), 0x853b559647364ceaU);
  EXPECT_EQ(random.uint64(), 0x92f89756082a4514U);
}

TEST(SeededRandom, FillTakesBytesFromTheLeastSignificantOn) {
  SeededRandom numbers(7);
  SeededRandom bytes(7);
  const uint64_t first = numbers.uint64();
  const uint64_t second = numbers.uint64();
  std::vector<uint8_t> filled(11);
  bytes.fill(filled);
  for (size_t i = 0; i < filled.size(); ++i) {
    const uint64_t number = i < 8 ? first : second;
    EXPECT_EQ(filled[i], static_cast<uint8_t>(number >> (8 * (i % 8))));
  }
}

TEST(SeededRandom, SeedsDiffer) {
  std::set<uint64_t> firsts;
  for (uint64_t seed = 0; seed < 100; ++seed) firsts.insert(SeededRandom(seed).uint64());
  EXPECT_EQ(firsts.size(), 100);
}

template <typename Form>
class RandomTest : public ::testing::Test {
 protected:
  static Form make() {
    if constexpr (std::is_same_v<Form, RealRandom>)
      return Form();
    else
      return Form(42);
  }
  Form random_ = make();
};
using Forms = ::testing::Types<RealRandom, SeededRandom>;
TYPED_TEST_SUITE(RandomTest, Forms, );

TYPED_TEST(RandomTest, BelowReachesEveryNumberAndNoOther) {
  std::set<uint64_t> seen;
  for (int i = 0; i < 2000; ++i) seen.insert(this->random_.below(7));
  EXPECT_EQ(seen, (std::set<uint64_t>{0, 1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(this->random_.below(1), 0);
  EXPECT_EQ(this->random_.below(0), 0);
}

TYPED_TEST(RandomTest, JitterStaysWithinItsFraction) {
  bool shorter = false;
  bool longer = false;
  for (int i = 0; i < 1000; ++i) {
    const Duration jittered = this->random_.jitter(10s, 0.2);
    EXPECT_GE(jittered, 8s);
    EXPECT_LE(jittered, 12s);
    shorter |= jittered < 9s;
    longer |= jittered > 11s;
  }
  EXPECT_TRUE(shorter && longer);
  EXPECT_EQ(this->random_.jitter(10s, 0), 10s);
  EXPECT_EQ(this->random_.jitter(0s, 1), 0s);
}

TYPED_TEST(RandomTest, FillWritesEveryByte) {
  std::vector<uint8_t> any(300, 0);
  for (int round = 0; round < 8; ++round) {
    std::vector<uint8_t> bytes(300);
    this->random_.fill(bytes);
    for (size_t i = 0; i < bytes.size(); ++i) any[i] |= bytes[i];
  }
  for (const uint8_t byte : any) EXPECT_NE(byte, 0);
}

TYPED_TEST(RandomTest, UuidsAreVersion4AndDiffer) {
  const std::string first = this->random_.uuid().text();
  EXPECT_EQ(first[14], '4');
  EXPECT_NE(first, this->random_.uuid().text());
}

}  // namespace
}  // namespace plumb::env
