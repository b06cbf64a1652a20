// Proxies.
#include "env/certificates_for_test.h"
#include "env/curl_http_for_test.h"

namespace plumb::env {
namespace {

class ProxyTest : public CurlHttpTest {
 protected:
  HttpRequest through(const HttpServerForTest& proxy, std::string url) const {
    return {.url = std::move(url), .tls = tls_, .proxy = HttpProxy{.url = proxy.url("")}};
  }

  AuthorityForTest authority_;
  std::shared_ptr<const HttpTls> tls_ =
      std::make_shared<HttpTls>(HttpTls::Options{.ca_pem = authority_.certificate_pem()});
  HttpServerForTest server_{{.handler = echo, .certificate = authority_.issue("127.0.0.1")}};
};

TEST_F(ProxyTest, HttpsGoesThroughATunnel) {
  HttpServerForTest proxy(proxy_for_test(""));
  const auto response = http_.send(context_, through(proxy, server_.url("/")));
  ASSERT_TRUE(response.ok()) << response.error().text();
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(proxy.connections(), 1u);
  EXPECT_FALSE(response->headers.has("Proxy-Authenticate"));
}

TEST_F(ProxyTest, HttpIsAskedOfTheProxy) {
  HttpServerForTest proxy(proxy_for_test(""));
  const auto response = http_.send(context_, through(proxy, "http://example.invalid/a?b"));
  ASSERT_TRUE(response.ok()) << response.error().text();
  EXPECT_EQ(response->body, "http://example.invalid/a?b");
}

TEST_F(ProxyTest, CredentialsAreForTheProxyAlone) {
  HttpServerForTest proxy(proxy_for_test("me:word"));
  auto request = through(proxy, server_.url("/"));
  request.proxy->user = "me";
  request.proxy->password = "word";
  const auto response = http_.send(context_, request);
  ASSERT_TRUE(response.ok()) << response.error().text();
  EXPECT_EQ(response->body.find("Proxy-Authorization"), std::string::npos);
}

TEST_F(ProxyTest, WrongCredentialsAreTold) {
  HttpServerForTest proxy(proxy_for_test("me:word"));
  auto request = through(proxy, server_.url("/"));
  request.proxy->user = "me";
  request.proxy->password = "WRONG";
  const auto response = http_.send(context_, request);
  EXPECT_CODE(kUnauthenticated, response);
  EXPECT_EQ(response.error().text().find("WRONG"), std::string::npos);
}

TEST_F(ProxyTest, ATargetThatTheProxyCannotReachIsUnavailable) {
  HttpServerForTest proxy(proxy_for_test(""));
  EXPECT_CODE(kUnavailable, http_.send(context_, through(proxy, "https://127.0.0.1:1/")));
}

TEST_F(ProxyTest, SomeHostsAreReachedDirectly) {
  HttpServerForTest proxy(proxy_for_test(""));
  for (const char* direct : {"127.0.0.1", "127.0.0.0/8", "*"}) {
    auto request = through(proxy, server_.url("/"));
    request.proxy->no_proxy = {"example.com", direct};
    const auto response = http_.send(context_, request);
    ASSERT_TRUE(response.ok()) << direct << ": " << response.error().text();
  }
  EXPECT_EQ(proxy.connections(), 0u);
}

TEST_F(ProxyTest, AddressesThatCannotBeUsedAreRefused) {
  HttpRequest request{.url = server_.url("/"), .tls = tls_};
  request.proxy = HttpProxy{.url = "https://127.0.0.1:1"};
  EXPECT_CODE(kUnsupported, http_.send(context_, request));
  request.proxy = HttpProxy{.url = "http://me:SECRET@127.0.0.1:1"};
  const auto response = http_.send(context_, request);
  EXPECT_CODE(kInvalid, response);
  EXPECT_EQ(response.error().text().find("SECRET"), std::string::npos);
}

}  // namespace
}  // namespace plumb::env
