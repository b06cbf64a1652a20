#include "env/url.h"

#include <gtest/gtest.h>

namespace plumb::env {
namespace {

TEST(Url, IsTakenApart) {
  const auto url = parse_url("HTTPS://me:p%40ss@Example.COM:8443/a/../b%2f?x=1#part");
  ASSERT_TRUE(url.ok()) << url.error().text();
  EXPECT_EQ(url->scheme, "https");
  EXPECT_EQ(url->user, "me");
  EXPECT_EQ(url->password, "p@ss");
  EXPECT_EQ(url->host, "example.com");
  EXPECT_EQ(url->port, 8443);
  EXPECT_EQ(url->target, "/a/../b%2f?x=1");
  EXPECT_EQ(url->text(), "https://example.com:8443/a/../b%2f?x=1");
}

TEST(Url, HasTheSchemesOwnPort) {
  EXPECT_EQ(parse_url("http://a")->port, 80);
  EXPECT_EQ(parse_url("https://a")->port, 443);
  EXPECT_EQ(parse_url("https://a:443/")->authority(), "a");
  EXPECT_EQ(parse_url("https://a:80/")->authority(), "a:80");
  EXPECT_EQ(parse_url("https://a:/")->port, 443);
}

TEST(Url, GetsAPath) {
  EXPECT_EQ(parse_url("http://a")->target, "/");
  EXPECT_EQ(parse_url("http://a?x")->target, "/?x");
}

TEST(Url, KeepsTheBracketsOfIpv6OutOfTheHost) {
  const auto url = parse_url("http://[::1]:8080/x");
  ASSERT_TRUE(url.ok()) << url.error().text();
  EXPECT_EQ(url->host, "::1");
  EXPECT_EQ(url->text(), "http://[::1]:8080/x");
}

TEST(Url, PrintsNeitherUserNorQuery) {
  EXPECT_EQ(parse_url("https://u:secret@a/b?token=secret")->printable(), "https://a/b?…");
  EXPECT_EQ(parse_url("https://a/b")->printable(), "https://a/b");
}

TEST(Url, RefusesWhatIsNone) {
  for (const char* text : {"",
                           "a",
                           "/a",
                           "ftp://a/",
                           "file:///etc/passwd",
                           "http://",
                           "http:///a",
                           "http://a b/",
                           "http://a/b c",
                           "http://a\r\nX: y/",
                           "http://a:0/",
                           "http://a:65536/",
                           "http://a:x/",
                           "http://a:-1/",
                           "http://[::1/",
                           "http://[::1]x/",
                           "http://[g::1]/",
                           "http://b\xc3\xbc/",
                           "http://a%20b/",
                           "http://u%zz@a/",
                           "http://u%4@a/",
                           "://a/"}) {
    const auto url = parse_url(text);
    ASSERT_FALSE(url.ok()) << text;
    EXPECT_EQ(url.error().code(), base::Code::kInvalid) << text;
  }
  EXPECT_FALSE(parse_url("http://a/" + std::string(70'000, 'x')).ok());
}

TEST(Url, ErrorsDoNotRepeatThePassword) {
  for (const char* text :
       {"http://me:secret@/", "http://me:secret@a b/", "http://me:secret@a:x/"}) {
    EXPECT_EQ(parse_url(text).error().text().find("secret"), std::string::npos) << text;
  }
}

TEST(Url, ReferencesResolve) {
  // After RFC 3986 section 5.4.
  const struct {
    const char* reference;
    const char* want;
  } cases[] = {
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g/"},
      {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},
      {"#s", "http://a/b/c/d;p?q"},
      {"g#s", "http://a/b/c/g"},
      {"", "http://a/b/c/d;p?q"},
      {".", "http://a/b/c/"},
      {"..", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../../../g", "http://a/g"},
      {"g;x=1/../y", "http://a/b/c/y"},
      {"g?y/../x", "http://a/b/c/g?y/../x"},
      {"https://x:1/y", "https://x:1/y"},
  };
  const auto base = parse_url("http://user@a/b/c/d;p?q");
  ASSERT_TRUE(base.ok());
  for (const auto& [reference, want] : cases) {
    const auto url = resolve_url(*base, reference);
    ASSERT_TRUE(url.ok()) << reference << ": " << url.error().text();
    EXPECT_EQ(url->text(), want) << reference;
    EXPECT_EQ(url->user, "") << reference;
  }
  EXPECT_FALSE(resolve_url(*base, "mailto:x@y").ok());
  EXPECT_FALSE(resolve_url(*base, "a b").ok());
}

}  // namespace
}  // namespace plumb::env
