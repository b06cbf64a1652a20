// Trust and identity on https.
#include <fstream>

#include "env/certificates_for_test.h"
#include "env/curl_http_for_test.h"
#include "env/tls_identity.h"

namespace plumb::env {
namespace {

using namespace std::chrono_literals;

class TlsTest : public CurlHttpTest {
 protected:
  HttpServerForTest::Options as(const std::string& name, std::chrono::hours until = 24h) const {
    return {.handler = echo, .certificate = authority_.issue(name, until)};
  }

  base::Result<HttpResponse> get_with(const HttpServerForTest& server, HttpTls::Options options) {
    return http_.send(
        context_, {.url = server.url("/"), .tls = std::make_shared<HttpTls>(std::move(options))});
  }

  AuthorityForTest authority_;
  HttpTls::Options trusting_{.ca_pem = authority_.certificate_pem()};
};

TEST_F(TlsTest, ATrustedServerAnswers) {
  HttpServerForTest server(as("127.0.0.1"));
  for (int i = 0; i < 3; ++i) {
    const auto response = get_with(server, trusting_);
    ASSERT_TRUE(response.ok()) << response.error().text();
    EXPECT_EQ(response->status, 200);
  }
  EXPECT_EQ(server.connections(), 1u);
}

TEST_F(TlsTest, AnUnknownAuthorityIsRefused) {
  HttpServerForTest server(as("127.0.0.1"));
  const auto response = get_with(server, {.ca_pem = AuthorityForTest().certificate_pem()});
  EXPECT_CODE(kUnavailable, response);
  EXPECT_NE(response.error().text().find("issuer certificate"), std::string::npos)
      << response.error().text();
  EXPECT_CODE(kUnavailable, get(server.url("/")));
}

TEST_F(TlsTest, AConnectionIsNotReusedByWhoTrustsSomebodyElse) {
  HttpServerForTest server(as("127.0.0.1"));
  ASSERT_TRUE(get_with(server, trusting_).ok());
  EXPECT_CODE(kUnavailable, get_with(server, {.ca_pem = AuthorityForTest().certificate_pem()}));
  HttpTls::Options insecure;
  insecure.insecure = true;
  ASSERT_TRUE(get_with(server, insecure).ok());
  EXPECT_CODE(kUnavailable, get_with(server, {.ca_pem = AuthorityForTest().certificate_pem()}));
}

TEST_F(TlsTest, AnotherHostsCertificateIsRefused) {
  HttpServerForTest server(as("example.com"));
  EXPECT_CODE(kUnavailable, get_with(server, trusting_));
}

TEST_F(TlsTest, TheServerNameMayBeGiven) {
  HttpServerForTest server(as("example.com"));
  HttpTls::Options options = trusting_;
  options.server_name = "example.com";
  const auto response = get_with(server, options);
  ASSERT_TRUE(response.ok()) << response.error().text();
  const std::string host = "Host: 127.0.0.1:" + std::to_string(server.port());
  EXPECT_NE(response->body.find(host), std::string::npos) << response->body;
  options.server_name = "example.org";
  EXPECT_CODE(kUnavailable, get_with(server, options));
  for (const char* name : {"example.com/", "user@example.com", "example.com:1", "a b"}) {
    options.server_name = name;
    EXPECT_CODE(kInvalid, get_with(server, options));
  }
}

TEST_F(TlsTest, AnExpiredCertificateIsRefused) {
  HttpServerForTest server(as("127.0.0.1", -1h));
  const auto response = get_with(server, trusting_);
  EXPECT_CODE(kUnavailable, response);
  EXPECT_NE(response.error().text().find("expired"), std::string::npos) << response.error().text();
}

TEST_F(TlsTest, AFileOfAuthoritiesMayTakeThePlaceOfTheSystems) {
  const std::string path = ::testing::TempDir() + "/plumb_http_ca.pem";
  std::ofstream(path) << authority_.certificate_pem();
  HttpServerForTest server(as("127.0.0.1"));
  CurlHttp http(executor_, {.ca_file = path});
  const auto response = http.send(context_, {.url = server.url("/")});
  EXPECT_TRUE(response.ok()) << response.error().text();
  CurlHttp without(executor_, {.ca_file = path + ".missing"});
  EXPECT_CODE(kInvalid, without.send(context_, {.url = server.url("/")}));
}

TEST_F(TlsTest, IdentitiesAreParsedOnce) {
  TlsIdentities identities("");
  const auto get = [&](const HttpTls& tls) { return identities.get(&tls).value_or(nullptr); };
  const auto first = get(HttpTls(trusting_));
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(get(HttpTls(trusting_)), first);
  EXPECT_NE(get(HttpTls({.ca_pem = AuthorityForTest().certificate_pem()})), first);
  EXPECT_EQ(get(HttpTls(trusting_)), first);
}

TEST_F(TlsTest, InsecureAcceptsAnything) {
  HttpServerForTest server(as("example.com", -1h));
  HttpTls::Options options;
  options.insecure = true;
  EXPECT_TRUE(get_with(server, options).ok());
}

class ClientCertificateTest : public TlsTest {
 protected:
  HttpTls::Options client(const CertificateForTest& pair) const {
    HttpTls::Options options = trusting_;
    options.certificate_pem = pair.certificate_pem;
    options.key_pem = pair.key_pem;
    return options;
  }
  HttpServerForTest::Options wanting_clients() const {
    auto options = as("127.0.0.1");
    options.client_ca_pem = authority_.certificate_pem();
    return options;
  }

