// The real Http on loopback and the simulated one, behind one face, for tests that hold for both.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "env/curl_http.h"
#include "env/http_server_for_test.h"
#include "env/simulated_executor.h"
#include "env/simulated_http.h"
#include "env/thread_executor.h"

namespace plumb::env {

class RealHttpWorld {
 public:
  Executor& executor() { return executor_; }
  Http& http() { return http_; }

  // Starts a server and returns its origin.
  std::string serve(SimulatedServer server) {
    servers_.push_back(std::make_unique<HttpServerForTest>(
        [this, server = std::move(server)](ConnectionForTest& connection,
                                           const RequestForTest& request) {
          return answer(connection, server(Context(executor_.clock()), translate(request)));
        }));
    return servers_.back()->url("");
  }

  void run(const std::function<void()>& body) { body(); }

 private:
  static SimulatedRequest translate(const RequestForTest& request) {
    SimulatedRequest out{request.method, {}, request.headers, request.body};
    out.url.target = request.target;
    return out;
  }

  bool answer(ConnectionForTest& connection, const SimulatedResponse& response) {
    if (const auto* whole = std::get_if<std::string>(&response.body)) {
      return connection.write(response_for_test(response.status, response.headers, *whole));
    }
    std::string head = "HTTP/1.1 " + std::to_string(response.status) + " Scripted\r\n";
    for (const auto& [name, value] : response.headers) head += name + ": " + value + "\r\n";
    connection.write(head + "Transfer-Encoding: chunked\r\n\r\n");
    while (true) {
      const auto piece = std::get<HttpBodySource>(response.body)(Context(executor_.clock()));
      if (!piece.ok()) return false;
      if (!*piece) return connection.write("0\r\n\r\n");
      char size[20];
      std::snprintf(size, sizeof size, "%zx\r\n", (*piece)->size());
      if (!connection.write(size + **piece + "\r\n")) return false;
    }
  }

  ThreadExecutor executor_{{.workers = 2, .max_tasks = 64}};
  std::vector<std::unique_ptr<HttpServerForTest>> servers_;
  CurlHttp http_{executor_};
};

class SimulatedHttpWorld {
 public:
  Executor& executor() { return executor_; }
  Http& http() { return http_; }

  std::string serve(SimulatedServer server) {
    const std::string origin = "http://server-" + std::to_string(++served_) + ":8080";
    http_.serve(origin, std::move(server));
    http_.set_link(origin, {.latency = std::chrono::milliseconds(1)});
    return origin;
  }

  void run(const std::function<void()>& body) {
    const auto ran = executor_.run("test", body);
    ASSERT_TRUE(ran.ok()) << ran.error().text();
  }

 private:
  SimulatedExecutor executor_;
  SeededRandom random_{1};
  SimulatedHttp http_{executor_, random_};
  int served_ = 0;
};

using HttpWorlds = ::testing::Types<RealHttpWorld, SimulatedHttpWorld>;

struct HttpWorldNames {
  template <typename World>
  static std::string GetName(int) {
    return std::is_same_v<World, RealHttpWorld> ? "Real" : "Simulated";
  }
};

}  // namespace plumb::env
