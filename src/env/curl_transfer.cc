#include "env/curl_transfer.h"

#include "base/text.h"
#include "env/curl_error.h"
#include "env/curl_loop.h"

namespace plumb::env {

void CurlTotals::count_request(const std::string& method) {
  base::MutexLock lock(mutex_);
  ++requests_[method];
}

HttpCounters CurlTotals::counters() const {
  HttpCounters counters;
  counters.connections_opened = connections_opened;
  counters.connections_reused = connections_reused;
  counters.bytes_sent = bytes_sent;
  counters.bytes_received = bytes_received;
  base::MutexLock lock(mutex_);
  counters.requests = requests_;
  return counters;
}

CurlTransfer::CurlTransfer(Executor& executor, std::shared_ptr<const HttpExchange> exchange,
                           std::shared_ptr<const TlsIdentity> identity,
                           std::shared_ptr<CurlTotals> totals)
    : exchange_(std::move(exchange)),
      identity_(std::move(identity)),
      totals_(std::move(totals)),
      changed_(executor, "http: " + exchange_->url.authority()) {}

CurlTransfer::~CurlTransfer() {
  curl_easy_cleanup(easy_);
  curl_slist_free_all(header_list_);
  curl_slist_free_all(connect_to_);
}

// ---- the caller's side

bool CurlTransfer::there(Wanted wanted) const {
  return ended_ || (wanted == Wanted::kHead ? head_.has_value() : !received_.empty());
}

base::Status CurlTransfer::wait(const Context& context, CurlLoop& loop, Wanted wanted) {
  PLUMB_CHECK_OK(context.check());
  while (true) {
    {
      base::MutexLock lock(mutex_);
      while (!there(wanted) && !sending_paused_) PLUMB_CHECK_OK(wait_for_movement(context));
      if (there(wanted)) return base::ok();
    }
    PLUMB_CHECK_OK(feed(context, loop));
  }
}

// Until something changes; kUnavailable if nothing moves for too long.
base::Status CurlTransfer::wait_for_movement(const Context& context) {
  const Duration idle = exchange_->request.limits.idle;
  const uint64_t before = moved_;
  const auto waited = changed_.wait(context.with_timeout(idle), mutex_);
  if (waited.ok()) return base::ok();
  PLUMB_CHECK_OK(context.check());
  if (moved_ != before) return base::ok();
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(idle).count();
  return base::unavailable("nothing was sent or received for " + std::to_string(milliseconds) +
                           " ms");
}

// Gives libcurl the next piece of the body.
base::Status CurlTransfer::feed(const Context& context, CurlLoop& loop) {
  const auto& upload = std::get<HttpUpload>(exchange_->request.body);
  PLUMB_TRY(auto piece, upload.source(context));
  fed_ += piece ? piece->size() : 0;
  if (upload.length && (fed_ > *upload.length || (!piece && fed_ < *upload.length))) {
    return base::invalid("the request's body has " + std::string(piece ? "more" : "fewer") +
                         " than the announced " + std::to_string(*upload.length) + " bytes");
  }
  if (piece && piece->empty()) return base::ok();
  {
    base::MutexLock lock(mutex_);
    sending_paused_ = false;
    all_fed_ = !piece;
    if (piece) {
      to_send_ = *std::move(piece);
      to_send_from_ = 0;
    }
  }
  loop.resume(shared_from_this());
  return base::ok();
}

base::Result<HttpResponseHead> CurlTransfer::wait_for_head(const Context& context, CurlLoop& loop) {
  PLUMB_CHECK_OK(wait(context, loop, Wanted::kHead));
  base::MutexLock lock(mutex_);
  if (head_) return *head_;
  if (error_) return *error_;
  return base::unavailable("the server ended the connection within its headers");
}

base::Result<std::optional<std::string>> CurlTransfer::read(const Context& context,
                                                            CurlLoop& loop) {
  PLUMB_CHECK_OK(wait(context, loop, Wanted::kBody));
  std::optional<std::string> piece;
  bool paused = false;
  {
    base::MutexLock lock(mutex_);
    if (!received_.empty()) {
      piece = std::exchange(received_, std::string());
      paused = receiving_paused_;
    } else if (error_) {
      return *error_;
    }
  }
  if (paused) loop.resume(shared_from_this());
  return piece;
}

// ---- the loop's side

CURLcode CurlTransfer::resume() {
  int paused = CURLPAUSE_CONT;
  {
    base::MutexLock lock(mutex_);
    receiving_paused_ = receiving_paused_ && received_.size() >= read_ahead();
    if (receiving_paused_) paused |= CURLPAUSE_RECV;
    if (sending_paused_) paused |= CURLPAUSE_SEND;
  }
  // May call back at once, and fail then. Refused before there is a connection, and then nothing is
  // paused.
  const CURLcode code = curl_easy_pause(easy_, paused);
  return code == CURLE_BAD_FUNCTION_ARGUMENT ? CURLE_OK : code;
}

void CurlTransfer::end(std::optional<base::Error> error) {
  if (!ended_) {
    ended_ = true;
    // What was noticed in a callback says more than libcurl's "aborted".
    if (!error_) error_ = std::move(error);
  }
  changed_.notify_all();
}

void CurlTransfer::fail(base::Error error) {
  base::MutexLock lock(mutex_);
  end(std::move(error));
}

void CurlTransfer::finish(CURLcode code) {
  std::optional<base::Error> error;
  if (code != CURLE_OK) {
    long connect_status = 0;
    curl_easy_getinfo(easy_, CURLINFO_HTTP_CONNECTCODE, &connect_status);
    error = curl_error(code, detail_.data(), connect_status);
  }
  base::MutexLock lock(mutex_);
  end(std::move(error));
}

uint64_t CurlTransfer::read_ahead() const {
  const bool can_pause = incoming_.version != HttpVersion::k2;
  return can_pause ? exchange_->read_ahead
                   : std::max<uint64_t>(exchange_->read_ahead, Http::kHttp2ReadAhead);
}

size_t CurlTransfer::on_header(std::string_view line) {
  if (head_read_) return line.size();  // trailers
  if (line.starts_with("HTTP/")) {
    incoming_ = {};
    header_bytes_ = 0;
  }
  header_bytes_ += line.size();
  if (header_bytes_ > exchange_->request.limits.header_bytes) {
    base::MutexLock lock(mutex_);
    error_ = base::too_large("the headers are larger than " +
                             std::to_string(exchange_->request.limits.header_bytes) + " bytes");
    return 0;
  }
  if (read_head_line(line)) publish_head();
  return line.size();
}

// True at the end of a head that is not one of 1xx.
bool CurlTransfer::read_head_line(std::string_view line) {
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {
    const size_t space = line.find(' ');
    incoming_.version = line.starts_with("HTTP/2") ? HttpVersion::k2 : HttpVersion::k1_1;
    if (space != std::string_view::npos) {
      incoming_.status = static_cast<int>(base::parse_int(line.substr(space + 1, 3)).value_or(0));
    }
    return false;
  }
  if (line.empty()) return incoming_.status >= 200;
  const size_t colon = line.find(':');
  if (colon != std::string_view::npos) {
    incoming_.headers.add(std::string(base::trim(line.substr(0, colon))),
                          std::string(base::trim(line.substr(colon + 1))));
  }
  return false;
}

void CurlTransfer::publish_head() {
  head_read_ = true;
  incoming_.url = exchange_->url.text();
  long opened = 0;
  curl_easy_getinfo(easy_, CURLINFO_NUM_CONNECTS, &opened);
  if (opened == 0) ++totals_->connections_reused;
  base::MutexLock lock(mutex_);
  head_ = incoming_;
  changed_.notify_all();
}

size_t CurlTransfer::on_body(std::string_view bytes) {
  base::MutexLock lock(mutex_);
  if (received_.size() >= read_ahead()) {
    if (incoming_.version != HttpVersion::k2) {
      receiving_paused_ = true;
      return CURL_WRITEFUNC_PAUSE;
    }
    error_ = base::unavailable("the reader of this HTTP/2 stream is " +
                               std::to_string(received_.size()) + " bytes behind");
    return 0;
  }
  received_.append(bytes);
  totals_->bytes_received += bytes.size();
  changed_.notify_all();
  return bytes.size();
}

size_t CurlTransfer::on_upload(char* out, size_t room) {
  base::MutexLock lock(mutex_);
  const size_t left = to_send_.size() - to_send_from_;
  if (left == 0) {
    if (all_fed_) return 0;
    sending_paused_ = true;
    changed_.notify_all();
    return CURL_READFUNC_PAUSE;
  }
  const size_t count = std::min(room, left);
  std::memcpy(out, to_send_.data() + to_send_from_, count);
  to_send_from_ += count;
  return count;
}

int CurlTransfer::on_progress(void* pointer, curl_off_t, curl_off_t down, curl_off_t,
                              curl_off_t up) {
  auto& transfer = *static_cast<CurlTransfer*>(pointer);
  transfer.moved_ = static_cast<uint64_t>(down + up);
  const auto sent = static_cast<uint64_t>(up);
  if (sent > transfer.sent_) transfer.totals_->bytes_sent += sent - transfer.sent_;
  transfer.sent_ = sent;
  return 0;
}

}  // namespace plumb::env
