// Requests and responses as values.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "env/clock.h"
#include "env/context.h"

namespace plumb::env {

// Header fields in their order, repeats included. Names compare without regard to case.
class HttpHeaders {
 public:
  struct Field {
    std::string name;
    std::string value;
    bool operator==(const Field&) const = default;
  };

  HttpHeaders() = default;
  HttpHeaders(std::initializer_list<Field> fields) : fields_(fields) {}

  void add(std::string name, std::string value);
  // In place of every field of that name.
  void set(std::string name, std::string value);
  void remove(std::string_view name);

  bool has(std::string_view name) const { return get(name).has_value(); }
  // The first value; valid until the headers change.
  std::optional<std::string_view> get(std::string_view name) const;
  std::vector<std::string> all(std::string_view name) const;

  size_t size() const { return fields_.size(); }
  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }
  bool operator==(const HttpHeaders&) const = default;

 private:
  std::vector<Field> fields_;
};

// Values of the Authorization header.
std::string bearer_authorization(std::string_view token);
// RFC 7617; a user with a colon cannot be written.
std::string basic_authorization(std::string_view user, std::string_view password);

// Whom to trust, and as whom to appear, on https. Made once for a destination and shared by its
// requests: what it is parsed into is kept, and connections are only reused between requests whose
// HttpTls has the same content.
class HttpTls {
 public:
  struct Options {
    std::string ca_pem{};           // certificates to trust; empty: the system's
    std::string certificate_pem{};  // the client's, then its intermediates; empty: none
    std::string key_pem{};          // of the client's certificate, not encrypted
    // The name the server's certificate must have, and SNI; empty: the URL's host.
    std::string server_name{};
    bool insecure = false;  // accept any certificate: a person asked for it
  };

  explicit HttpTls(Options options);
  const Options& options() const { return options_; }
  // Equal for equal options.
  const std::string& digest() const { return digest_; }

 private:
  Options options_;
  std::string digest_;
};

struct HttpProxy {
  std::string url{};  // "http://proxy:3128", "socks5h://proxy:1080"; https: to a proxy is refused
  std::string user{};
  std::string password{};
  // Hosts reached directly: names with all that is below them, addresses, CIDR blocks, or "*".
  std::vector<std::string> no_proxy{};
};

// The next piece of a request body, nullopt at its end. Called on the thread that sends, once the
// pieces before it are on their way. An error cancels the request and is what it returns.
using HttpBodySource = std::function<base::Result<std::optional<std::string>>(const Context&)>;

struct HttpUpload {
  HttpBodySource source{};
  std::optional<uint64_t> length{};  // in all; without it HTTP/1.1 sends chunks
};

enum class HttpVersion {
  kAny,  // in a request: what the server prefers (ALPN); HTTP/1.1 on http
  k1_1,
  k2,  // in a request: without asking, also on http ("prior knowledge")
};

// Which connections a request may use.
enum class HttpPool {
  // Few connections to a host, shared: requests queue for them, or are streams of HTTP/2.
  kShared,
  // For responses that stay open. They share HTTP/2 connections with each other only, and do not
  // count against the limit of kShared.
  kWatch,
  // For large bodies that are read as they come: a connection each, always HTTP/1.1, because that
  // lets a slow reader slow down the sender without stopping anybody else.
  kDownload,
};

enum class HttpRedirects {
  kReturn,  // a 3xx is a response like any other
  // Up to ten. Never from https to http. Another origin is not sent Authorization, Cookie, client
  // certificate or server name. After 303, and after 301 and 302 where it is not a GET or HEAD, the
  // next request is a GET without body; 307 and 308 repeat method and body.
  kFollow,
};

struct HttpLimits {
  size_t header_bytes = 64 * 1024;
  // Of the body as the caller gets it, so after decompression.
  uint64_t body_bytes = 64 * 1024 * 1024;
  // Until the connection is ready to be used, TLS included.
  Duration connect = std::chrono::seconds(10);
  // How long nothing may move in either direction. Watches rely on it to notice a dead peer, so
  // the other side must send something (bookmarks) more often.
  Duration idle = std::chrono::seconds(60);
};

struct HttpRequest {
  std::string method = "GET";
  // A user and password in it become Basic authorization, if there is no Authorization header.
  std::string url{};
  // Without Content-Length and Transfer-Encoding, which follow from the body.
  HttpHeaders headers{};
  std::variant<std::string, HttpUpload> body{};
  HttpLimits limits{};
  std::shared_ptr<const HttpTls> tls{};  // null: the system's certificates
  std::optional<HttpProxy> proxy{};      // never taken from the process's environment
  HttpVersion version = HttpVersion::kAny;
  HttpPool pool = HttpPool::kShared;
  HttpRedirects redirects = HttpRedirects::kReturn;
  // Asks for gzip and undoes it. The response then lacks Content-Encoding and Content-Length.
  bool decompress = true;
};

struct HttpResponseHead {
  int status = 0;
  HttpVersion version = HttpVersion::k1_1;
  HttpHeaders headers;
  std::string url;  // of the last request, after redirects; without user and password
};

struct HttpResponse : HttpResponseHead {
  std::string body;
};

}  // namespace plumb::env
