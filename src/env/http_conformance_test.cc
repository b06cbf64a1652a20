// What holds for every Http, the real and the simulated.
#include "env/event.h"
#include "env/http_worlds_for_test.h"

namespace plumb::env {
namespace {

using namespace std::chrono_literals;

using Piece = base::Result<std::optional<std::string>>;

// A body that is given in these pieces.
HttpBodySource pieces_of(std::vector<std::string> pieces) {
  auto left = std::make_shared<std::vector<std::string>>(std::move(pieces));
  return [left](const Context&) -> Piece {
    if (left->empty()) return std::optional<std::string>();
    std::optional<std::string> piece = left->front();
    left->erase(left->begin());
    return piece;
  };
}

SimulatedResponse echo(const Context&, const SimulatedRequest& request) {
  const auto authorization = request.headers.get("Authorization");
  return {.headers = {{"Seen-Authorization", std::string(authorization.value_or("none"))},
                      {"Seen-Cookie", std::string(request.headers.get("Cookie").value_or("none"))}},
          .body = request.method + " " + request.url.target + " " + request.body};
}

template <typename World>
class HttpConformance : public ::testing::Test {
 protected:
  // Runs `body` as the world's only task; errors of send() and open() are checked with code().
  void run(const std::function<void(Http&, const Context&)>& body) {
    world_.run([&] { body(world_.http(), Context(world_.executor().clock())); });
  }
  std::string serve(SimulatedServer server) { return world_.serve(std::move(server)); }

  template <typename T>
  static std::optional<base::Code> code(const base::Result<T>& result) {
    if (result.ok()) return std::nullopt;
    return result.error().code();
  }
  static std::string body(const base::Result<HttpResponse>& response) {
    return response.ok() ? response->body : response.error().text();
  }

