// CurlLoop: the one thread on which all transfers of a CurlHttp happen.
//
// It waits with epoll and tells libcurl which sockets are ready (curl_multi_socket_action), so that
// idle connections cost nothing: curl_multi_poll looks at every transfer on every turn, which with
// 3,000 idle watches was measured as 22 ms of CPU a request against 0.6 ms this way.
//
// Each HttpPool is a multi handle of its own, with its own connections and limits.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <thread>
#include <unordered_map>
#include <variant>
#include <vector>

#include <curl/curl.h>

#include "base/mutex.h"
#include "base/result.h"
#include "env/clock.h"
#include "env/http_message.h"

namespace plumb::env {

class CurlTransfer;

class CurlLoop {
 public:
  struct Options {
    long connections_per_host = 4;  // of HttpPool::kShared
    long idle_connections = 1024;   // kept open in each pool, all hosts together
  };

  // Starts the thread.
  static base::Result<std::shared_ptr<CurlLoop>> start(const Clock& clock, Options options);
  ~CurlLoop();
  CurlLoop(const CurlLoop&) = delete;
  CurlLoop& operator=(const CurlLoop&) = delete;

  // Any thread; these only leave a note for the loop. After shutdown() an added transfer fails at
  // once and the others do nothing.
  void add(std::shared_ptr<CurlTransfer> transfer);
  void resume(std::shared_ptr<CurlTransfer> transfer);  // the caller has read, or has more to send
  void cancel(std::shared_ptr<CurlTransfer> transfer);

  // Ends all transfers with kCancelled, closes all connections and joins the thread. Idempotent;
  // one thread at a time.
  void shutdown();

 private:
  enum class Verb { kAdd, kResume, kCancel };
  struct Note {
    Verb verb;
    std::shared_ptr<CurlTransfer> transfer;
  };
  struct Pool {
    CurlLoop* loop = nullptr;
    uint32_t index = 0;
    CURLM* multi = nullptr;
    MonotonicTime due = kNever;  // when libcurl wants to be called without an event
  };

  CurlLoop(const Clock& clock, Options options);
  base::Status open();
  void set_up(Pool& pool);
  void leave(Note note);
  void wake() const;

  // All below: on the loop's thread.
  void run();
  bool step();  // false: shut down
  int wait_milliseconds() const;
  void on_event(uint64_t key, uint32_t events);
  bool obey_notes();
  void begin(const std::shared_ptr<CurlTransfer>& transfer);
  void end(CURL* easy, CURLcode code);
  void run_due();
  void collect_finished(Pool& pool);
  void close_all();
  Pool& pool_of(const CurlTransfer& transfer);
  static int on_socket(CURL* easy, curl_socket_t socket, int what, void* pool, void* known);
  static int on_timer(CURLM* multi, long milliseconds, void* pool);

  const Clock& clock_;
  const Options options_;
  int epoll_ = -1;
  int wake_ = -1;
  std::thread thread_;

  base::Mutex mutex_;
  std::vector<Note> notes_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_) = false;

  // Of the loop's thread.
  std::array<Pool, 3> pools_;  // by HttpPool
  std::unordered_map<CURL*, std::shared_ptr<CurlTransfer>> running_;
};

}  // namespace plumb::env
