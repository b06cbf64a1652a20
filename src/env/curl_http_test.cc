#include "env/curl_http.h"

#include <cstdlib>

#include "env/curl_http_for_test.h"
#include "env/event.h"
#include "env/task_group.h"

namespace plumb::env {
namespace {

using Http1Test = CurlHttpTest;

TEST_F(Http1Test, SendsExactlyTheHeadersOfTheRequest) {
  HttpServerForTest server(echo);
  const auto response =
      http_.send(context_, {.method = "PATCH",
                            .url = server.url("/a/../b%2F?q=1"),
                            .headers = {{"X-One", "1"}, {"x-one", "2"}, {"Empty", ""}},
                            .body = "hello",
                            .decompress = false});
  ASSERT_TRUE(response.ok()) << response.error().text();
  EXPECT_EQ(response->body,
            "PATCH /a/../b%2F?q=1\nHost: 127.0.0.1:" + std::to_string(server.port()) +
                "\nX-One: 1\nx-one: 2\nEmpty: \nUser-Agent: plumbline\n"
                "Content-Length: 5\n\nhello");
}

TEST_F(Http1Test, HeadersOfTheResponseKeepOrderAndRepeats) {
  HttpServerForTest server([](ConnectionForTest& connection, const RequestForTest&) {
    return connection.write(response_for_test(404, {{"B", "1"}, {"a", "x:y"}, {"b", "2"}}, "no"));
  });
  const auto response = get(server.url("/x"));
  ASSERT_TRUE(response.ok()) << response.error().text();
  EXPECT_EQ(response->status, 404);
  EXPECT_EQ(response->version, HttpVersion::k1_1);
  EXPECT_EQ(response->url, server.url("/x"));
  EXPECT_EQ(response->body, "no");
  EXPECT_EQ(response->headers,
            (HttpHeaders{{"B", "1"}, {"a", "x:y"}, {"b", "2"}, {"Content-Length", "2"}}));
  EXPECT_EQ(response->headers.all("B"), (std::vector<std::string>{"1", "2"}));
}

TEST_F(Http1Test, InterimResponsesAreSkipped) {
  HttpServerForTest server([](ConnectionForTest& connection, const RequestForTest&) {
    connection.write("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
    return connection.write(response_for_test(200, {{"A", "b"}}, "ok"));
  });
  const auto response = get(server.url("/"));
  ASSERT_TRUE(response.ok()) << response.error().text();
  EXPECT_EQ(response->status, 200);
  EXPECT_FALSE(response->headers.has("Link"));
}

TEST_F(Http1Test, SequentialRequestsShareAConnection) {
  HttpServerForTest server(echo);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(get(server.url("/")).ok());
  EXPECT_EQ(server.connections(), 1u);
  EXPECT_EQ(http_.counters().connections_opened, 1u);
  EXPECT_EQ(http_.counters().connections_reused, 4u);
  EXPECT_EQ(http_.counters().requests, (std::map<std::string, uint64_t>{{"GET", 5}}));
}

TEST_F(Http1Test, AConnectionClosedWhileIdleIsReplaced) {
  HttpServerForTest server([](ConnectionForTest& connection, const RequestForTest&) {
    connection.write(response_for_test(200, {}, "ok"));
    return false;
  });
  for (int i = 0; i < 3; ++i) {
    const auto response =
        http_.send(context_, {.method = "POST", .url = server.url("/"), .body = "x"});
    ASSERT_TRUE(response.ok()) << response.error().text();
  }
  EXPECT_EQ(server.connections(), 3u);
}

TEST_F(Http1Test, ManyRequestsOpenFewConnections) {
  HttpServerForTest server(echo);
  TaskGroup tasks(executor_, context_, "gets", 100);
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(
        tasks
            .spawn("get",
                   [&](const Context& context) -> base::Status {
                     PLUMB_TRY(const auto response, http_.send(context, {.url = server.url("/")}));
                     return response.status == 200 ? base::ok() : base::internal("bad status");
                   })
            .ok());
  }
  const auto all = tasks.wait();
  ASSERT_TRUE(all.ok()) << all.error().text();
  EXPECT_EQ(server.requests(), 100u);
  EXPECT_LE(server.connections(), 4u);
}

TEST_F(Http1Test, ChunkedBodiesArrivePieceByPiece) {
  HttpServerForTest server([](ConnectionForTest& connection, const RequestForTest&) {
    return connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n") &&
           connection.write("3\r\nabc\r\n4\r\ndefg\r\n0\r\nTrailer: x\r\n\r\n");
  });
  auto stream = http_.open(context_, {.url = server.url("/")});
  ASSERT_TRUE(stream.ok()) << stream.error().text();
  EXPECT_EQ(read_all(**stream).value_or("error"), "abcdefg");
}

TEST_F(Http1Test, AWatchReadsWhatIsSentWhileItIsOpen) {
  HttpServerForTest server([](ConnectionForTest& connection, const RequestForTest&) {
    connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
    connection.hang();
    return false;
  });
  auto stream = http_.open(context_, {.url = server.url("/"), .pool = HttpPool::kWatch});
  ASSERT_TRUE(stream.ok()) << stream.error().text();
  const auto piece = (*stream)->read(context_);
  ASSERT_TRUE(piece.ok()) << piece.error().text();
  EXPECT_EQ(*piece, "one");
}

TEST_F(Http1Test, WatchesDoNotCountAgainstTheLimitOfConnections) {
  HttpServerForTest server([](ConnectionForTest& connection, const RequestForTest& request) {
    if (request.target == "/get") return connection.write(response_for_test(200, {}, "ok"));
    connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    connection.hang();
    return false;
  });
  std::vector<std::unique_ptr<HttpStream>> watches;
  for (int i = 0; i < 12; ++i) {
    auto stream = http_.open(context_, {.url = server.url("/watch"), .pool = HttpPool::kWatch});
    ASSERT_TRUE(stream.ok()) << stream.error().text();
    watches.push_back(*std::move(stream));
  }
  EXPECT_TRUE(get(server.url("/get")).ok());
}

TEST_F(Http1Test, ASlowReaderHoldsUpTheServer) {
  constexpr uint64_t kSize = 256 * 1024 * 1024;
  Event stuck(executor_, "the server's writes to come to rest");
  HttpServerForTest server([&](ConnectionForTest& connection, const RequestForTest&) {
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(kSize) + "\r\n\r\n");
    const std::string piece(16 * 1024, 'x');
    for (uint64_t sent = 0; sent < kSize; sent += piece.size()) {
      if (!connection.writable(std::chrono::milliseconds(200))) stuck.set();
      if (!connection.write(piece)) break;
    }
    stuck.set();
    return false;
  });
  HttpRequest request{.url = server.url("/"), .pool = HttpPool::kDownload};
  request.limits.body_bytes = kSize;
  auto stream = http_.open(context_, request);
  ASSERT_TRUE(stream.ok()) << stream.error().text();
  ASSERT_TRUE(stuck.wait(context_).ok());
  // Only socket buffers and ours have taken something.
  EXPECT_LT(server.bytes_written(), kSize / 4);
  uint64_t read = 0;
  while (true) {
    const auto piece = (*stream)->read(context_);
    ASSERT_TRUE(piece.ok()) << piece.error().text();
    if (!*piece) break;
    EXPECT_LE((*piece)->size(), Http::kReadAhead + 64 * 1024);
    read += (*piece)->size();
  }
  EXPECT_EQ(read, kSize);
}

TEST_F(Http1Test, BodiesAreReadFromASource) {
  HttpServerForTest server(echo);
  for (const bool announced : {true, false}) {
    int left = 3;
    HttpUpload upload{.source = [&](const Context&) -> base::Result<std::optional<std::string>> {
      if (left-- == 0) return std::optional<std::string>();
      return std::optional(std::string(100'000, static_cast<char>('a' + left)));
    }};
    if (announced) upload.length = 300'000;
    const auto response =
        http_.send(context_, {.method = "PUT", .url = server.url("/"), .body = std::move(upload)});
    ASSERT_TRUE(response.ok()) << response.error().text();
    const std::string want =
        std::string(100'000, 'c') + std::string(100'000, 'b') + std::string(100'000, 'a');
    EXPECT_TRUE(response->body.ends_with("\n" + want));
    EXPECT_EQ(response->body.find("Content-Length: 300000") != std::string::npos, announced);
  }
}

TEST_F(Http1Test, AnErrorOfTheSourceIsTheRequests) {
  HttpServerForTest server(echo);
  HttpUpload upload{.source = [](const Context&) -> base::Result<std::optional<std::string>> {
    return base::conflict("changed while it was read");
  }};
  const auto response =
      http_.send(context_, {.method = "PUT", .url = server.url("/"), .body = std::move(upload)});
  EXPECT_CODE(kConflict, response);
}

TEST_F(Http1Test, ASourceMustHaveTheAnnouncedLength) {
  HttpServerForTest server(echo);
  for (const uint64_t length : {2u, 4u}) {
    bool done = false;
    HttpUpload upload{.source = [&](const Context&) -> base::Result<std::optional<std::string>> {
                        if (std::exchange(done, true)) return std::optional<std::string>();
                        return std::optional<std::string>("abc");
                      },
                      .length = length};
    const auto response =
        http_.send(context_, {.method = "PUT", .url = server.url("/"), .body = std::move(upload)});
    EXPECT_CODE(kInvalid, response);
  }
}

TEST_F(Http1Test, AnAnswerMayComeBeforeTheBodyIsSent) {
  HttpServerForTest server(HttpServerForTest::Options{.speaker = [](ConnectionForTest& connection) {
    connection.read();
    connection.write("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
    connection.hang();
  }});
  HttpUpload upload{.source = [](const Context&) -> base::Result<std::optional<std::string>> {
    return std::optional(std::string(64 * 1024, 'x'));
  }};
  const auto response =
      http_.send(context_, {.method = "PUT", .url = server.url("/"), .body = std::move(upload)});
  ASSERT_TRUE(response.ok()) << response.error().text();
  EXPECT_EQ(response->status, 413);
}

TEST_F(Http1Test, TheEnvironmentNamesNoProxy) {
  HttpServerForTest server(echo);
  ASSERT_EQ(::setenv("http_proxy", "http://127.0.0.1:1", 1), 0);
  const auto response = get(server.url("/"));
  ::unsetenv("http_proxy");
  EXPECT_TRUE(response.ok()) << response.error().text();
}

}  // namespace
}  // namespace plumb::env
