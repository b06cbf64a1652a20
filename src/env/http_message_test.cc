#include "env/http_message.h"

#include <gtest/gtest.h>

namespace plumb::env {
namespace {

TEST(HttpHeaders, NamesCompareWithoutCase) {
  const HttpHeaders headers{{"Content-Type", "a"}, {"X", "b"}};
  EXPECT_EQ(headers.get("content-TYPE"), "a");
  EXPECT_FALSE(headers.has("Content"));
  EXPECT_EQ(headers.get("Y"), std::nullopt);
}

TEST(HttpHeaders, RepeatsKeepTheirOrder) {
  HttpHeaders headers{{"A", "1"}, {"B", "2"}};
  headers.add("a", "3");
  EXPECT_EQ(headers.all("A"), (std::vector<std::string>{"1", "3"}));
  EXPECT_EQ(headers, (HttpHeaders{{"A", "1"}, {"B", "2"}, {"a", "3"}}));
}

TEST(HttpHeaders, SetReplacesAllOfAName) {
  HttpHeaders headers{{"A", "1"}, {"B", "2"}, {"a", "3"}};
  headers.set("A", "4");
  EXPECT_EQ(headers, (HttpHeaders{{"B", "2"}, {"A", "4"}}));
  headers.remove("b");
  EXPECT_EQ(headers.size(), 1u);
}

TEST(Authorization, IsWrittenAsTheRfcsSay) {
  EXPECT_EQ(bearer_authorization("abc"), "Bearer abc");
  // The example of RFC 7617 section 2.
  EXPECT_EQ(basic_authorization("Aladdin", "open sesame"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

}  // namespace
}  // namespace plumb::env