  const CertificateForTest me_ = authority_.issue("me");
};

TEST_F(ClientCertificateTest, IsPresented) {
  HttpServerForTest server(wanting_clients());
  const auto response = get_with(server, client(me_));
  ASSERT_TRUE(response.ok()) << response.error().text();
}

TEST_F(ClientCertificateTest, IsMissed) {
  HttpServerForTest server(wanting_clients());
  const auto response = get_with(server, trusting_);
  EXPECT_CODE(kUnauthenticated, response);
  EXPECT_FALSE(response.error().transient());
}

TEST_F(ClientCertificateTest, OfAStrangerIsRefused) {
  HttpServerForTest server(wanting_clients());
  EXPECT_CODE(kUnauthenticated, get_with(server, client(AuthorityForTest().issue("me"))));
}

TEST_F(ClientCertificateTest, DoesNotLendItsConnection) {
  HttpServerForTest server(wanting_clients());
  ASSERT_TRUE(get_with(server, client(me_)).ok());
  EXPECT_CODE(kUnauthenticated, get_with(server, trusting_));
  // A certificate is public; who has it without its key must not get its owner's connection.
  EXPECT_CODE(kInvalid,
              get_with(server, client({me_.certificate_pem, authority_.issue("me").key_pem})));
}

TEST_F(ClientCertificateTest, StaysWithItsOriginWhenRedirected) {
  HttpServerForTest elsewhere(wanting_clients());
  auto options = wanting_clients();
  options.handler = [&](ConnectionForTest& connection, const RequestForTest&) {
    return connection.write(response_for_test(302, {{"Location", elsewhere.url("/")}}, ""));
  };
  HttpServerForTest server(std::move(options));
  const auto response = http_.send(context_, {.url = server.url("/"),
                                              .tls = std::make_shared<HttpTls>(client(me_)),
                                              .redirects = HttpRedirects::kFollow});
  EXPECT_CODE(kUnauthenticated, response);
  EXPECT_NE(response.error().text().find(elsewhere.url("/")), std::string::npos);
}

TEST_F(ClientCertificateTest, ThatIsUnusableIsNamed) {
  HttpServerForTest server(wanting_clients());
  const struct {
    const char* what;
    HttpTls::Options options;
    const char* message;
  } cases[] = {
      {"no key", client({me_.certificate_pem, ""}), "client certificate has no key"},
      {"no certificate", client({"", me_.key_pem}), "client key has no certificate"},
      {"no PEM", client({"x", me_.key_pem}), "client certificate has no PEM block"},
      {"a damaged key", client({me_.certificate_pem, me_.key_pem.substr(0, 100)}), "client key"},
      {"no PEM in the CA bundle", {.ca_pem = "x"}, "CA bundle has no PEM block"},
      {"a damaged CA bundle",
       {.ca_pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"},
       "CA bundle is damaged"},
  };
  for (const auto& [what, options, message] : cases) {
    SCOPED_TRACE(what);
    const auto response = get_with(server, options);
    EXPECT_CODE(kInvalid, response);
    EXPECT_NE(response.error().text().find(message), std::string::npos) << response.error().text();
  }
}

TEST_F(TlsTest, DigestsTellOptionsApart) {
  const auto digest = [](HttpTls::Options options) { return HttpTls(std::move(options)).digest(); };
  EXPECT_EQ(digest({.ca_pem = "a"}), digest({.ca_pem = "a"}));
  EXPECT_NE(digest({.ca_pem = "ab"}), digest({.ca_pem = "a", .certificate_pem = "b"}));
  EXPECT_NE(digest({}), digest({.insecure = true}));
}

}  // namespace
}  // namespace plumb::env
