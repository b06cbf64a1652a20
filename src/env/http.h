// Http: requests to other machines.
//
// send() is for answers that fit in memory; open() returns when the headers are there and lets the
// caller read the body as it comes (watches, downloads, Git packs).
//
//   PLUMB_TRY(auto response, http.send(context, {.url = "https://example.com/index.yaml"}));
//
// What blocks: send(), open() and HttpStream::read() block the calling task and nobody else; they
// end soon after their context, whatever the other side does. Any number of tasks may call at once.
// The caller's thread does everything but the transfer itself: it reads the body source,
// decompresses and parses.
//
// What is bounded: the headers and the body as delivered (HttpLimits), and what is read ahead of a
// slow reader: kReadAhead, then the sender is made to wait. A stream of HTTP/2 cannot be made to
// wait without stopping the others on its connection (libcurl 7.88), so it may be kHttp2ReadAhead
// behind and then ends with kUnavailable; hence HttpPool::kDownload for large bodies.
//
// Errors: a status of 400 or 500 is a response, not an error. Errors name method and address
// (without user, password and query) and the cause; headers and bodies are never in them:
//   kInvalid           the request cannot be sent as it is: URL, header, certificate or key
//   kTooLarge          the response is over one of its limits
//   kUnauthenticated   the server wants a client certificate that it accepts, or the proxy a user
//   kForbidden         the proxy refuses
//   kUnsupported       not done here (an https proxy, another body encoding)
//   kUnavailable       everything that may be different next time: names that do not resolve,
//                      refused or broken connections, truncated bodies, silence, certificates that
//                      are not trusted or not valid (a server renews its own without telling us)
//   kDeadlineExceeded, kCancelled   the context ended
//
// Two forms: CurlHttp (curl_http.h) and SimulatedHttp (simulated_http.h). Redirects, decompression,
// limits of the body and wording of errors are done here, once for both.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "env/context.h"
#include "env/http_message.h"
#include "env/url.h"

namespace plumb::env {

// A response whose body is being received. One task at a time; a stream may outlive its Http, and
// then only fails. Destroying it before the end cancels the transfer.
class HttpStream {
 public:
  virtual ~HttpStream() = default;
  virtual const HttpResponseHead& head() const = 0;
  // The next bytes, at least one; nullopt once after the last. Blocks until there are some. After
  // an error because the context ended, read() may be called again; after others the stream is
  // spent.
  virtual base::Result<std::optional<std::string>> read(const Context& context) = 0;
};

// What has happened so far; only grows.
struct HttpCounters {
  std::map<std::string, uint64_t> requests;  // by method; each redirect followed is one more
  uint64_t connections_opened = 0;
  uint64_t connections_reused = 0;  // requests that found a connection
  uint64_t bytes_sent = 0;          // of bodies
  uint64_t bytes_received = 0;      // of bodies, before decompression
};

// One request to one server, checked: method and headers are well formed, `url` is the request's
// and has no user. Shared, because a transfer may outlive the call that gave up on it.
struct HttpExchange {
  HttpRequest request;
  Url url;
  // How much of the body may be held for its reader.
  uint64_t read_ahead = 0;
};

class Http {
 public:
  // How much of a body may be held for a reader, but for one piece of the transport's (16 KiB).
  static constexpr size_t kReadAhead = 256 * 1024;
  static constexpr size_t kHttp2ReadAhead = 16 * 1024 * 1024;

  virtual ~Http() = default;

  base::Result<HttpResponse> send(const Context& context, HttpRequest request);
  base::Result<std::unique_ptr<HttpStream>> open(const Context& context, HttpRequest request);

  virtual HttpCounters counters() const = 0;

 protected:
  // Returns with the headers. The stream gives the body as it is sent, without limit, and the
  // errors do not name the request: the caller does all that.
  virtual base::Result<std::unique_ptr<HttpStream>> start(
      const Context& context, std::shared_ptr<const HttpExchange> exchange) = 0;

 private:
  static base::Result<std::shared_ptr<const HttpExchange>> prepare(HttpRequest request,
                                                                   bool whole_body);
  base::Result<std::unique_ptr<HttpStream>> follow(const Context& context, HttpRequest request,
                                                   bool whole_body);
};

}  // namespace plumb::env
