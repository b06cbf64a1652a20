#include "env/http_server_for_test.h"

#include <csignal>
#include <cstdlib>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include "base/text.h"

namespace plumb::env {
namespace {

constexpr std::string_view kHttp2Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  return address;
}

// A peer that has gone is an ordinary failure of write().
void block_sigpipe() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

X509* read_certificate(const std::string& pem) {
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  X509* certificate = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  return certificate;
}

EVP_PKEY* read_key(const std::string& pem) {
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  EVP_PKEY* key = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  return key;
}

SSL_CTX* make_tls(const HttpServerForTest::Options& options) {
  SSL_CTX* tls = SSL_CTX_new(TLS_server_method());
  X509* certificate = read_certificate(options.certificate->certificate_pem);
  EVP_PKEY* key = read_key(options.certificate->key_pem);
  SSL_CTX_use_certificate(tls, certificate);
  SSL_CTX_use_PrivateKey(tls, key);
  X509_free(certificate);
  EVP_PKEY_free(key);
  if (!options.client_ca_pem.empty()) {
    X509* authority = read_certificate(options.client_ca_pem);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(tls), authority);
    X509_free(authority);
    SSL_CTX_set_verify(tls, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  return tls;
}

int connect_to(std::string_view port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(static_cast<int>(base::parse_int(port).value_or(0)));
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
  ::close(fd);
  return -1;
}

// Grows `text` until it holds `end`; its position behind that, or npos.
size_t read_past(ConnectionForTest& connection, std::string& text, std::string_view end) {
  size_t at = 0;
  while ((at = text.find(end)) == std::string_view::npos) {
    const std::string more = connection.read();
    if (more.empty()) return std::string_view::npos;
    text += more;
  }
  return at + end.size();
}

bool read_exactly(ConnectionForTest& connection, std::string& text, size_t count) {
  while (text.size() < count) {
    const std::string more = connection.read();
    if (more.empty()) return false;
    text += more;
  }
  return true;
}

bool read_chunks(ConnectionForTest& connection, std::string& rest, std::string& body) {
  while (true) {
    const size_t line = read_past(connection, rest, "\r\n");
    if (line == std::string_view::npos) return false;
    const size_t size = std::stoul(rest.substr(0, line), nullptr, 16);
    rest.erase(0, line);
    if (!read_exactly(connection, rest, size + 2)) return false;
    body += rest.substr(0, size);
    rest.erase(0, size + 2);
    if (size == 0) return true;
  }
}

}  // namespace

ConnectionForTest::~ConnectionForTest() {
  SSL_free(ssl_);
  ::close(fd_);
}

bool ConnectionForTest::start_tls(SSL_CTX* context) {
  ssl_ = SSL_new(context);
  SSL_set_fd(ssl_, fd_);
  ERR_clear_error();
  if (SSL_accept(ssl_) == 1) return true;
  // Closing with unread bytes would reset the connection, and the alert would be lost.
  ::shutdown(fd_, SHUT_WR);
  char ignored[4096];
  while (::recv(fd_, ignored, sizeof ignored, 0) > 0) {
  }
  return false;
}

bool ConnectionForTest::speaks_http2() const {
  const unsigned char* protocol = nullptr;
  unsigned size = 0;
  if (ssl_ != nullptr) SSL_get0_alpn_selected(ssl_, &protocol, &size);
  return size == 2 && std::memcmp(protocol, "h2", 2) == 0;
}

std::string ConnectionForTest::read() {
  if (!unread_.empty()) return std::exchange(unread_, std::string());
  std::string bytes(64 * 1024, '\0');
  const auto got = ssl_ != nullptr ? SSL_read(ssl_, bytes.data(), static_cast<int>(bytes.size()))
                                   : ::recv(fd_, bytes.data(), bytes.size(), 0);
  bytes.resize(got > 0 ? static_cast<size_t>(got) : 0);
  return bytes;
}

bool ConnectionForTest::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const size_t size = std::min<size_t>(bytes.size(), 64 * 1024);
    const auto wrote = ssl_ != nullptr ? SSL_write(ssl_, bytes.data(), static_cast<int>(size))
                                       : ::send(fd_, bytes.data(), size, MSG_NOSIGNAL);
    if (wrote <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(wrote));
    written_ += static_cast<uint64_t>(wrote);
  }
  return true;
}

void ConnectionForTest::hang() {
  while (!read().empty()) {
  }
}

void ConnectionForTest::reset() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

bool ConnectionForTest::readable(std::chrono::milliseconds timeout) const {
  if (!unread_.empty() || (ssl_ != nullptr && SSL_pending(ssl_) > 0)) return true;
  pollfd wanted{.fd = fd_, .events = POLLIN, .revents = 0};
  return ::poll(&wanted, 1, static_cast<int>(timeout.count())) > 0;
}

bool ConnectionForTest::writable(std::chrono::milliseconds timeout) const {
  pollfd wanted{.fd = fd_, .events = POLLOUT, .revents = 0};
  return ::poll(&wanted, 1, static_cast<int>(timeout.count())) > 0;
}

void ConnectionForTest::relay(int other) {
  std::array<pollfd, 2> ends{{{fd_, POLLIN, 0}, {other, POLLIN, 0}}};
  char bytes[16 * 1024];
  while (::poll(ends.data(), ends.size(), -1) > 0) {
    for (size_t i = 0; i < ends.size(); ++i) {
      if (ends[i].revents == 0) continue;
      const ssize_t got = ::recv(ends[i].fd, bytes, sizeof bytes, 0);
      if (got <= 0) return;
      if (::send(ends[1 - i].fd, bytes, static_cast<size_t>(got), MSG_NOSIGNAL) != got) return;
    }
  }
}

