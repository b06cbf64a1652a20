// CurlTransfer: one request in libcurl's hands, and what its caller and the loop share about it.
//
// Two threads meet here: the caller's, which waits and reads, and the loop's, on which libcurl
// calls back. They share the guarded members only. Neither waits for the other: a caller that gives
// up leaves a transfer behind that owns all it needs, and the loop drops it.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <curl/curl.h>

#include "base/mutex.h"
#include "base/result.h"
#include "env/context.h"
#include "env/event.h"
#include "env/http.h"
#include "env/tls_identity.h"

namespace plumb::env {

class CurlLoop;

// What all transfers of a CurlHttp have done. Any thread.
class CurlTotals {
 public:
  void count_request(const std::string& method);
  HttpCounters counters() const;

  std::atomic<uint64_t> connections_opened = 0;
  std::atomic<uint64_t> connections_reused = 0;
  std::atomic<uint64_t> bytes_sent = 0;
  std::atomic<uint64_t> bytes_received = 0;

 private:
  mutable base::Mutex mutex_;
  std::map<std::string, uint64_t> requests_ GUARDED_BY(mutex_);
};

class CurlTransfer : public std::enable_shared_from_this<CurlTransfer> {
 public:
  // `identity` is null on http.
  CurlTransfer(Executor& executor, std::shared_ptr<const HttpExchange> exchange,
               std::shared_ptr<const TlsIdentity> identity, std::shared_ptr<CurlTotals> totals);
  ~CurlTransfer();
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  // The caller's side; one task at a time. prepare() comes first, then CurlLoop::add().
  base::Status prepare();
  base::Result<HttpResponseHead> wait_for_head(const Context& context, CurlLoop& loop);
  base::Result<std::optional<std::string>> read(const Context& context, CurlLoop& loop);

  // Any thread; constant after prepare().
  CURL* easy() const { return easy_; }
  HttpPool pool() const { return exchange_->request.pool; }
  const std::string& method() const { return exchange_->request.method; }
  // Ends the transfer with `error`, unless it has ended.
  void fail(base::Error error);

  // The loop's side.
  CURLcode resume();
  void finish(CURLcode code);

 private:
  enum class Wanted { kHead, kBody };

  bool there(Wanted wanted) const REQUIRES(mutex_);
  base::Status wait(const Context& context, CurlLoop& loop, Wanted wanted);
  base::Status wait_for_movement(const Context& context) REQUIRES(mutex_);
  base::Status feed(const Context& context, CurlLoop& loop);

  base::Status set_address();
  void set_method_and_body();
  void set_headers();
  void set_tls();
  base::Status set_proxy();
  void set_callbacks();
  uint64_t read_ahead() const;

  size_t on_header(std::string_view line);
  size_t on_body(std::string_view bytes);
  size_t on_upload(char* out, size_t room);
  bool read_head_line(std::string_view line);
  void publish_head();
  void end(std::optional<base::Error> error) REQUIRES(mutex_);
  static int on_progress(void* transfer, curl_off_t, curl_off_t down, curl_off_t, curl_off_t up);
  static curl_socket_t open_socket(void* transfer, curlsocktype, curl_sockaddr* address);

  // Constant after prepare().
  const std::shared_ptr<const HttpExchange> exchange_;
  const std::shared_ptr<const TlsIdentity> identity_;
  const std::shared_ptr<CurlTotals> totals_;
  CURL* easy_ = nullptr;
  curl_slist* header_list_ = nullptr;
  curl_slist* connect_to_ = nullptr;
  std::array<char, CURL_ERROR_SIZE> detail_{};

  // Of the loop's thread.
  HttpResponseHead incoming_;
  size_t header_bytes_ = 0;
  bool head_read_ = false;
  uint64_t sent_ = 0;

  // Of the caller.
  uint64_t fed_ = 0;

  std::atomic<uint64_t> moved_ = 0;  // bytes of the body in either direction

  base::Mutex mutex_;
  Condition changed_;
  std::optional<HttpResponseHead> head_ GUARDED_BY(mutex_);
  std::string received_ GUARDED_BY(mutex_);
  bool receiving_paused_ GUARDED_BY(mutex_) = false;
  std::string to_send_ GUARDED_BY(mutex_);
  size_t to_send_from_ GUARDED_BY(mutex_) = 0;
  bool all_fed_ GUARDED_BY(mutex_) = false;
  bool sending_paused_ GUARDED_BY(mutex_) = false;
  bool ended_ GUARDED_BY(mutex_) = false;
  std::optional<base::Error> error_ GUARDED_BY(mutex_);
};

}  // namespace plumb::env
