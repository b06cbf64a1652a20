// SimulatedHttp: Http among servers that are functions, on the executor's time.
//
//   SimulatedHttp http(executor, random);
//   http.serve("https://example.com", [](const Context&, const SimulatedRequest& request) {
//     return SimulatedResponse{.body = "you asked for " + request.url.target};
//   });
//
// A server runs on the task that asks, so it may block like any other code, and a run under
// SimulatedExecutor is a function of the seed. Connections are those of HTTP/1.1: each is busy for
// as long as a response is read. TLS, proxies and the version asked for change nothing here;
// limits, errors and counters are the real ones' (http_conformance_test.cc compares them).
//
// Not synchronised: it belongs to the one thread of a simulation.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "env/executor.h"
#include "env/http.h"
#include "env/random.h"

namespace plumb::env {

struct SimulatedRequest {
  std::string method;
  Url url;
  HttpHeaders headers;
  std::string body;
};

struct SimulatedResponse {
  int status = 200;
  HttpHeaders headers{};  // Content-Length is added to a body that is whole
  // Whole, or as a source that is asked each time the reader wants more. Its errors break the
  // connection, but for those of the context it is given.
  std::variant<std::string, HttpBodySource> body{};
};

using SimulatedServer = std::function<SimulatedResponse(const Context&, const SimulatedRequest&)>;

// What can go wrong with one request.
struct SimulatedFault {
  enum class Kind {
    kRefuse,    // the connection
    kReset,     // the connection, after some bytes of the body; with none, before the headers
    kTruncate,  // the body
    kStall,     // after so many bytes of the body, for ever; with none, before the headers
    kThrottle,  // 429 with Retry-After, without asking the server
    kFail,      // 500, without asking the server
  };
  Kind kind = Kind::kRefuse;
  uint64_t after_bytes = 0;
};

// The way to a server.
struct SimulatedLink {
  Duration latency{};  // in each direction; connecting takes one more way there and back
  bool down = false;   // nothing gets through, also of responses that are open; nobody is told
  // How likely each kind of fault is, of 1; drawn for every request in this order.
  double refuse = 0;
  double reset = 0;
  double truncate = 0;
  double stall = 0;
  double throttle = 0;
  double fail = 0;
};

class SimulatedHttp final : public Http {
 public:
  // Both outlive this and all its streams.
  SimulatedHttp(Executor& executor, Random& random);
  // Open streams fail from now on.
  ~SimulatedHttp() override;

  // `origin` is "https://host" or "http://host:port"; what is there is replaced. A host that nobody
  // serves does not resolve.
  void serve(const std::string& origin, SimulatedServer server);
  void set_link(const std::string& origin, SimulatedLink link);
  // The next request to `origin` that has no injected fault yet gets this one.
  void inject(const std::string& origin, SimulatedFault fault);

  HttpCounters counters() const override;

 private:
  struct Host;
  struct Network;
  class Connection;
  class Stream;

  base::Result<std::unique_ptr<HttpStream>> start(
      const Context& context, std::shared_ptr<const HttpExchange> exchange) override;
  Host& host(const std::string& origin);

  const std::shared_ptr<Network> network_;
};

}  // namespace plumb::env