void ConnectionForTest::close() { ::shutdown(fd_, SHUT_RDWR); }

HttpServerForTest::HttpServerForTest(Options options) : options_(std::move(options)) {
  if (options_.certificate) {
    tls_ = make_tls(options_);
    SSL_CTX_set_alpn_select_cb(tls_, choose_protocol, this);
  }
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0) std::abort();
  ::listen(listener_, 512);
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

HttpServerForTest::~HttpServerForTest() {
  std::vector<std::thread> threads;
  {
    base::MutexLock lock(mutex_);
    stopping_ = true;
    for (const auto& connection : open_) connection->close();
  }
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  {
    base::MutexLock lock(mutex_);
    threads.swap(threads_);
  }
  for (std::thread& thread : threads) thread.join();
  ::close(listener_);
  SSL_CTX_free(tls_);
}

std::string HttpServerForTest::url(const std::string& target) const {
  return (tls_ != nullptr ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port_) +
         target;
}

void HttpServerForTest::accept_all() {
  while (true) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    const int yes = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    ++accepted_;
    auto connection = std::make_shared<ConnectionForTest>(fd, written_);
    base::MutexLock lock(mutex_);
    if (stopping_) return;
    open_.push_back(connection);
    threads_.emplace_back([this, connection = std::move(connection)]() mutable {
      block_sigpipe();
      serve(*connection);
      base::MutexLock lock(mutex_);
      std::erase(open_, connection);
      connection.reset();  // closes
    });
  }
}

void HttpServerForTest::serve(ConnectionForTest& connection) {
  if (tls_ != nullptr && !connection.start_tls(tls_)) return;
  if (options_.speaker) return options_.speaker(connection);
  if (connection.speaks_http2()) return options_.http2(connection);
  if (tls_ == nullptr && options_.http2) {
    const std::string first = connection.read();
    connection.unread(first);
    if (first.starts_with(kHttp2Preface.substr(0, 16))) return options_.http2(connection);
  }
  serve_http1(connection);
}

void HttpServerForTest::serve_http1(ConnectionForTest& connection) {
  while (const auto request = read_request_for_test(connection)) {
    ++requests_;
    if (!options_.handler(connection, *request)) return;
  }
}

int HttpServerForTest::choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                                       const unsigned char* in, unsigned in_size, void* server) {
  static constexpr unsigned char kBoth[] = "\x02h2\x08http/1.1";
  const bool http2 = static_cast<HttpServerForTest*>(server)->options_.http2 != nullptr;
  const unsigned char* offered = http2 ? kBoth : kBoth + 3;
  const unsigned offered_size = http2 ? 12 : 9;
  const int chosen = SSL_select_next_proto(const_cast<unsigned char**>(out), out_size, offered,
                                           offered_size, in, in_size);
  return chosen == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

std::string response_for_test(int status, const HttpHeaders& headers, std::string_view body) {
  std::string out = "HTTP/1.1 " + std::to_string(status) + " Scripted\r\n";
  for (const auto& [name, value] : headers) out += name + ": " + value + "\r\n";
  out += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  return out.append(body);
}

std::string gzip_for_test(std::string_view text) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::optional<RequestForTest> read_request_for_test(ConnectionForTest& connection) {
  std::string rest;
  const size_t end = read_past(connection, rest, "\r\n\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  const std::string head = rest.substr(0, end - 4);
  rest.erase(0, end);

  RequestForTest request;
  const auto lines = base::split(head, '\n');
  const auto words = base::split(base::trim(lines[0]), ' ');
  request.method = words[0];
  request.target = words[1];
  for (size_t i = 1; i < lines.size(); ++i) {
    const size_t colon = lines[i].find(':');
    request.headers.add(std::string(lines[i].substr(0, colon)),
                        std::string(base::trim(lines[i].substr(colon + 1))));
  }
  if (request.headers.has("Transfer-Encoding")) {
    if (!read_chunks(connection, rest, request.body)) return std::nullopt;
  } else if (const auto length = request.headers.get("Content-Length")) {
    const auto size = static_cast<size_t>(base::parse_int(*length).value_or(0));
    if (!read_exactly(connection, rest, size)) return std::nullopt;
    request.body = rest.substr(0, size);
    rest.erase(0, size);
  }
  connection.unread(std::move(rest));
  return request;
}

HttpServerForTest::Handler proxy_for_test(std::string credentials) {
  return [credentials = std::move(credentials)](ConnectionForTest& connection,
                                                const RequestForTest& request) {
    const std::string wanted = "Basic " + base::base64_encode(credentials);
    if (!credentials.empty() && request.headers.get("Proxy-Authorization") != wanted) {
      connection.write(response_for_test(407, {{"Proxy-Authenticate", "Basic realm=x"}}, ""));
      return false;
    }
    if (request.method != "CONNECT") {
      return connection.write(response_for_test(200, {}, request.target));
    }
    const int target =
        connect_to(std::string_view(request.target).substr(request.target.rfind(':') + 1));
    if (target < 0) {
      connection.write(response_for_test(502, {}, ""));
      return false;
    }
    connection.write("HTTP/1.1 200 Connected\r\n\r\n");
    connection.relay(target);
    ::close(target);
    return false;
  };
}

}  // namespace plumb::env
