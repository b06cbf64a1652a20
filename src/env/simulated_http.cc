#include "env/simulated_http.h"

#include <deque>

#include "env/event.h"

namespace plumb::env {
namespace {

using Kind = SimulatedFault::Kind;

// Bodies are broken off within this much, where chance decides.
constexpr uint64_t kFaultRange = 4096;

base::Error silence(Duration idle) {
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(idle).count();
  return base::unavailable("nothing was sent or received for " + std::to_string(milliseconds) +
                           " ms");
}

bool happens(Random& random, double probability) {
  constexpr uint64_t kSteps = 1'000'000;
  return static_cast<double>(random.below(kSteps)) < probability * kSteps;
}

// One draw a kind, so that a link's numbers do not change what later requests draw.
std::optional<SimulatedFault> draw_fault(Random& random, const SimulatedLink& link) {
  const std::pair<Kind, double> kinds[] = {
      {Kind::kRefuse, link.refuse},     {Kind::kReset, link.reset},
      {Kind::kTruncate, link.truncate}, {Kind::kStall, link.stall},
      {Kind::kThrottle, link.throttle}, {Kind::kFail, link.fail}};
  std::optional<SimulatedFault> fault;
  for (const auto& [kind, probability] : kinds) {
    if (happens(random, probability) && !fault) fault = SimulatedFault{.kind = kind};
  }
  const uint64_t after = random.below(kFaultRange);
  if (fault) fault->after_bytes = after;
  return fault;
}

// The whole body of a request, as the server gets it.
base::Result<std::string> gather(const Context& context, const HttpRequest& request) {
  if (const auto* whole = std::get_if<std::string>(&request.body)) return *whole;
  const auto& upload = std::get<HttpUpload>(request.body);
  std::string body;
  while (true) {
    PLUMB_TRY(const auto piece, upload.source(context));
    if (!piece) break;
    body += *piece;
  }
  if (upload.length && *upload.length != body.size()) {
    return base::invalid("the request's body has " + std::to_string(body.size()) +
                         " bytes, not the announced " + std::to_string(*upload.length));
  }
  return body;
}

size_t wire_size(const HttpHeaders& headers) {
  size_t size = std::string_view("HTTP/1.1 200 OK\r\n\r\n").size();
  for (const auto& [name, value] : headers) size += name.size() + value.size() + 4;
  return size;
}

// For the faults that are a response. False for the others.
bool answer_by_fault(const SimulatedFault& fault, SimulatedResponse& response) {
  if (fault.kind == Kind::kThrottle) {
    response = {.status = 429, .headers = {{"Retry-After", "1"}}};
  } else if (fault.kind == Kind::kFail) {
    response = {.status = 500};
  } else {
    return false;
  }
  return true;
}

// What a server library would do with a response before it is sent.
void finish(SimulatedResponse& response, const std::string& method) {
  const auto* whole = std::get_if<std::string>(&response.body);
  if (whole != nullptr && !response.headers.has("Content-Length")) {
    response.headers.add("Content-Length", std::to_string(whole->size()));
  }
  if (method == "HEAD") response.body = std::string();
}

}  // namespace

struct SimulatedHttp::Host {
  SimulatedServer server;  // null: there is none
  SimulatedLink link;
  std::deque<SimulatedFault> injected;
  std::array<int, 3> idle_connections{};  // by HttpPool
};

struct SimulatedHttp::Network {
  Network(Executor& executor, Random& random)
      : executor(executor), random(random), changed(executor, "http: a link to be up") {}

  // Lets `latency` pass; silent for longer than `limit` is `late`.
  base::Status pass(const Context& context, Duration latency, Duration limit,
                    const base::Error& late) {
    PLUMB_CHECK_OK(executor.sleep_for(context, std::min(latency, limit)));
    if (latency > limit) return late;
    return base::ok();
  }

  // Until the link to `host` is up, or there was silence for `idle`.
  base::Status wait_until_up(const Context& context, const Host& host, Duration idle) {
    const Context patient = context.with_timeout(idle);
    base::MutexLock lock(mutex);
    while (host.link.down && !closed) {
      if (changed.wait(patient, mutex).ok()) continue;
      PLUMB_CHECK_OK(context.check());
      return silence(idle);
    }
    return base::ok();
  }