  World world_;
};

TYPED_TEST_SUITE(HttpConformance, HttpWorlds, HttpWorldNames);

TYPED_TEST(HttpConformance, MethodTargetHeadersAndBodyArrive) {
  const std::string origin = this->serve(echo);
  this->run([&](Http& http, const Context& context) {
    const auto response = http.send(context, {.method = "PUT",
                                              .url = origin + "/a?b=c",
                                              .headers = {{"authorization", "x"}},
                                              .body = "text"});
    EXPECT_EQ(this->body(response), "PUT /a?b=c text");
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->headers.get("seen-authorization"), "x");
    EXPECT_EQ(response->headers.get("content-length"), "15");
    EXPECT_EQ(response->url, origin + "/a?b=c");
  });
}

TYPED_TEST(HttpConformance, StatusesAreNotErrors) {
  for (const int status : {204, 301, 404, 429, 500, 503}) {
    const std::string origin = this->serve([status](const Context&, const SimulatedRequest&) {
      return SimulatedResponse{.status = status, .headers = {{"Location", "/x"}}};
    });
    this->run([&](Http& http, const Context& context) {
      const auto response = http.send(context, {.url = origin + "/"});
      ASSERT_TRUE(response.ok()) << response.error().text();
      EXPECT_EQ(response->status, status);
    });
  }
}

TYPED_TEST(HttpConformance, AUserInTheUrlBecomesAuthorization) {
  const std::string origin = this->serve(echo);
  const std::string url = "http://me:w%20rd@" + origin.substr(7) + "/";
  this->run([&](Http& http, const Context& context) {
    auto response = http.send(context, {.url = url});
    ASSERT_TRUE(response.ok()) << response.error().text();
    EXPECT_EQ(response->headers.get("Seen-Authorization"), basic_authorization("me", "w rd"));
    EXPECT_EQ(response->url.find("me"), std::string::npos);
    response = http.send(context, {.url = url, .headers = {{"Authorization", "mine"}}});
    EXPECT_EQ(response->headers.get("Seen-Authorization"), "mine");
  });
}

TYPED_TEST(HttpConformance, MalformedRequestsAreRefused) {
  const std::string origin = this->serve(echo);
  const HttpRequest cases[] = {
      {.url = "ftp://a/"},
      {.url = origin + "/a b"},
      {.method = "", .url = origin},
      {.method = "GET /x HTTP/1.1\r\nA:", .url = origin},
      {.url = origin, .headers = {{"A B", "x"}}},
      {.url = origin, .headers = {{"", "x"}}},
      {.url = origin, .headers = {{"content-length", "1"}}},
      {.url = origin, .headers = {{"Transfer-Encoding", "chunked"}}},
      {.url = origin, .headers = {{"A", "x\r\nB: y"}}},
      {.url = origin, .headers = {{"A", std::string("x\0y", 3)}}},
  };
  this->run([&](Http& http, const Context& context) {
    for (const HttpRequest& request : cases) {
      EXPECT_EQ(this->code(http.send(context, request)), base::Code::kInvalid)
          << request.method << " " << request.url;
    }
    EXPECT_TRUE(http.counters().requests.empty());
  });
}

TYPED_TEST(HttpConformance, AHeadRequestHasNoBody) {
  const std::string origin = this->serve([](const Context&, const SimulatedRequest& request) {
    SimulatedResponse response{.headers = {{"Content-Encoding", "gzip"}}};
    if (request.method != "HEAD") response.body = "x";
    return response;
  });
  this->run([&](Http& http, const Context& context) {
    const auto response = http.send(context, {.method = "HEAD", .url = origin});
    ASSERT_TRUE(response.ok()) << response.error().text();
    EXPECT_EQ(response->body, "");
    EXPECT_EQ(response->headers.get("Content-Encoding"), "gzip");
  });
}

TYPED_TEST(HttpConformance, AStreamGivesItsPiecesAndThenItsEnd) {
  const std::string origin = this->serve([](const Context&, const SimulatedRequest&) {
    return SimulatedResponse{.body = pieces_of({"one", "two", std::string(100'000, 'x')})};
  });
  this->run([&](Http& http, const Context& context) {
    auto stream = http.open(context, {.url = origin});
    ASSERT_TRUE(stream.ok()) << stream.error().text();
    std::string all;
    while (true) {
      const auto piece = (*stream)->read(context);
      ASSERT_TRUE(piece.ok()) << piece.error().text();
      if (!*piece) break;
      EXPECT_FALSE((*piece)->empty());
      all += **piece;
    }
    EXPECT_EQ(all, "onetwo" + std::string(100'000, 'x'));
  });
}

TYPED_TEST(HttpConformance, AServerThatBreaksOffIsUnavailable) {
  const std::string origin = this->serve([](const Context&, const SimulatedRequest&) {
    auto given = std::make_shared<bool>(false);
    return SimulatedResponse{.body = [given](const Context&) -> Piece {
      if (std::exchange(*given, true)) return base::internal("broken");
      return std::optional<std::string>("some");
    }};
  });
  this->run([&](Http& http, const Context& context) {
    auto stream = http.open(context, {.url = origin + "/p?token=SECRET"});
    ASSERT_TRUE(stream.ok()) << stream.error().text();
    EXPECT_EQ((*stream)->read(context).value_or(std::nullopt), "some");
    const auto piece = (*stream)->read(context);
    EXPECT_EQ(this->code(piece), base::Code::kUnavailable);
    EXPECT_TRUE(piece.error().transient());
    EXPECT_EQ(piece.error().message().find("GET " + origin + "/p?…: "), 0u)
        << piece.error().message();
    EXPECT_EQ(this->code((*stream)->read(context)), base::Code::kUnavailable);
  });
}

TYPED_TEST(HttpConformance, SilenceInAStreamIsUnavailable) {
  const auto over = std::make_shared<Event>(this->world_.executor(), "the end of the test");
  const std::string origin = this->serve([over](const Context&, const SimulatedRequest&) {
    return SimulatedResponse{.body = [over](const Context& context) -> Piece {
      PLUMB_CHECK_OK(over->wait(context));
      return std::optional<std::string>();
    }};
  });
  this->run([&](Http& http, const Context& context) {
    HttpRequest request{.url = origin, .pool = HttpPool::kWatch};
    request.limits.idle = 20ms;
    auto stream = http.open(context, request);
    ASSERT_TRUE(stream.ok()) << stream.error().text();
    EXPECT_EQ(this->code((*stream)->read(context)), base::Code::kUnavailable);
    over->set();
  });
}

TYPED_TEST(HttpConformance, AReadThatRunsOutOfTimeMayBeRepeated) {
  const auto go_on = std::make_shared<Event>(this->world_.executor(), "the first read to end");
  const std::string origin = this->serve([go_on](const Context&, const SimulatedRequest&) {
    return SimulatedResponse{.body = [go_on](const Context& context) -> Piece {
      PLUMB_CHECK_OK(go_on->wait(context));
      return std::optional<std::string>("late");
    }};
  });
  this->run([&](Http& http, const Context& context) {
    auto stream = http.open(context, {.url = origin, .pool = HttpPool::kWatch});
    ASSERT_TRUE(stream.ok()) << stream.error().text();
    EXPECT_EQ(this->code((*stream)->read(context.with_timeout(10ms))),
              base::Code::kDeadlineExceeded);
    go_on->set();
    const auto piece = (*stream)->read(context);
    ASSERT_TRUE(piece.ok()) << piece.error().text();
    EXPECT_EQ((*piece)->substr(0, 4), "late");
  });
}

TYPED_TEST(HttpConformance, AContextThatHasEndedSendsNothing) {
  const std::string origin = this->serve(echo);
  this->run([&](Http& http, const Context& context) {
    StopSource stop;
    stop.request_stop();
    const auto response = http.send(context.with_stop(stop.get_token()), {.url = origin});
    EXPECT_EQ(this->code(response), base::Code::kCancelled);
    EXPECT_EQ(this->code(http.send(context.with_timeout(Duration(0)), {.url = origin})),
              base::Code::kDeadlineExceeded);
    EXPECT_TRUE(http.counters().requests.empty());
  });
}

TYPED_TEST(HttpConformance, SourcesOfBodiesAreRead) {
  const std::string origin = this->serve(echo);
  this->run([&](Http& http, const Context& context) {
    for (const std::optional<uint64_t> length : {std::optional<uint64_t>(), {6}}) {
      HttpUpload upload{.source = pieces_of({"abc", "def"}), .length = length};
      EXPECT_EQ(this->body(http.send(context, {.method = "PUT", .url = origin, .body = upload})),
                "PUT / abcdef");
    }
    HttpUpload wrong{.source = pieces_of({"abc"}), .length = 6};
    EXPECT_EQ(this->code(http.send(context, {.method = "PUT", .url = origin, .body = wrong})),
              base::Code::kInvalid);
    HttpUpload broken{.source = [](const Context&) -> Piece { return base::conflict("changed"); }};
    EXPECT_EQ(this->code(http.send(context, {.method = "PUT", .url = origin, .body = broken})),
              base::Code::kConflict);
  });
}

TYPED_TEST(HttpConformance, BodiesAndHeadersAreLimited) {
  const std::string origin = this->serve([](const Context&, const SimulatedRequest& request) {
    SimulatedResponse response{.headers = {{"X", std::string(1000, 'x')}}};
    response.body = std::string(1000, 'y');
    if (request.url.target == "/stream") response.body = pieces_of({std::string(1000, 'y')});
    return response;
  });
  this->run([&](Http& http, const Context& context) {
    for (const char* target : {"/whole", "/stream"}) {
      HttpRequest request{.url = origin + target};
      request.limits.body_bytes = 999;
      EXPECT_EQ(this->code(http.send(context, request)), base::Code::kTooLarge) << target;
      request.limits.body_bytes = 1000;
      EXPECT_TRUE(http.send(context, request).ok()) << target;
      request.limits.header_bytes = 1000;
      EXPECT_EQ(this->code(http.send(context, request)), base::Code::kTooLarge) << target;
    }
  });
}

TYPED_TEST(HttpConformance, GzipIsUndoneUnlessRefused) {
  const std::string origin = this->serve([](const Context&, const SimulatedRequest& request) {
    SimulatedResponse response{.headers = {{"Content-Encoding", "gzip"}}};
    response.body =
        gzip_for_test("plain " + std::string(request.headers.get("Accept-Encoding").value_or("")));
    return response;
  });
  this->run([&](Http& http, const Context& context) {
    const auto decoded = http.send(context, {.url = origin});
    EXPECT_EQ(this->body(decoded), "plain gzip");
    EXPECT_FALSE(decoded->headers.has("Content-Encoding"));
    EXPECT_FALSE(decoded->headers.has("Content-Length"));
    const auto encoded = http.send(context, {.url = origin, .decompress = false});
    EXPECT_EQ(this->body(encoded), gzip_for_test("plain "));
    EXPECT_TRUE(encoded->headers.has("Content-Encoding"));
  });
}

TYPED_TEST(HttpConformance, OtherEncodingsAreUnsupported) {
  const std::string origin = this->serve([](const Context&, const SimulatedRequest&) {
    return SimulatedResponse{.headers = {{"Content-Encoding", "br"}}, .body = "x"};
  });
  this->run([&](Http& http, const Context& context) {
    EXPECT_EQ(this->code(http.send(context, {.url = origin})), base::Code::kUnsupported);
  });
}

TYPED_TEST(HttpConformance, RedirectsKeepOrChangeTheMethod) {
  const std::string origin =
      this->serve([](const Context& context, const SimulatedRequest& request) {
        if (request.url.target.starts_with("/to/")) return echo(context, request);
        const int status = std::stoi(request.url.target.substr(1));
        return SimulatedResponse{.status = status,
                                 .headers = {{"Location", "to/" + std::to_string(status)}}};
      });
  const struct {
    const char* method;
    int status;
    const char* want;
  } cases[] = {
      {"GET", 301, "GET /to/301 "},       {"POST", 301, "GET /to/301 "},
      {"POST", 302, "GET /to/302 "},      {"PUT", 303, "GET /to/303 "},
      {"POST", 307, "POST /to/307 body"}, {"PATCH", 308, "PATCH /to/308 body"},
  };
  this->run([&](Http& http, const Context& context) {
    for (const auto& [method, status, want] : cases) {
      HttpRequest request{.method = method,
                          .url = origin + "/" + std::to_string(status),
                          .redirects = HttpRedirects::kFollow};
      if (request.method != "GET") request.body = "body";
      const auto response = http.send(context, request);
      EXPECT_EQ(this->body(response), want);
      EXPECT_EQ(response->url, origin + "/to/" + std::to_string(status));
    }
    EXPECT_EQ(http.counters().connections_opened, 1u);
    HttpRequest once{.method = "PUT", .url = origin + "/307", .redirects = HttpRedirects::kFollow};
    once.body = HttpUpload{.source = pieces_of({"body"})};
    EXPECT_EQ(this->code(http.send(context, once)), base::Code::kInvalid);
  });
}

TYPED_TEST(HttpConformance, CredentialsStayWithTheirOrigin) {
  const std::string elsewhere = this->serve(echo);
  const std::string origin =
      this->serve([elsewhere](const Context& context, const SimulatedRequest& request) {
        const std::string to = request.url.target == "/same" ? "/here" : elsewhere + "/there";
        if (request.url.target == "/here") return echo(context, request);
        return SimulatedResponse{.status = 302, .headers = {{"Location", to}}};
      });
  this->run([&](Http& http, const Context& context) {
    HttpRequest request{.url = origin + "/same",
                        .headers = {{"Authorization", "secret"}, {"Cookie", "secret"}},
                        .redirects = HttpRedirects::kFollow};
    auto response = http.send(context, request);
    ASSERT_TRUE(response.ok()) << response.error().text();
    EXPECT_EQ(response->headers.get("Seen-Authorization"), "secret");
    request.url = origin + "/other";
    response = http.send(context, request);
    ASSERT_TRUE(response.ok()) << response.error().text();
    EXPECT_EQ(response->url, elsewhere + "/there");
    EXPECT_EQ(response->headers.get("Seen-Authorization"), "none");
    EXPECT_EQ(response->headers.get("Seen-Cookie"), "none");
  });
}

TYPED_TEST(HttpConformance, ARedirectLoopEnds) {
  const std::string origin = this->serve([](const Context&, const SimulatedRequest&) {
    return SimulatedResponse{.status = 302, .headers = {{"Location", "/"}}};
  });
  this->run([&](Http& http, const Context& context) {
    EXPECT_EQ(this->code(http.send(context, {.url = origin, .redirects = HttpRedirects::kFollow})),
              base::Code::kUnavailable);
    EXPECT_EQ(http.counters().requests["GET"], 11u);
  });
}

TYPED_TEST(HttpConformance, ABadLocationIsInvalid) {
  const std::string origin = this->serve([](const Context&, const SimulatedRequest&) {
    return SimulatedResponse{.status = 302, .headers = {{"Location", "ftp://elsewhere/"}}};
  });
  this->run([&](Http& http, const Context& context) {
    EXPECT_EQ(this->code(http.send(context, {.url = origin, .redirects = HttpRedirects::kFollow})),
              base::Code::kInvalid);
  });
}

TYPED_TEST(HttpConformance, CountersCount) {
  const std::string origin = this->serve(echo);
  this->run([&](Http& http, const Context& context) {
    for (const char* method : {"GET", "POST", "POST"}) {
      HttpRequest request{.method = method, .url = origin};
      if (request.method == "POST") request.body = "12345";
      ASSERT_TRUE(http.send(context, request).ok());
    }
    const HttpCounters counters = http.counters();
    EXPECT_EQ(counters.requests, (std::map<std::string, uint64_t>{{"GET", 1}, {"POST", 2}}));
    EXPECT_EQ(counters.connections_opened, 1u);
    EXPECT_EQ(counters.connections_reused, 2u);
    EXPECT_EQ(counters.bytes_sent, 10u);
    EXPECT_EQ(counters.bytes_received, 6u + 12u + 12u);
  });
}

TYPED_TEST(HttpConformance, AResponseThatIsReadKeepsItsConnectionBusy) {
  const std::string origin = this->serve(
      [](const Context&, const SimulatedRequest&) { return SimulatedResponse{.body = "text"}; });
  this->run([&](Http& http, const Context& context) {
    for (int i = 0; i < 3; ++i) {
      auto stream = http.open(context, {.url = origin, .pool = HttpPool::kDownload});
      ASSERT_TRUE(stream.ok()) << stream.error().text();
      EXPECT_EQ((*stream)->read(context).value_or(std::nullopt), "text");
      EXPECT_EQ((*stream)->read(context).value_or("more"), std::nullopt);
    }
    EXPECT_EQ(http.counters().connections_opened, 1u);
  });
}

}  // namespace
}  // namespace plumb::env
