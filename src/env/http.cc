#include "env/http.h"

#include "base/text.h"
#include "env/gunzip.h"

namespace plumb::env {
namespace {

constexpr int kMaxRedirects = 10;
// How much of a redirect's own body is read, to keep the connection, rather than cut off.
constexpr uint64_t kMaxDiscarded = 16 * 1024;

bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";  // RFC 9110 section 5.6.2
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

base::Status check(const HttpRequest& request) {
  if (!is_token(request.method)) {
    return base::invalid("the HTTP method " + base::quoted(request.method) + " is not a word");
  }
  for (const auto& [name, value] : request.headers) {
    if (!is_token(name)) {
      return base::invalid("the HTTP header name " + base::quoted(name) + " is not a word");
    }
    if (value.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) {
      return base::invalid("the HTTP header " + name + " has a line break in its value");
    }
    const std::string lower = base::to_lower(name);
    if (lower == "content-length" || lower == "transfer-encoding") {
      return base::invalid("the HTTP header " + name + " follows from the body and is not given");
    }
  }
  return base::ok();
}

// "GET https://host/path?…", what every error starts with.
std::string describe(const HttpRequest& request, const Url& url) {
  return request.method + " " + url.printable();
}

// The stream that callers get: body limit, decompression, and errors that name the request.
class ResponseStream final : public HttpStream {
 public:
  ResponseStream(std::unique_ptr<HttpStream> wire, std::string name, const HttpRequest& request)
      : wire_(std::move(wire)),
        name_(std::move(name)),
        head_request_(request.method == "HEAD"),
        decompress_(request.decompress),
        limit_(request.limits.body_bytes),
        left_(limit_),
        head_(wire_->head()) {}

  // Refuses what the headers already tell; called once, before the first read.
  base::Status begin() {
    if (head_request_) return base::ok();
    if (const auto encoding = head_.headers.get("Content-Encoding"); decompress_ && encoding) {
      PLUMB_CHECK_OK(begin_decoding(std::string(*encoding)));
    }
    const auto length = head_.headers.get("Content-Length");
    const auto bytes = length ? base::parse_int(*length) : std::nullopt;
    if (bytes && *bytes > 0 && static_cast<uint64_t>(*bytes) > limit_) return too_large();
    return base::ok();
  }

  const HttpResponseHead& head() const override { return head_; }

  base::Result<std::optional<std::string>> read(const Context& context) override {
    auto piece = gunzip_ ? read_decoded(context) : wire_->read(context);
    if (!piece.ok()) return std::move(piece).error().while_doing(name_);
    if (!*piece) return piece;
    if ((*piece)->size() > left_) return too_large();
    left_ -= (*piece)->size();
    return piece;
  }

 private:
  base::Status begin_decoding(const std::string& encoding) {
    const std::string name = base::to_lower(base::trim(encoding));
    if (name.empty() || name == "identity") return base::ok();
    if (name != "gzip" && name != "x-gzip") {
      return base::unsupported("the body is encoded as " + base::quoted(name) + ", not as gzip")
          .while_doing(name_);
    }
    gunzip_ = std::make_unique<Gunzip>();
    head_.headers.remove("Content-Encoding");
    head_.headers.remove("Content-Length");
    return base::ok();
  }

  base::Result<std::optional<std::string>> read_decoded(const Context& context) {
    while (true) {
      PLUMB_TRY(std::string text, gunzip_->take(Http::kReadAhead));
      if (!text.empty()) return std::optional(std::move(text));
      PLUMB_TRY(auto compressed, wire_->read(context));
      if (!compressed) {
        PLUMB_CHECK_OK(gunzip_->finish());
        return std::optional<std::string>();
      }
      gunzip_->put(*std::move(compressed));
    }
  }

  base::Error too_large() const {
    return base::too_large("the body is larger than " + std::to_string(limit_) + " bytes")
        .while_doing(name_);
  }