  // Always draws, so that an injected fault does not change what later requests draw.
  std::optional<SimulatedFault> next_fault(Host& host) {
    auto fault = draw_fault(random, host.link);
    if (!host.injected.empty()) {
      fault = host.injected.front();
      host.injected.pop_front();
    }
    // Who refuses connections has closed those it had.
    if (fault && fault->kind == Kind::kRefuse) host.idle_connections = {};
    return fault;
  }

  base::Status connect(const Context& context, const Host& host, const HttpLimits& limits,
                       const std::optional<SimulatedFault>& fault) {
    const base::Error late = base::unavailable("the connection took too long");
    PLUMB_CHECK_OK(pass(context, 2 * host.link.latency, limits.connect, late));
    PLUMB_CHECK_OK(wait_until_up(context, host, limits.connect));
    if (fault && fault->kind == Kind::kRefuse) return base::unavailable("connection refused");
    return base::ok();
  }

  // The request's way there, and its headers' way back.
  base::Status carry(const Context& context, const Host& host, const HttpLimits& limits,
                     const std::optional<SimulatedFault>& fault) {
    PLUMB_CHECK_OK(wait_until_up(context, host, limits.idle));
    PLUMB_CHECK_OK(pass(context, 2 * host.link.latency, limits.idle, silence(limits.idle)));
    if (!fault || fault->after_bytes > 0) return base::ok();
    if (fault->kind == Kind::kReset) {
      return base::unavailable("the connection was reset before the headers");
    }
    if (fault->kind == Kind::kStall) {
      PLUMB_CHECK_OK(executor.sleep_for(context, limits.idle));
      return silence(limits.idle);
    }
    return base::ok();
  }

  void notify() {
    base::MutexLock lock(mutex);
    changed.notify_all();
  }

  Executor& executor;
  Random& random;
  std::map<std::string, Host> hosts;  // by origin; never erased
  HttpCounters counters;
  bool closed = false;
  base::Mutex mutex;  // for `changed` alone
  Condition changed;
};

// A connection in use. Destroyed before release(), it is closed.
class SimulatedHttp::Connection {
 public:
  Connection(Network& network, Host& host, HttpPool pool)
      : idle_(host.idle_connections[static_cast<size_t>(pool)]), fresh_(idle_ == 0) {
    ++(fresh_ ? network.counters.connections_opened : network.counters.connections_reused);
    if (!fresh_) --idle_;
  }
  bool fresh() const { return fresh_; }
  void release() {
    if (!std::exchange(released_, true)) ++idle_;
  }

 private:
  int& idle_;
  const bool fresh_;
  bool released_ = false;
};

class SimulatedHttp::Stream final : public HttpStream {
 public:
  Stream(std::shared_ptr<Network> network, Host& host, Connection connection, Duration idle,
         std::optional<SimulatedFault> fault, HttpResponseHead head, SimulatedResponse response)
      : network_(std::move(network)),
        host_(host),
        connection_(connection),
        idle_(idle),
        fault_(fault),
        head_(std::move(head)),
        response_(std::move(response)) {}

  const HttpResponseHead& head() const override { return head_; }

  base::Result<std::optional<std::string>> read(const Context& context) override {
    PLUMB_CHECK_OK(context.check());
    if (network_->closed) {
      return base::Error(base::Code::kCancelled, "outgoing requests are being shut down");
    }
    if (broken_) return *broken_;
    if (!pending_ && !ended_) PLUMB_CHECK_OK(fetch(context));
    PLUMB_CHECK_OK(network_->wait_until_up(context, host_, idle_));
    if (ended_) {
      connection_.release();
      return std::optional<std::string>();
    }
    return cut(context, *std::exchange(pending_, std::nullopt));
  }

 private:
  // Gets the next piece from the server into pending_, or notes the end.
  base::Status fetch(const Context& context) {
    if (auto* whole = std::get_if<std::string>(&response_.body)) {
      const std::string piece = whole->substr(given_, Http::kReadAhead);
      if (!piece.empty()) pending_ = piece;
    } else {
      auto piece = std::get<HttpBodySource>(response_.body)(context.with_timeout(idle_));
      if (!piece.ok()) {
        PLUMB_CHECK_OK(context.check());
        if (piece.error().code() == base::Code::kDeadlineExceeded) return silence(idle_);
        return break_with("the server broke the connection: " + piece.error().message());
      }
      pending_ = *std::move(piece);
    }
    ended_ = !pending_;
    if (ended_ && fault_) return fail(context);
    return base::ok();
  }

