// A scripted HTTP server on loopback, for tests of the real Http: it can do everything that a bad
// server does. One thread a connection; plain sockets, or TLS.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <openssl/ssl.h>

#include "base/mutex.h"
#include "env/certificates_for_test.h"
#include "env/http_message.h"

namespace plumb::env {

struct RequestForTest {
  std::string method;
  std::string target;
  HttpHeaders headers;
  std::string body;
};

// One accepted connection; used by its own thread, but for close().
class ConnectionForTest {
 public:
  ConnectionForTest(int fd, std::atomic<uint64_t>& written) : fd_(fd), written_(written) {}
  ~ConnectionForTest();
  ConnectionForTest(const ConnectionForTest&) = delete;
  ConnectionForTest& operator=(const ConnectionForTest&) = delete;

  // False if the handshake fails; the peer has then been told why.
  bool start_tls(SSL_CTX* context);
  bool speaks_http2() const;

  // What is there, at most 64 KiB; empty at the end.
  std::string read();
  bool write(std::string_view bytes);
  // Gives back what read() returned too much.
  void unread(std::string bytes) { unread_ = std::move(bytes) + unread_; }
  // Says nothing until the peer or the server goes.
  void hang();
  // The peer gets a reset instead of an end.
  void reset();
  // Wait until bytes can be read or written, at most so long.
  bool readable(std::chrono::milliseconds timeout) const;
  bool writable(std::chrono::milliseconds timeout) const;
  // Passes bytes between the peer and `other`, a socket, until either ends. For proxies.
  void relay(int other);
  // Ends all reads and writes, now and later; any thread.
  void close();

 private:
  const int fd_;
  std::atomic<uint64_t>& written_;
  SSL* ssl_ = nullptr;
  std::string unread_;
};

class HttpServerForTest {
 public:
  // Answers one request of HTTP/1.1; false closes the connection.
  using Handler = std::function<bool(ConnectionForTest&, const RequestForTest&)>;
  // Speaks whatever it likes on a connection.
  using Speaker = std::function<void(ConnectionForTest&)>;

  struct Options {
    Handler handler{};
    Speaker speaker{};  // instead of HTTP/1.1
    Speaker http2{};    // where ALPN or the preface says HTTP/2; null: not offered
    std::optional<CertificateForTest> certificate{};  // with it: TLS
    std::string client_ca_pem{};                      // with it: clients need a certificate
  };

  explicit HttpServerForTest(Options options);
  explicit HttpServerForTest(Handler handler) : HttpServerForTest(Options{std::move(handler)}) {}
  ~HttpServerForTest();

  int port() const { return port_; }
  std::string url(const std::string& target) const;
  uint64_t connections() const { return accepted_; }
  uint64_t requests() const { return requests_; }
  uint64_t bytes_written() const { return written_; }

 private:
  void accept_all();
  void serve(ConnectionForTest& connection);
  void serve_http1(ConnectionForTest& connection);
  static int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                             const unsigned char* in, unsigned in_size, void* server);

  const Options options_;
  SSL_CTX* tls_ = nullptr;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<uint64_t> accepted_ = 0;
  std::atomic<uint64_t> requests_ = 0;
  std::atomic<uint64_t> written_ = 0;
  base::Mutex mutex_;
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::vector<std::shared_ptr<ConnectionForTest>> open_ GUARDED_BY(mutex_);
  std::vector<std::thread> threads_ GUARDED_BY(mutex_);
  std::thread acceptor_;
};

// "HTTP/1.1 200 …" with Content-Length.
std::string response_for_test(int status, const HttpHeaders& headers, std::string_view body);
std::string gzip_for_test(std::string_view text);
// Reads one request; nullopt at the end of the connection.
std::optional<RequestForTest> read_request_for_test(ConnectionForTest& connection);
// A proxy: CONNECT to any address of loopback, with "user:password" if given; answers requests in
// absolute form itself, with the address as the body.
HttpServerForTest::Handler proxy_for_test(std::string credentials);

}  // namespace plumb::env
