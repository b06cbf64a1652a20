#include "env/curl_loop.h"

#include <cerrno>
#include <csignal>
#include <system_error>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "env/curl_transfer.h"

namespace plumb::env {
namespace {

constexpr uint64_t kWakeKey = ~uint64_t{0};
constexpr int kEventsAtOnce = 64;

uint64_t key_of(uint32_t pool, int socket) {
  return (uint64_t{pool} << 32) | static_cast<uint32_t>(socket);
}

// Signals are for the threads that expect them.
void block_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, nullptr);
}

base::Error shutting_down() {
  return {base::Code::kCancelled, "outgoing requests are being shut down"};
}

}  // namespace

base::Result<std::shared_ptr<CurlLoop>> CurlLoop::start(const Clock& clock, Options options) {
  std::shared_ptr<CurlLoop> loop(new CurlLoop(clock, options));
  PLUMB_CHECK_OK(loop->open());
  return loop;
}

CurlLoop::CurlLoop(const Clock& clock, Options options) : clock_(clock), options_(options) {}

CurlLoop::~CurlLoop() {
  shutdown();
  for (Pool& pool : pools_) curl_multi_cleanup(pool.multi);
  if (epoll_ >= 0) ::close(epoll_);
  if (wake_ >= 0) ::close(wake_);
}

base::Status CurlLoop::open() {
  epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  epoll_event event{.events = EPOLLIN, .data = {.u64 = kWakeKey}};
  if (epoll_ < 0 || wake_ < 0 || ::epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &event) != 0) {
    return base::unavailable("cannot wait for connections: " +
                             std::generic_category().message(errno));
  }
  for (uint32_t i = 0; i < pools_.size(); ++i) {
    pools_[i].loop = this;
    pools_[i].index = i;
    set_up(pools_[i]);
    if (pools_[i].multi == nullptr) return base::internal("libcurl cannot make a multi handle");
  }
  try {
    thread_ = std::thread([this] { run(); });
  } catch (const std::system_error& error) {
    return base::unavailable(std::string("cannot start the thread for requests: ") + error.what());
  }
  return base::ok();
}

void CurlLoop::set_up(Pool& pool) {
  pool.multi = curl_multi_init();
  if (pool.multi == nullptr) return;
  curl_multi_setopt(pool.multi, CURLMOPT_SOCKETFUNCTION, on_socket);
  curl_multi_setopt(pool.multi, CURLMOPT_SOCKETDATA, &pool);
  curl_multi_setopt(pool.multi, CURLMOPT_TIMERFUNCTION, on_timer);
  curl_multi_setopt(pool.multi, CURLMOPT_TIMERDATA, &pool);
  curl_multi_setopt(pool.multi, CURLMOPT_MAXCONNECTS, options_.idle_connections);
  // Watches and downloads each keep a connection busy where HTTP/2 does not share it: a limit
  // would let the first few block all others.
  if (pool.index == static_cast<uint32_t>(HttpPool::kShared)) {
    curl_multi_setopt(pool.multi, CURLMOPT_MAX_HOST_CONNECTIONS, options_.connections_per_host);
  }
}

void CurlLoop::add(std::shared_ptr<CurlTransfer> transfer) {
  leave({Verb::kAdd, std::move(transfer)});
}

void CurlLoop::resume(std::shared_ptr<CurlTransfer> transfer) {
  leave({Verb::kResume, std::move(transfer)});
}

void CurlLoop::cancel(std::shared_ptr<CurlTransfer> transfer) {
  leave({Verb::kCancel, std::move(transfer)});
}

void CurlLoop::leave(Note note) {
  {
    base::MutexLock lock(mutex_);
    if (!stopping_) {
      notes_.push_back(std::move(note));
      if (notes_.size() == 1) wake();
      return;
    }
  }
  if (note.verb == Verb::kAdd) note.transfer->fail(shutting_down());
}

void CurlLoop::wake() const {
  const uint64_t one = 1;
  // Cannot fail but for a counter that is full, and then the loop is awake.
  (void)!::write(wake_, &one, sizeof one);
}

void CurlLoop::shutdown() {
  {
    base::MutexLock lock(mutex_);
    stopping_ = true;
  }
  if (!thread_.joinable()) return;
  wake();
  thread_.join();
}

void CurlLoop::run() {
  block_signals();
  while (step()) {
  }
  close_all();
}

bool CurlLoop::step() {
  std::array<epoll_event, kEventsAtOnce> events;
  const int count = ::epoll_wait(epoll_, events.data(), kEventsAtOnce, wait_milliseconds());
  for (int i = 0; i < count; ++i) on_event(events[i].data.u64, events[i].events);
  if (!obey_notes()) return false;
  run_due();
  for (Pool& pool : pools_) collect_finished(pool);
  return true;
}

