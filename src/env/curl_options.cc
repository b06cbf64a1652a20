// How a request is put to libcurl: the options of a CurlTransfer.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "base/text.h"
#include "env/curl_transfer.h"

namespace plumb::env {
namespace {

// A peer that acknowledges nothing for so long is dead, and its connection closed; otherwise new
// requests would join it, one after the other, for a quarter of an hour. A silent one is probed.
constexpr std::chrono::milliseconds kDeadPeer = std::chrono::seconds(45);
constexpr long kProbe = 15;  // seconds

// A directory that cannot exist. libcurl reuses a connection only for the same CURLOPT_CAPATH, so
// this keeps requests with different identities on connections of their own; the path itself is
// never read, because the identity's certificate store takes the place of libcurl's.
std::string identity_tag(const TlsIdentity& identity) { return "/dev/null/" + identity.digest(); }

CURLcode install_identity(CURL*, void* context, void* identity) {
  const auto installed =
      static_cast<const TlsIdentity*>(identity)->install(static_cast<SSL_CTX*>(context));
  return installed.ok() ? CURLE_OK : CURLE_SSL_CERTPROBLEM;
}

std::string bracketed(const std::string& host) {
  return host.find(':') == std::string_view::npos ? host : "[" + host + "]";
}

long curl_version_of(const HttpRequest& request) {
  if (request.pool == HttpPool::kDownload) return CURL_HTTP_VERSION_1_1;
  switch (request.version) {
    case HttpVersion::kAny: return CURL_HTTP_VERSION_2TLS;
    case HttpVersion::k1_1: return CURL_HTTP_VERSION_1_1;
    case HttpVersion::k2: return CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE;
  }
  return CURL_HTTP_VERSION_2TLS;
}

std::string no_proxy_of(const HttpProxy& proxy) {
  // libcurl knows "*" only where it stands alone.
  if (std::ranges::find(proxy.no_proxy, "*") != proxy.no_proxy.end()) return "*";
  return base::join(proxy.no_proxy, ",");
}

void append(curl_slist*& list, const std::string& text) {
  if (curl_slist* longer = curl_slist_append(list, text.c_str())) list = longer;
}

}  // namespace

base::Status CurlTransfer::prepare() {
  easy_ = curl_easy_init();
  if (easy_ == nullptr) return base::internal("libcurl cannot make a handle");
  const HttpRequest& request = exchange_->request;
  PLUMB_CHECK_OK(set_address());
  set_method_and_body();
  set_headers();
  if (identity_) set_tls();
  PLUMB_CHECK_OK(set_proxy());
  set_callbacks();
  curl_easy_setopt(easy_, CURLOPT_HTTP_VERSION, curl_version_of(request));
  // Rather wait for a connection that may turn out to be HTTP/2 than open another.
  curl_easy_setopt(easy_, CURLOPT_PIPEWAIT, request.pool == HttpPool::kDownload ? 0L : 1L);
  const auto connect = std::chrono::ceil<std::chrono::milliseconds>(request.limits.connect);
  curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(std::max<int64_t>(connect.count(), 1)));
  curl_easy_setopt(easy_, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(easy_, CURLOPT_TCP_KEEPIDLE, kProbe);
  curl_easy_setopt(easy_, CURLOPT_TCP_KEEPINTVL, kProbe);
  curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
  // Dropping a transfer must not wait for the resolver's thread, which ends by itself.
  curl_easy_setopt(easy_, CURLOPT_QUICK_EXIT, 1L);
  return base::ok();
}

base::Status CurlTransfer::set_address() {
  const HttpRequest& request = exchange_->request;
  Url url = exchange_->url;
  if (request.tls && !request.tls->options().server_name.empty()) {
    // libcurl verifies the name in the URL; so that is the wanted name, and the connection goes
    // where the caller said.
    const std::string& name = request.tls->options().server_name;
    const auto named = parse_url("https://" + name);
    if (!named.ok() || named->host != base::to_lower(name)) {
      return base::invalid("the TLS server name " + base::quoted(name) + " is not a host name");
    }
    const std::string port = ":" + std::to_string(url.port);
    append(connect_to_, named->host + port + ":" + bracketed(url.host) + port);
    curl_easy_setopt(easy_, CURLOPT_CONNECT_TO, connect_to_);
    url.host = named->host;
  }
  curl_easy_setopt(easy_, CURLOPT_URL, url.text().c_str());
  curl_easy_setopt(easy_, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
  return base::ok();
}

void CurlTransfer::set_method_and_body() {
  const HttpRequest& request = exchange_->request;
  curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  if (const auto* upload = std::get_if<HttpUpload>(&request.body)) {
    curl_easy_setopt(easy_, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy_, CURLOPT_INFILESIZE_LARGE,
                     upload->length ? static_cast<curl_off_t>(*upload->length) : curl_off_t{-1});
    return;
  }
  const std::string& body = std::get<std::string>(request.body);
  const bool says_length =
      request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
  if (!body.empty() || says_length) {
    // Not copied: the exchange lives as long as the transfer.
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, body.data());
  } else if (request.method == "HEAD") {
    curl_easy_setopt(easy_, CURLOPT_NOBODY, 1L);
  }
}

void CurlTransfer::set_headers() {
  const HttpRequest& request = exchange_->request;
  for (const auto& [name, value] : request.headers) {
    append(header_list_, value.empty() ? name + ";" : name + ": " + value);
  }
  // What libcurl would add by itself: a name without a value takes it out.
  for (const char* name : {"Accept", "Content-Type", "Expect"}) {
    if (!request.headers.has(name)) append(header_list_, std::string(name) + ":");
  }
  if (!request.headers.has("User-Agent")) append(header_list_, "User-Agent: plumbline");
  if (connect_to_ != nullptr && !request.headers.has("Host")) {
    append(header_list_, "Host: " + exchange_->url.authority());
  }
  curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, header_list_);
  curl_easy_setopt(easy_, CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
}

void CurlTransfer::set_tls() {
  const bool verify = !(exchange_->request.tls && exchange_->request.tls->options().insecure);
  curl_easy_setopt(easy_, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYPEER, verify ? 1L : 0L);
  curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYHOST, verify ? 2L : 0L);
  curl_easy_setopt(easy_, CURLOPT_CAINFO, nullptr);
  curl_easy_setopt(easy_, CURLOPT_CAPATH, identity_tag(*identity_).c_str());
  curl_easy_setopt(easy_, CURLOPT_SSL_CTX_FUNCTION, install_identity);
  curl_easy_setopt(easy_, CURLOPT_SSL_CTX_DATA, const_cast<TlsIdentity*>(identity_.get()));
}