  // What of a piece arrives.
  base::Result<std::optional<std::string>> cut(const Context& context, std::string piece) {
    if (fault_) {
      const uint64_t left = fault_->after_bytes - given_;
      if (left == 0) return fail(context);
      if (piece.size() > left) piece.resize(left);
    }
    given_ += piece.size();
    network_->counters.bytes_received += piece.size();
    return std::optional(std::move(piece));
  }

  // The fault happens.
  base::Error fail(const Context& context) {
    const std::string after = "after " + std::to_string(given_) + " bytes of the body";
    if (fault_->kind == Kind::kStall) {
      const auto slept = network_->executor.sleep_for(context, idle_);
      return slept.ok() ? silence(idle_) : slept.error();
    }
    return break_with(fault_->kind == Kind::kReset ? "the connection was reset " + after
                                                   : "the connection ended " + after);
  }

  base::Error break_with(std::string message) {
    broken_ = base::unavailable(std::move(message));
    return *broken_;
  }

  const std::shared_ptr<Network> network_;
  const Host& host_;
  Connection connection_;
  const Duration idle_;
  const std::optional<SimulatedFault> fault_;  // one that happens in the body
  const HttpResponseHead head_;
  const SimulatedResponse response_;
  std::optional<std::string> pending_;
  std::optional<base::Error> broken_;
  uint64_t given_ = 0;
  bool ended_ = false;
};

SimulatedHttp::SimulatedHttp(Executor& executor, Random& random)
    : network_(std::make_shared<Network>(executor, random)) {}

SimulatedHttp::~SimulatedHttp() {
  network_->closed = true;
  network_->notify();
}

SimulatedHttp::Host& SimulatedHttp::host(const std::string& origin) {
  return network_->hosts[origin];
}

void SimulatedHttp::serve(const std::string& origin, SimulatedServer server) {
  host(origin).server = std::move(server);
}

void SimulatedHttp::set_link(const std::string& origin, SimulatedLink link) {
  host(origin).link = link;
  network_->notify();
}

void SimulatedHttp::inject(const std::string& origin, SimulatedFault fault) {
  host(origin).injected.push_back(fault);
}

HttpCounters SimulatedHttp::counters() const { return network_->counters; }

base::Result<std::unique_ptr<HttpStream>> SimulatedHttp::start(
    const Context& context, std::shared_ptr<const HttpExchange> exchange) {
  const HttpRequest& request = exchange->request;
  const HttpLimits& limits = request.limits;
  ++network_->counters.requests[request.method];
  Host& host = this->host(exchange->url.origin());
  if (!host.server) return base::unavailable("Could not resolve host: " + exchange->url.host);

  const auto fault = network_->next_fault(host);
  Connection connection(*network_, host, request.pool);
  if (connection.fresh()) PLUMB_CHECK_OK(network_->connect(context, host, limits, fault));
  PLUMB_TRY(std::string body, gather(context, request));
  network_->counters.bytes_sent += body.size();
  PLUMB_CHECK_OK(network_->carry(context, host, limits, fault));

  SimulatedResponse response;
  const bool answered = fault && answer_by_fault(*fault, response);
  if (!answered) {
    const SimulatedServer server = host.server;  // it may replace itself
    response = server(context, {request.method, exchange->url, request.headers, std::move(body)});
    PLUMB_CHECK_OK(context.check());
  }
  finish(response, request.method);
  PLUMB_CHECK_OK(network_->wait_until_up(context, host, limits.idle));
  if (wire_size(response.headers) > limits.header_bytes) {
    return base::too_large("the headers are larger than " + std::to_string(limits.header_bytes) +
                           " bytes");
  }
  HttpResponseHead head{.status = response.status,
                        .version = HttpVersion::k1_1,
                        .headers = response.headers,
                        .url = exchange->url.text()};
  return std::make_unique<Stream>(network_, host, connection, limits.idle,
                                  answered ? std::nullopt : fault, std::move(head),
                                  std::move(response));
}

}  // namespace plumb::env
