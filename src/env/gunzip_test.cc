#include "env/gunzip.h"

#include <gtest/gtest.h>

#include "env/http_server_for_test.h"
#include "env/random.h"

namespace plumb::env {
namespace {

// Feeds `compressed` in pieces of `step` and takes at most `limit` at a time.
base::Result<std::string> gunzip(const std::string& compressed, size_t step, size_t limit) {
  Gunzip gunzip;
  std::string out;
  for (size_t at = 0; at < compressed.size(); at += step) {
    gunzip.put(compressed.substr(at, step));
    while (true) {
      PLUMB_TRY(const std::string text, gunzip.take(limit));
      EXPECT_LE(text.size(), limit);
      if (text.empty()) break;
      out += text;
    }
  }
  PLUMB_CHECK_OK(gunzip.finish());
  return out;
}

std::string sample(size_t size) {
  SeededRandom random(3);
  std::string text;
  while (text.size() < size)
    text.append(random.below(50), static_cast<char>('a' + random.below(4)));
  return text;
}

TEST(Gunzip, ReadsPiecesOfAnySize) {
  const std::string text = sample(20'000);
  const std::string compressed = gzip_for_test(text);
  for (const size_t step : {1, 2, 7, 100, 1'000'000}) {
    for (const size_t limit : {1, 3, 1'000, 1'000'000}) {
      EXPECT_EQ(gunzip(compressed, step, limit).value_or("error"), text) << step << " " << limit;
    }
  }
}

TEST(Gunzip, JoinsMembers) {
  const std::string two = gzip_for_test("one ") + gzip_for_test("two");
  for (const size_t step : {1, 5, 1'000})
    EXPECT_EQ(gunzip(two, step, 4).value_or("error"), "one two");
}

TEST(Gunzip, NothingIsNothing) {
  EXPECT_EQ(gunzip("", 1, 1).value_or("error"), "");
  EXPECT_EQ(gunzip(gzip_for_test(""), 1, 1).value_or("error"), "");
}

TEST(Gunzip, EveryPrefixIsTooShort) {
  const std::string compressed = gzip_for_test("some text");
  for (size_t size = 1; size < compressed.size(); ++size) {
    const auto text = gunzip(compressed.substr(0, size), 3, 100);
    ASSERT_FALSE(text.ok()) << size;
    EXPECT_EQ(text.error().code(), base::Code::kUnavailable);
  }
}

TEST(Gunzip, DamageIsNoticed) {
  std::string compressed = gzip_for_test(sample(1'000));
  compressed[compressed.size() - 6] ^= 1;  // in the checksum
  EXPECT_FALSE(gunzip(compressed, 100, 100).ok());
  EXPECT_FALSE(gunzip("not gzip", 100, 100).ok());
  EXPECT_FALSE(gunzip(gzip_for_test("a") + "tail", 100, 100).ok());
}

TEST(Gunzip, ABombComesInSmallPieces) {
  Gunzip gunzip;
  std::string zeros;
  zeros.resize(10'000'000);
  gunzip.put(gzip_for_test(zeros));
  for (int i = 0; i < 100; ++i) EXPECT_EQ(gunzip.take(1'000).value_or("error").size(), 1'000u);
}

}  // namespace
}  // namespace plumb::env
