#include "env/curl_error.h"

#include "base/text.h"

namespace plumb::env {
namespace {

base::Code code_of(CURLcode code) {
  switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_SSL_CERTPROBLEM: return base::Code::kInvalid;
    case CURLE_NOT_BUILT_IN: return base::Code::kUnsupported;
    case CURLE_FAILED_INIT:
    case CURLE_OUT_OF_MEMORY:
    case CURLE_BAD_FUNCTION_ARGUMENT:
    case CURLE_UNKNOWN_OPTION: return base::Code::kInternal;
    default: return base::Code::kUnavailable;
  }
}

// TLS alerts by which a server says what it thinks of our certificate (RFC 8446 section 6.2).
bool rejects_our_certificate(std::string_view detail) {
  const size_t alert = detail.find(" alert ");
  if (alert == std::string_view::npos) return false;
  for (const char* reason : {"certificate", "unknown ca", "decrypt error"}) {
    if (detail.find(reason, alert) != std::string_view::npos) return true;
  }
  return false;
}

base::Error refused_by_proxy(long status) {
  const std::string answer = "the proxy answered CONNECT with " + std::to_string(status);
  if (status == 407) {
    return base::Error(base::Code::kUnauthenticated, answer)
        .advise("give the proxy's user and password");
  }
  if (status == 403) return {base::Code::kForbidden, answer};
  return base::unavailable(answer);
}

}  // namespace

base::Error curl_error(CURLcode code, std::string_view detail, long connect_status) {
  const bool broken = code == CURLE_RECV_ERROR || code == CURLE_COULDNT_CONNECT;
  if (broken && connect_status >= 300) return refused_by_proxy(connect_status);
  std::string text(base::trim(detail.empty() ? curl_easy_strerror(code) : detail));
  if (rejects_our_certificate(text)) {
    return base::Error(base::Code::kUnauthenticated, std::move(text))
        .advise("give a client certificate that the server accepts");
  }
  if (code == CURLE_PEER_FAILED_VERIFICATION) {
    return base::Error(base::Code::kUnavailable, std::move(text))
        .advise("check the server's certificate and the CA bundle given for it");
  }
  if (code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_CONNECT) {
    return base::Error(base::Code::kUnavailable, std::move(text)).advise("check host and port");
  }
  return {code_of(code), std::move(text)};
}

}  // namespace plumb::env