int CurlLoop::wait_milliseconds() const {
  MonotonicTime due = kNever;
  for (const Pool& pool : pools_) due = std::min(due, pool.due);
  if (due == kNever) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(due - clock_.now()).count();
  return static_cast<int>(std::clamp<int64_t>(left, 0, 60'000));
}

void CurlLoop::on_event(uint64_t key, uint32_t events) {
  if (key == kWakeKey) {
    uint64_t count = 0;
    (void)!::read(wake_, &count, sizeof count);
    return;
  }
  int mask = 0;
  if (events & EPOLLIN) mask |= CURL_CSELECT_IN;
  if (events & EPOLLOUT) mask |= CURL_CSELECT_OUT;
  if (events & (EPOLLERR | EPOLLHUP)) mask |= CURL_CSELECT_ERR;
  int running = 0;
  curl_multi_socket_action(pools_[key >> 32].multi, static_cast<int>(key & 0xffffffffu), mask,
                           &running);
}

bool CurlLoop::obey_notes() {
  std::vector<Note> notes;
  bool stopping = false;
  {
    base::MutexLock lock(mutex_);
    notes.swap(notes_);
    stopping = stopping_;
  }
  for (const auto& [verb, transfer] : notes) {
    if (verb == Verb::kAdd) {
      begin(transfer);
    } else if (running_.contains(transfer->easy())) {
      const CURLcode code = verb == Verb::kResume ? transfer->resume() : CURLE_ABORTED_BY_CALLBACK;
      if (code != CURLE_OK) end(transfer->easy(), code);
    }
  }
  return !stopping;
}

void CurlLoop::begin(const std::shared_ptr<CurlTransfer>& transfer) {
  running_.emplace(transfer->easy(), transfer);
  if (curl_multi_add_handle(pool_of(*transfer).multi, transfer->easy()) != CURLM_OK) {
    end(transfer->easy(), CURLE_FAILED_INIT);
  }
}

// Takes a transfer out, for whatever reason.
void CurlLoop::end(CURL* easy, CURLcode code) {
  auto node = running_.extract(easy);
  if (node.empty()) return;
  CurlTransfer& transfer = *node.mapped();
  curl_multi_remove_handle(pool_of(transfer).multi, easy);
  transfer.finish(code);
}

void CurlLoop::run_due() {
  const MonotonicTime now = clock_.now();
  for (Pool& pool : pools_) {
    if (pool.due > now) continue;
    pool.due = kNever;
    int running = 0;
    curl_multi_socket_action(pool.multi, CURL_SOCKET_TIMEOUT, 0, &running);
  }
}

void CurlLoop::collect_finished(Pool& pool) {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(pool.multi, &left)) {
    if (message->msg == CURLMSG_DONE) end(message->easy_handle, message->data.result);
  }
}

void CurlLoop::close_all() {
  for (const auto& [easy, transfer] : running_) {
    curl_multi_remove_handle(pool_of(*transfer).multi, easy);
    transfer->fail(shutting_down());
  }
  running_.clear();
  for (Pool& pool : pools_) {
    curl_multi_cleanup(pool.multi);
    pool.multi = nullptr;
  }
}

CurlLoop::Pool& CurlLoop::pool_of(const CurlTransfer& transfer) {
  return pools_[static_cast<size_t>(transfer.pool())];
}

// libcurl wants to know of events on `socket`, or no longer.
int CurlLoop::on_socket(CURL*, curl_socket_t socket, int what, void* pool_pointer, void* known) {
  Pool& pool = *static_cast<Pool*>(pool_pointer);
  const int epoll = pool.loop->epoll_;
  if (what == CURL_POLL_REMOVE) {
    ::epoll_ctl(epoll, EPOLL_CTL_DEL, socket, nullptr);
    return 0;
  }
  epoll_event event{};
  if (what & CURL_POLL_IN) event.events |= EPOLLIN;
  if (what & CURL_POLL_OUT) event.events |= EPOLLOUT;
  event.data.u64 = key_of(pool.index, socket);
  // A socket that libcurl knows may have been closed and opened again under the same number.
  const int first = known == nullptr ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
  const int second = known == nullptr ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
  if (::epoll_ctl(epoll, first, socket, &event) != 0) {
    ::epoll_ctl(epoll, second, socket, &event);
  }
  curl_multi_assign(pool.multi, socket, &pool);
  return 0;
}

int CurlLoop::on_timer(CURLM*, long milliseconds, void* pool_pointer) {
  Pool& pool = *static_cast<Pool*>(pool_pointer);
  pool.due = milliseconds < 0
                 ? kNever
                 : saturating_add(pool.loop->clock_.now(), std::chrono::milliseconds(milliseconds));
  return 0;
}

}  // namespace plumb::env
