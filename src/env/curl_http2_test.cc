// HTTP/2: streams that share connections.
#include "env/curl_http_for_test.h"
#include "env/event.h"
#include "env/http2_server_for_test.h"
#include "env/task_group.h"

namespace plumb::env {
namespace {

class Http2Test : public CurlHttpTest {
 protected:
  HttpServerForTest::Options with_tls(Http2HandlerForTest handler) {
    return {.handler = echo,
            .http2 = http2_for_test(std::move(handler)),
            .certificate = authority_.issue("127.0.0.1")};
  }
  HttpRequest request(const HttpServerForTest& server, const std::string& target) const {
    return {.url = server.url(target), .tls = tls_};
  }
  static Http2ReplyForTest reply(const RequestForTest& request) {
    return {.headers = {{"x-method", request.method}}, .body = request.target + request.body};
  }

  AuthorityForTest authority_;
  std::shared_ptr<const HttpTls> tls_ =
      std::make_shared<HttpTls>(HttpTls::Options{.ca_pem = authority_.certificate_pem()});
};

TEST_F(Http2Test, IsUsedWhereTheServerOffersIt) {
  HttpServerForTest server(with_tls(reply));
  auto post = request(server, "/a");
  post.method = "POST";
  post.body = "body";
  const auto response = http_.send(context_, post);
  ASSERT_TRUE(response.ok()) << response.error().text();
  EXPECT_EQ(response->version, HttpVersion::k2);
  EXPECT_EQ(response->headers.get("X-Method"), "POST");
  EXPECT_EQ(response->body, "/abody");
}

TEST_F(Http2Test, IsNotUsedWhereTheRequestForbidsIt) {
  HttpServerForTest server(with_tls(reply));
  auto get = request(server, "/");
  get.version = HttpVersion::k1_1;
  const auto response = http_.send(context_, get);
  ASSERT_TRUE(response.ok()) << response.error().text();
  EXPECT_EQ(response->version, HttpVersion::k1_1);
}

TEST_F(Http2Test, WorksInTheClearWithPriorKnowledge) {
  HttpServerForTest server({.handler = echo, .http2 = http2_for_test(reply)});
  const auto response =
      http_.send(context_, {.url = server.url("/clear"), .version = HttpVersion::k2});
  ASSERT_TRUE(response.ok()) << response.error().text();
  EXPECT_EQ(response->version, HttpVersion::k2);
  EXPECT_EQ(response->body, "/clear");
}

TEST_F(Http2Test, SourcesOfUnknownLengthAreSent) {
  HttpServerForTest server(with_tls(reply));
  auto put = request(server, "/");
  put.method = "PUT";
  int left = 3;
  put.body = HttpUpload{.source = [&](const Context&) -> base::Result<std::optional<std::string>> {
    if (left-- == 0) return std::optional<std::string>();
    return std::optional(std::string(50'000, 'x'));
  }};
  const auto response = http_.send(context_, put);
  ASSERT_TRUE(response.ok()) << response.error().text();
  EXPECT_EQ(response->body.size(), 150'001u);
}

TEST_F(Http2Test, TwoHundredStreamsAtOnceShareFourConnections) {
  constexpr int kStreams = 200;
  std::atomic<int> arrived = 0;
  HttpServerForTest server(with_tls([&](const RequestForTest& request) {
    ++arrived;
    auto answer = reply(request);
    // Nobody is answered before all have asked: they really are streams at the same time.
    answer.ready = [&] { return arrived == kStreams; };
    return answer;
  }));
  TaskGroup tasks(executor_, context_, "streams", kStreams);
  for (int i = 0; i < kStreams; ++i) {
    const auto spawned = tasks.spawn("get", [&, i](const Context& context) -> base::Status {
      const std::string target = "/" + std::to_string(i);
      PLUMB_TRY(const auto response, http_.send(context, request(server, target)));
      return response.body == target ? base::ok() : base::internal("somebody else's body");
    });
    ASSERT_TRUE(spawned.ok()) << spawned.error().text();
  }
  const auto all = tasks.wait();
  ASSERT_TRUE(all.ok()) << all.error().text();
  EXPECT_LE(server.connections(), 4u);
  EXPECT_EQ(http_.counters().connections_opened, server.connections());
  EXPECT_EQ(http_.counters().connections_reused, kStreams - server.connections());
}

TEST_F(Http2Test, WatchesShareConnectionsOfTheirOwn) {
  HttpServerForTest server(with_tls([](const RequestForTest& request) {
    auto answer = reply(request);
    answer.stay_open = request.target == "/watch";
    return answer;
  }));
  std::vector<std::unique_ptr<HttpStream>> watches;
  for (int i = 0; i < 50; ++i) {
    auto watch = request(server, "/watch");
    watch.pool = HttpPool::kWatch;
    auto stream = http_.open(context_, watch);
    ASSERT_TRUE(stream.ok()) << stream.error().text();
    EXPECT_EQ((*stream)->read(context_).value_or(std::nullopt), "/watch");
    watches.push_back(*std::move(stream));
  }
  EXPECT_EQ(server.connections(), 1u);
  ASSERT_TRUE(http_.send(context_, request(server, "/get")).ok());
  EXPECT_EQ(server.connections(), 2u);
}

TEST_F(Http2Test, WatchesThatStartTogetherWaitForOneConnection) {
  HttpServerForTest server(with_tls([](const RequestForTest& request) {
    auto answer = reply(request);
    answer.stay_open = true;
    return answer;
  }));
  std::array<std::unique_ptr<HttpStream>, 50> watches;
  TaskGroup tasks(executor_, context_, "watches", watches.size());
  for (auto& watch : watches) {
    const auto spawned = tasks.spawn("watch", [&](const Context& context) -> base::Status {
      auto request = this->request(server, "/watch");
      request.pool = HttpPool::kWatch;
      PLUMB_TRY(watch, http_.open(context, std::move(request)));
      return base::ok();
    });
    ASSERT_TRUE(spawned.ok()) << spawned.error().text();
  }
  const auto all = tasks.wait();
  ASSERT_TRUE(all.ok()) << all.error().text();
  EXPECT_EQ(server.connections(), 1u);
}

TEST_F(Http2Test, DownloadsHaveAConnectionEach) {
  HttpServerForTest server(with_tls(reply));
  auto download = request(server, "/");
  download.pool = HttpPool::kDownload;
  std::vector<std::unique_ptr<HttpStream>> streams;
  for (int i = 0; i < 3; ++i) {
    auto stream = http_.open(context_, download);
    ASSERT_TRUE(stream.ok()) << stream.error().text();
    EXPECT_EQ((*stream)->head().version, HttpVersion::k1_1);
    streams.push_back(*std::move(stream));
  }
}

TEST_F(Http2Test, AReaderFarBehindLosesItsStreamAndNobodyElses) {
  const std::string body(2 * Http::kHttp2ReadAhead, 'x');
  HttpServerForTest server(with_tls([&](const RequestForTest& request) {
    auto answer = reply(request);
    if (request.target == "/large") answer.body = body;
    return answer;
  }));
  auto large = request(server, "/large");
  auto stream = http_.open(context_, large);
  ASSERT_TRUE(stream.ok()) << stream.error().text();
  // The connection goes on while nobody reads that stream; each request lets it move.
  while (http_.counters().bytes_received < Http::kHttp2ReadAhead) {
    ASSERT_TRUE(http_.send(context_, request(server, "/small")).ok());
  }
  base::Result<std::optional<std::string>> piece = std::optional<std::string>();
  uint64_t read = 0;
  while ((piece = (*stream)->read(context_)).ok()) {
    ASSERT_TRUE(piece->has_value()) << "the whole body fitted";
    read += (*piece)->size();
  }
  EXPECT_CODE(kUnavailable, piece);
  EXPECT_LE(read, Http::kHttp2ReadAhead + 64 * 1024);
  // send() reads a whole body of that size, up to its limit.
  large.limits.body_bytes = body.size();
  const auto whole = http_.send(context_, large);
  ASSERT_TRUE(whole.ok()) << whole.error().text();
  EXPECT_EQ(whole->body.size(), body.size());
}

TEST_F(Http2Test, CancellingOneStreamLeavesTheOthers) {
  HttpServerForTest server(with_tls([](const RequestForTest& request) {
    auto answer = reply(request);
    answer.stay_open = request.target == "/open";
    return answer;
  }));
  for (int i = 0; i < 10; ++i) {
    auto stream = http_.open(context_, request(server, "/open"));
    ASSERT_TRUE(stream.ok()) << stream.error().text();
    stream->reset();
    EXPECT_TRUE(http_.send(context_, request(server, "/get")).ok());
  }
  EXPECT_EQ(server.connections(), 1u);
}

}  // namespace
}  // namespace plumb::env