base::Status CurlTransfer::set_proxy() {
  const auto& proxy = exchange_->request.proxy;
  // An empty string, unlike none, keeps libcurl from looking into the process's environment.
  curl_easy_setopt(easy_, CURLOPT_PROXY, proxy ? proxy->url.c_str() : "");
  curl_easy_setopt(easy_, CURLOPT_NOPROXY, proxy ? no_proxy_of(*proxy).c_str() : "");
  if (!proxy) return base::ok();
  const size_t scheme = proxy->url.find("://");
  const std::string name = base::to_lower(proxy->url.substr(0, scheme));
  if (scheme == std::string::npos || (name != "http" && name != "socks5" && name != "socks5h")) {
    return base::unsupported(
        "the proxy's URL does not start with http://, socks5:// or socks5h://");
  }
  if (proxy->url.find('@') != std::string::npos) {
    return base::invalid("the proxy's URL has a user in it; user and password are given apart");
  }
  if (!proxy->user.empty()) {
    curl_easy_setopt(easy_, CURLOPT_PROXYUSERNAME, proxy->user.c_str());
    curl_easy_setopt(easy_, CURLOPT_PROXYPASSWORD, proxy->password.c_str());
    curl_easy_setopt(easy_, CURLOPT_PROXYAUTH, static_cast<long>(CURLAUTH_BASIC));
  }
  curl_easy_setopt(easy_, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  return base::ok();
}

void CurlTransfer::set_callbacks() {
  constexpr curl_write_callback kHeader = [](char* bytes, size_t, size_t count, void* self) {
    return static_cast<CurlTransfer*>(self)->on_header({bytes, count});
  };
  constexpr curl_write_callback kBody = [](char* bytes, size_t, size_t count, void* self) {
    return static_cast<CurlTransfer*>(self)->on_body({bytes, count});
  };
  constexpr curl_read_callback kUpload = [](char* out, size_t size, size_t count, void* self) {
    return static_cast<CurlTransfer*>(self)->on_upload(out, size * count);
  };
  curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, detail_.data());
  curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, kHeader);
  curl_easy_setopt(easy_, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, kBody);
  curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
  if (std::holds_alternative<HttpUpload>(exchange_->request.body)) {
    curl_easy_setopt(easy_, CURLOPT_READFUNCTION, kUpload);
    curl_easy_setopt(easy_, CURLOPT_READDATA, this);
  }
  curl_easy_setopt(easy_, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(easy_, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt(easy_, CURLOPT_XFERINFODATA, this);
  curl_easy_setopt(easy_, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt(easy_, CURLOPT_OPENSOCKETDATA, this);
}

// As libcurl would, but counted, closed in child processes, and given up by the kernel when its
// peer has gone without a word.
curl_socket_t CurlTransfer::open_socket(void* self, curlsocktype, curl_sockaddr* address) {
  ++static_cast<CurlTransfer*>(self)->totals_->connections_opened;
  const int socket = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  const unsigned milliseconds = kDeadPeer.count();
  ::setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof milliseconds);
  return socket;
}

}  // namespace plumb::env