  const std::unique_ptr<HttpStream> wire_;
  const std::string name_;
  const bool head_request_;  // its headers describe a body that does not come
  const bool decompress_;
  const uint64_t limit_;
  uint64_t left_;
  HttpResponseHead head_;
  std::unique_ptr<Gunzip> gunzip_;
};

// The address a response sends us on to, if it does.
std::optional<std::string> redirect_target(const HttpResponseHead& head) {
  switch (head.status) {
    case 301:
    case 302:
    case 303:
    case 307:
    case 308: break;
    default: return std::nullopt;
  }
  const auto location = head.headers.get("Location");
  return location ? std::optional<std::string>(*location) : std::nullopt;
}

void drop_body(HttpRequest& request) {
  request.method = request.method == "HEAD" ? "HEAD" : "GET";
  request.body = std::string();
  request.headers.remove("Content-Type");
  request.headers.remove("Content-Encoding");
}

// What the origin the request was meant for is trusted with, and another is not.
void drop_credentials(HttpRequest& request) {
  request.headers.remove("Authorization");
  request.headers.remove("Cookie");
  if (!request.tls) return;
  HttpTls::Options options{.ca_pem = request.tls->options().ca_pem};
  options.insecure = request.tls->options().insecure;
  request.tls = std::make_shared<HttpTls>(std::move(options));
}

// The request that follows `request`, which was answered by `status`.
base::Result<HttpRequest> redirect(HttpRequest request, const Url& from, int status,
                                   std::string_view location) {
  auto to = resolve_url(from, location);
  if (!to.ok()) return std::move(to).error().while_doing("following a redirect");
  if (from.secure() && !to->secure()) {
    return base::invalid("redirected from https to " + to->printable() +
                         ", which would send the request in the clear");
  }
  const bool safe = request.method == "GET" || request.method == "HEAD";
  if (status == 303 || (!safe && (status == 301 || status == 302))) {
    drop_body(request);
  } else if (std::holds_alternative<HttpUpload>(request.body)) {
    return base::invalid("redirected to " + to->printable() +
                         ", and the body, which is read once, cannot be sent again");
  }
  if (to->origin() != from.origin()) drop_credentials(request);
  request.url = to->text();
  return request;
}

void discard_body(const Context& context, HttpStream& stream) {
  uint64_t discarded = 0;
  while (discarded < kMaxDiscarded) {
    const auto piece = stream.read(context);
    if (!piece.ok() || !*piece) return;
    discarded += (*piece)->size();
  }
}

}  // namespace

base::Result<std::unique_ptr<HttpStream>> Http::follow(const Context& context, HttpRequest request,
                                                       bool whole_body) {
  if (request.decompress && !request.headers.has("Accept-Encoding")) {
    request.headers.add("Accept-Encoding", "gzip");
  }
  for (int hop = 0; hop <= kMaxRedirects; ++hop) {
    PLUMB_TRY(const auto exchange, prepare(std::move(request), whole_body));
    const std::string name = describe(exchange->request, exchange->url);
    if (const auto live = context.check(); !live.ok()) {
      return base::Error(live.error()).while_doing(name);
    }
    auto started = start(context, exchange);
    if (!started.ok()) return std::move(started).error().while_doing(name);

    std::unique_ptr<HttpStream> wire = *std::move(started);
    const auto location = exchange->request.redirects == HttpRedirects::kFollow
                              ? redirect_target(wire->head())
                              : std::nullopt;
    if (!location) {
      auto stream = std::make_unique<ResponseStream>(std::move(wire), name, exchange->request);
      PLUMB_CHECK_OK(stream->begin());
      return std::unique_ptr<HttpStream>(std::move(stream));
    }
    auto next = redirect(exchange->request, exchange->url, wire->head().status, *location);
    if (!next.ok()) return std::move(next).error().while_doing(name);
    discard_body(context, *wire);
    request = *std::move(next);
  }
  return base::unavailable("redirected more than " + std::to_string(kMaxRedirects) + " times")
      .while_doing(request.method);
}

base::Result<std::shared_ptr<const HttpExchange>> Http::prepare(HttpRequest request,
                                                                bool whole_body) {
  PLUMB_TRY(Url url, parse_url(request.url));
  PLUMB_CHECK_OK(check(request));
  if (!url.user.empty() && !request.headers.has("Authorization")) {
    request.headers.add("Authorization", basic_authorization(url.user, url.password));
  }
  url.user.clear();
  url.password.clear();
  const uint64_t read_ahead = whole_body ? request.limits.body_bytes : kReadAhead;
  return std::make_shared<const HttpExchange>(
      HttpExchange{std::move(request), std::move(url), read_ahead});
}

base::Result<std::unique_ptr<HttpStream>> Http::open(const Context& context, HttpRequest request) {
  return follow(context, std::move(request), false);
}

base::Result<HttpResponse> Http::send(const Context& context, HttpRequest request) {
  PLUMB_TRY(auto stream, follow(context, std::move(request), true));
  HttpResponse response;
  static_cast<HttpResponseHead&>(response) = stream->head();
  while (true) {
    PLUMB_TRY(auto piece, stream->read(context));
    if (!piece) return response;
    if (response.body.empty()) {
      response.body = *std::move(piece);
    } else {
      response.body += *piece;
    }
  }
}

}  // namespace plumb::env
