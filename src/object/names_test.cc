#include "object/names.h"

#include <gtest/gtest.h>

namespace plumb::object {
namespace {

TEST(Names, AcceptWhatKubernetesAccepts) {
  const std::string label(63, 'a');
  for (const std::string& key :
       {std::string("app"), std::string("app.kubernetes.io/name"), label, std::string("A_b.c-9")}) {
    EXPECT_TRUE(label_key_problems(key).empty()) << key;
  }
  for (const std::string& value : {std::string(), label, std::string("1.2_B")})
    EXPECT_TRUE(label_value_problems(value).empty());
  EXPECT_TRUE(dns_label_problems("web-1").empty());
  EXPECT_TRUE(dns_subdomain_problems("a.b-c.d1").empty());
}

TEST(Names, SayWhatIsWrong) {
  const std::string long_label(64, 'a');
  EXPECT_EQ(label_key_problems("").size(), 2U);
  EXPECT_EQ(label_key_problems("/name"), std::vector<std::string>{"prefix part must be non-empty"});
  EXPECT_EQ(label_key_problems("a/b/c").size(), 1U);
  EXPECT_EQ(label_key_problems("Upper/name").size(), 1U);
  EXPECT_EQ(label_key_problems(long_label),
            std::vector<std::string>{"name part must be no more than 63 bytes"});
  EXPECT_EQ(label_value_problems(long_label),
            std::vector<std::string>{"must be no more than 63 bytes"});
  EXPECT_EQ(label_value_problems("-a").size(), 1U);
  EXPECT_EQ(dns_label_problems("a.b"), std::vector<std::string>{"must not contain dots"});
  EXPECT_EQ(dns_label_problems("A").size(), 1U);
  EXPECT_EQ(dns_label_problems(long_label),
            std::vector<std::string>{"must be no more than 63 bytes"});
  EXPECT_EQ(dns_subdomain_problems("a..b").size(), 1U);
  EXPECT_EQ(dns_subdomain_problems(std::string(254, 'a')),
            std::vector<std::string>{"must be no more than 253 bytes"});
}

}  // namespace
}  // namespace plumb::object
