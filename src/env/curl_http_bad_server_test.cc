// What CurlHttp makes of servers that misbehave, and of callers that give up.
#include <functional>

#include "env/curl_http_for_test.h"
#include "env/event.h"

namespace plumb::env {
namespace {

using namespace std::chrono_literals;

using BadServerTest = CurlHttpTest;

// Reads a request, answers with these bytes, and closes.
HttpServerForTest::Options says(std::string bytes) {
  return {.speaker = [bytes = std::move(bytes)](ConnectionForTest& connection) {
    if (read_request_for_test(connection)) connection.write(bytes);
  }};
}

// Accepts, and says these bytes and nothing more.
HttpServerForTest::Options hangs_after(std::string bytes) {
  return {.speaker = [bytes = std::move(bytes)](ConnectionForTest& connection) {
    connection.write(bytes);
    connection.hang();
  }};
}

TEST_F(BadServerTest, NobodyListens) {
  std::string url;
  {
    HttpServerForTest server(echo);
    url = server.url("/");
  }
  const auto response = get(url);
  EXPECT_CODE(kUnavailable, response);
  EXPECT_TRUE(response.error().transient());
  EXPECT_EQ(response.error().message().find("GET " + url), 0u) << response.error().message();
}

TEST_F(BadServerTest, AHostThatDoesNotExist) {
  EXPECT_CODE(kUnavailable, get("http://no-such-host.invalid/"));
}

TEST_F(BadServerTest, AnswersThatAreBrokenOff) {
  const struct {
    const char* what;
    const char* bytes;
  } cases[] = {
      {"nothing at all", ""},
      {"half of a head", "HTTP/1.1 200 OK\r\nContent-Le"},
      {"not HTTP", "SSH-2.0-OpenSSH_9.2\r\n"},
      {"a short body", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"},
      {"a short chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"},
      {"no last chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n"},
      {"a chunk of no size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"},
      {"no gzip", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"},
  };
  for (const auto& [what, bytes] : cases) {
    SCOPED_TRACE(what);
    HttpServerForTest server(says(bytes));
    EXPECT_CODE(kUnavailable, get(server.url("/")));
  }
}

TEST_F(BadServerTest, AGzipBodyThatIsCutOff) {
  const std::string whole = gzip_for_test("some text that is long enough to be cut");
  HttpServerForTest server([&](ConnectionForTest& connection, const RequestForTest&) {
    return connection.write(
        response_for_test(200, {{"Content-Encoding", "gzip"}}, whole.substr(0, whole.size() - 6)));
  });
  EXPECT_CODE(kUnavailable, get(server.url("/")));
}

TEST_F(BadServerTest, AResetInTheBody) {
  HttpServerForTest server({.speaker = [](ConnectionForTest& connection) {
    read_request_for_test(connection);
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
    connection.reset();
  }});
  EXPECT_CODE(kUnavailable, get(server.url("/")));
}

TEST_F(BadServerTest, WhatCameBeforeABreakIsRead) {
  HttpServerForTest server(says("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"));
  auto stream = http_.open(context_, {.url = server.url("/")});
  ASSERT_TRUE(stream.ok()) << stream.error().text();
  EXPECT_EQ((*stream)->read(context_).value_or(std::nullopt), "abc");
  EXPECT_CODE(kUnavailable, (*stream)->read(context_));
}

TEST_F(BadServerTest, HeadersAreLimited) {
  std::string head = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 1000; ++i)
    head += "X-" + std::to_string(i) + ": " + std::string(90, 'x') + "\r\n";
  HttpServerForTest server(says(head + "Content-Length: 0\r\n\r\n"));
  EXPECT_CODE(kTooLarge, get(server.url("/")));
  HttpRequest request{.url = server.url("/")};
  request.limits.header_bytes = 200'000;
  EXPECT_TRUE(http_.send(context_, request).ok());
}

TEST_F(BadServerTest, EndlessHeadersAreLimited) {
  HttpServerForTest server({.speaker = [](ConnectionForTest& connection) {
    read_request_for_test(connection);
    connection.write("HTTP/1.1 200 OK\r\n");
    while (connection.write("X: " + std::string(1000, 'x') + "\r\n")) {
    }
  }});
  EXPECT_CODE(kTooLarge, get(server.url("/")));
}

TEST_F(BadServerTest, BodiesAreLimited) {
  const std::string body(1000, 'x');
  HttpServerForTest server([&](ConnectionForTest& connection, const RequestForTest& request) {
    if (request.target == "/announced") return connection.write(response_for_test(200, {}, body));
    connection.write("HTTP/1.1 200 OK\r\n\r\n" + body);
    return false;
  });
  for (const char* target : {"/announced", "/until-the-end"}) {
    HttpRequest request{.url = server.url(target)};
    request.limits.body_bytes = 999;
    EXPECT_CODE(kTooLarge, http_.send(context_, request));
    request.limits.body_bytes = 1000;
    EXPECT_TRUE(http_.send(context_, request).ok());
  }
}

TEST_F(BadServerTest, AGzipBombIsStoppedAtTheLimit) {
  const std::string bomb = gzip_for_test(std::string(64 * 1024 * 1024, '\0'));
  ASSERT_LT(bomb.size(), 100'000u);
  HttpServerForTest server([&](ConnectionForTest& connection, const RequestForTest&) {
    return connection.write(response_for_test(200, {{"Content-Encoding", "gzip"}}, bomb));
  });
  HttpRequest request{.url = server.url("/")};
  request.limits.body_bytes = 1024 * 1024;
  auto stream = http_.open(context_, request);
  ASSERT_TRUE(stream.ok()) << stream.error().text();
  uint64_t read = 0;
  while (true) {
    const auto piece = (*stream)->read(context_);
    if (!piece.ok()) {
      EXPECT_CODE(kTooLarge, piece);
      break;
    }
    ASSERT_TRUE(piece->has_value());
    EXPECT_LE((*piece)->size(), Http::kReadAhead);
    read += (*piece)->size();
  }
  EXPECT_LE(read, request.limits.body_bytes);
}

TEST_F(BadServerTest, SilenceEndsARequest) {
  const char* const heads[] = {"", "HTTP/1.1 200 OK\r\nX: half",
                               "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc"};
  for (const char* head : heads) {
    SCOPED_TRACE(head);
    HttpServerForTest server(hangs_after(head));
    HttpRequest request{.url = server.url("/")};
    request.limits.idle = 20ms;
    const auto response = http_.send(context_, request);
    EXPECT_CODE(kUnavailable, response);
    EXPECT_TRUE(response.error().transient());
    EXPECT_NE(response.error().text().find("20 ms"), std::string::npos) << response.error().text();
  }
}

TEST_F(BadServerTest, TheDeadlineEndsARequest) {
  const char* const heads[] = {"", "HTTP/1.1 200 OK\r\nX: half",
                               "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc"};
  for (const char* head : heads) {
    SCOPED_TRACE(head);
    HttpServerForTest server(hangs_after(head));
    EXPECT_CODE(kDeadlineExceeded,
                http_.send(context_.with_timeout(20ms), {.url = server.url("/")}));
  }
}

TEST_F(BadServerTest, ATlsHandshakeThatDoesNotAnswerEndsWithTheDeadlineOrTheConnectTimeout) {
  HttpServerForTest server(hangs_after(""));
  HttpRequest request{.url = "https://127.0.0.1:" + std::to_string(server.port()) + "/"};
  EXPECT_CODE(kDeadlineExceeded, http_.send(context_.with_timeout(20ms), request));
  request.limits.connect = 20ms;
  EXPECT_CODE(kUnavailable, http_.send(context_, request));
}

TEST_F(BadServerTest, AStopEndsARequest) {
  Event asked(executor_, "the request to arrive");
  HttpServerForTest server([&](ConnectionForTest& connection, const RequestForTest&) {
    asked.set();
    connection.hang();
    return false;
  });
  StopSource stop;
  Event ended(executor_, "the request to end");
  std::optional<base::Code> code;
  const auto task = executor_.spawn("get", [&] {
    const auto response =
        http_.send(context_.with_stop(stop.get_token()), {.url = server.url("/")});
    if (!response.ok()) code = response.error().code();
    ended.set();
  });
  ASSERT_TRUE(task.ok());
  ASSERT_TRUE(asked.wait(context_).ok());
  stop.request_stop();
  ASSERT_TRUE(ended.wait(context_).ok());
  EXPECT_EQ(code, base::Code::kCancelled);
}

TEST_F(BadServerTest, AReadThatRanOutOfTimeMayBeRepeated) {
  Event go_on(executor_, "the first read to end");
  HttpServerForTest server([&](ConnectionForTest& connection, const RequestForTest&) {
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n");
    return go_on.wait(context_).ok() && connection.write("abc");
  });
  auto stream = http_.open(context_, {.url = server.url("/")});
  ASSERT_TRUE(stream.ok()) << stream.error().text();
  EXPECT_CODE(kDeadlineExceeded, (*stream)->read(context_.with_timeout(10ms)));
  go_on.set();
  EXPECT_EQ((*stream)->read(context_).value_or(std::nullopt), "abc");
}

TEST_F(BadServerTest, DroppingAStreamClosesItsConnection) {
  Event closed(executor_, "the server to see the end");
  HttpServerForTest server([&](ConnectionForTest& connection, const RequestForTest&) {
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
    connection.hang();
    closed.set();
    return false;
  });
  {
    ASSERT_TRUE(http_.open(context_, {.url = server.url("/")}).ok());
  }
  EXPECT_TRUE(closed.wait(context_).ok());
}

TEST_F(BadServerTest, ShuttingDownEndsWhatIsInFlight) {
  HttpServerForTest server(hangs_after("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc"));
  auto http = std::make_unique<CurlHttp>(executor_);
  std::vector<std::unique_ptr<HttpStream>> streams;
  for (int i = 0; i < 3; ++i) {
    auto stream = http->open(context_, {.url = server.url("/"), .pool = HttpPool::kWatch});
    ASSERT_TRUE(stream.ok()) << stream.error().text();
    ASSERT_EQ((*stream)->read(context_).value_or(std::nullopt), "abc");
    streams.push_back(*std::move(stream));
  }
  http.reset();
  for (const auto& stream : streams) EXPECT_CODE(kCancelled, stream->read(context_));
}

TEST_F(BadServerTest, ErrorsHaveNoSecrets) {
  HttpServerForTest server(says("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nSECRET"));
  const std::string port = std::to_string(server.port());
  for (const std::string& url : {"http://SECRET:SECRET@127.0.0.1:" + port + "/p?token=SECRET",
                                 std::string("http://SECRET:SECRET@127.0.0.1:1/p?token=SECRET")}) {
    const auto response =
        http_.send(context_, {.method = "POST",
                              .url = url,
                              .headers = {{"Authorization", bearer_authorization("SECRET")}},
                              .body = "SECRET"});
    ASSERT_FALSE(response.ok());
    EXPECT_EQ(response.error().text().find("SECRET"), std::string::npos) << response.error().text();
    EXPECT_NE(response.error().text().find("/p?…"), std::string::npos) << response.error().text();
  }
}

}  // namespace
}  // namespace plumb::env
