#include "env/simulated_http.h"

#include <gtest/gtest.h>

#include "env/channel.h"
#include "env/simulated_executor.h"

namespace plumb::env {
namespace {

using namespace std::chrono_literals;
using Kind = SimulatedFault::Kind;

const std::string kOrigin = "https://server";

class SimulatedHttpTest : public ::testing::Test {
 protected:
  SimulatedHttpTest() {
    http_.serve(kOrigin, [this](const Context&, const SimulatedRequest&) {
      ++asked_;
      return SimulatedResponse{.body = std::string(10'000, 'x')};
    });
  }

  void run(const std::function<void(const Context&)>& body) {
    const auto ran = executor_.run("test", [&] { body(executor_.context()); });
    ASSERT_TRUE(ran.ok()) << ran.error().text();
  }
  Duration now() const { return executor_.clock().now().time_since_epoch(); }

  SimulatedExecutor executor_;
  SeededRandom random_{7};
  SimulatedHttp http_{executor_, random_};
  int asked_ = 0;
};

TEST_F(SimulatedHttpTest, ConnectingAndAskingTakeARoundTripEach) {
  http_.set_link(kOrigin, {.latency = 5ms});
  run([&](const Context& context) {
    ASSERT_TRUE(http_.send(context, {.url = kOrigin}).ok());
    EXPECT_EQ(now(), Duration(20ms));
    ASSERT_TRUE(http_.send(context, {.url = kOrigin}).ok());
    EXPECT_EQ(now(), Duration(30ms));
  });
}

TEST_F(SimulatedHttpTest, ALinkThatIsTooSlowIsUnavailable) {
  http_.set_link(kOrigin, {.latency = 3s});
  run([&](const Context& context) {
    HttpRequest request{.url = kOrigin};
    request.limits.connect = 5s;
    auto response = http_.send(context, request);
    ASSERT_FALSE(response.ok());
    EXPECT_EQ(response.error().code(), base::Code::kUnavailable);
    EXPECT_EQ(now(), Duration(5s));
    request.limits = {.connect = 10s, .idle = 5s};
    response = http_.send(context, request);
    ASSERT_FALSE(response.ok());
    EXPECT_EQ(response.error().code(), base::Code::kUnavailable);
    EXPECT_EQ(now(), Duration(5s + 6s + 5s));
  });
}

TEST_F(SimulatedHttpTest, InjectedFaultsHappenOnce) {
  const struct {
    Kind kind;
    uint64_t after;
    bool reaches_server;
  } cases[] = {
      {Kind::kRefuse, 0, false},  {Kind::kReset, 0, false},       {Kind::kReset, 100, true},
      {Kind::kTruncate, 0, true}, {Kind::kTruncate, 9'999, true}, {Kind::kStall, 0, false},
      {Kind::kStall, 100, true},
  };
  for (const auto& [kind, after, reaches_server] : cases) {
    SCOPED_TRACE(static_cast<int>(kind));
    asked_ = 0;
    http_.inject(kOrigin, {.kind = kind, .after_bytes = after});
    run([&](const Context& context) {
      const auto response = http_.send(context, {.url = kOrigin});
      ASSERT_FALSE(response.ok());
      EXPECT_EQ(response.error().code(), base::Code::kUnavailable) << response.error().text();
      EXPECT_TRUE(response.error().transient());
      EXPECT_EQ(asked_ > 0, reaches_server);
      EXPECT_TRUE(http_.send(context, {.url = kOrigin}).ok());
    });
  }
}

TEST_F(SimulatedHttpTest, ThrottlingAndFailureAreResponses) {
  http_.inject(kOrigin, {.kind = Kind::kThrottle});
  http_.inject(kOrigin, {.kind = Kind::kFail});
  run([&](const Context& context) {
    auto response = http_.send(context, {.url = kOrigin});
    ASSERT_TRUE(response.ok());
    EXPECT_EQ(response->status, 429);
    EXPECT_EQ(response->headers.get("Retry-After"), "1");
    response = http_.send(context, {.url = kOrigin});
    ASSERT_TRUE(response.ok());
    EXPECT_EQ(response->status, 500);
    EXPECT_EQ(asked_, 0);
  });
}

TEST_F(SimulatedHttpTest, BytesBeforeAFaultArrive) {
  http_.inject(kOrigin, {.kind = Kind::kReset, .after_bytes = 123});
  run([&](const Context& context) {
    auto stream = http_.open(context, {.url = kOrigin});
    ASSERT_TRUE(stream.ok());
    EXPECT_EQ((*stream)->read(context).value_or(std::nullopt), std::string(123, 'x'));
    EXPECT_FALSE((*stream)->read(context).ok());
    EXPECT_FALSE((*stream)->read(context).ok());
  });
}

TEST_F(SimulatedHttpTest, AStallEndsWithTheDeadlineWhereThatIsEarlier) {
  http_.inject(kOrigin, {.kind = Kind::kStall});
  run([&](const Context& context) {
    const auto response = http_.send(context.with_timeout(1s), {.url = kOrigin});
    ASSERT_FALSE(response.ok());
    EXPECT_EQ(response.error().code(), base::Code::kDeadlineExceeded);
    EXPECT_EQ(now(), Duration(1s));
  });
}

TEST_F(SimulatedHttpTest, ALinkThatIsDownSilencesOpenStreams) {
  Channel<std::string> events(executor_, "events", 10);
  http_.serve("http://watched", [&](const Context&, const SimulatedRequest&) {
    return SimulatedResponse{
        .body = [&](const Context& context) -> base::Result<std::optional<std::string>> {
          PLUMB_TRY(std::string event, events.pop(context));
          return std::optional(std::move(event));
        }};
  });
  run([&](const Context& context) {
    auto stream = http_.open(context, {.url = "http://watched", .pool = HttpPool::kWatch});
    ASSERT_TRUE(stream.ok());
    ASSERT_TRUE(events.push(context, "one").ok());
    EXPECT_EQ((*stream)->read(context).value_or(std::nullopt), "one");
    http_.set_link("http://watched", {.down = true});
    ASSERT_TRUE(events.push(context, "two").ok());
    EXPECT_EQ((*stream)->read(context.with_timeout(10s)).error().code(),
              base::Code::kDeadlineExceeded);
    http_.set_link("http://watched", {});
    EXPECT_EQ((*stream)->read(context).value_or(std::nullopt), "two");
    http_.set_link("http://watched", {.down = true});
    EXPECT_EQ((*stream)->read(context).error().code(), base::Code::kUnavailable);
    EXPECT_EQ(http_.send(context, {.url = "http://watched"}).error().code(),
              base::Code::kUnavailable);
  });
}

TEST_F(SimulatedHttpTest, ALinkThatComesUpWakesWhoWaits) {
  http_.set_link(kOrigin, {.down = true});
  run([&](const Context& context) {
    const auto task = executor_.spawn("repair", [&] {
      ASSERT_TRUE(executor_.sleep_for(executor_.context(), 3s).ok());
      http_.set_link(kOrigin, {});
    });
    ASSERT_TRUE(task.ok());
    EXPECT_TRUE(http_.send(context, {.url = kOrigin}).ok());
    EXPECT_EQ(now(), Duration(3s));
  });
}

TEST_F(SimulatedHttpTest, CancelledStreamsCloseTheirConnections) {
  run([&](const Context& context) {
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(http_.open(context, {.url = kOrigin}).ok());
    EXPECT_EQ(http_.counters().connections_opened, 3u);
    EXPECT_EQ(http_.counters().connections_reused, 0u);
  });
}

TEST_F(SimulatedHttpTest, StreamsOutliveTheNetworkAndFail) {
  auto http = std::make_unique<SimulatedHttp>(executor_, random_);
  http->serve(kOrigin, [](const Context&, const SimulatedRequest&) {
    return SimulatedResponse{.body = "text"};
  });
  run([&](const Context& context) {
    auto stream = http->open(context, {.url = kOrigin});
    ASSERT_TRUE(stream.ok());
    http.reset();
    EXPECT_EQ((*stream)->read(context).error().code(), base::Code::kCancelled);
  });
}

TEST_F(SimulatedHttpTest, RedirectsFromHttpsToHttpAreRefused) {
  http_.serve("https://secure", [](const Context&, const SimulatedRequest&) {
    return SimulatedResponse{.status = 302, .headers = {{"Location", "http://server/"}}};
  });
  run([&](const Context& context) {
    const auto response =
        http_.send(context, {.url = "https://secure", .redirects = HttpRedirects::kFollow});
    ASSERT_FALSE(response.ok());
    EXPECT_EQ(response.error().code(), base::Code::kInvalid);
  });
}

// What 200 requests over a bad link come to, in order.
std::vector<std::string> outcomes(uint64_t seed) {
  SimulatedExecutor executor;
  SeededRandom random(seed);
  SimulatedHttp http(executor, random);
  http.serve(kOrigin, [](const Context&, const SimulatedRequest&) {
    return SimulatedResponse{.body = std::string(2'000, 'x')};
  });
  http.set_link(kOrigin, {.latency = 1ms,
                          .refuse = 0.1,
                          .reset = 0.1,
                          .truncate = 0.1,
                          .stall = 0.1,
                          .throttle = 0.1,
                          .fail = 0.1});
  std::vector<std::string> out;
  const auto ran = executor.run("test", [&] {
    for (int i = 0; i < 200; ++i) {
      const auto response = http.send(executor.context(), {.url = kOrigin});
      out.push_back(response.ok() ? std::to_string(response->status) : response.error().text());
    }
  });
  EXPECT_TRUE(ran.ok());
  return out;
}

TEST(SimulatedHttpFaults, FollowFromTheSeed) {
  EXPECT_EQ(outcomes(1), outcomes(1));
  EXPECT_NE(outcomes(1), outcomes(2));
}

TEST(SimulatedHttpFaults, AllKindsHappen) {
  const auto all = outcomes(1);
  for (const char* part :
       {"200", "429", "500", "refused", "was reset", "ended after", "nothing was sent"}) {
    EXPECT_TRUE(std::ranges::any_of(all, [&](const std::string& outcome) {
      return outcome.find(part) != std::string_view::npos;
    })) << part;
  }
}

}  // namespace
}  // namespace plumb::env
