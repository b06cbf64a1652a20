// CurlHttp: Http over libcurl.
//
// All transfers share one I/O thread (curl_loop.h), which only moves bytes; callers wait, and do
// the rest on their own threads. libcurl, the thread and the system's certificates are set up by
// the first request that needs them. Nothing is taken from the process's environment.
#pragma once

#include <memory>
#include <string>

#include "base/mutex.h"
#include "env/executor.h"
#include "env/http.h"

namespace plumb::env {

class CurlLoop;
class CurlTotals;
class TlsIdentities;

class CurlHttp final : public Http {
 public:
  struct Options {
    // Certificates to trust where a request says nothing; empty: where the system keeps them.
    std::string ca_file{};
    long connections_per_host = 4;  // of HttpPool::kShared
  };

  // `executor` outlives this and all its streams.
  explicit CurlHttp(Executor& executor) : CurlHttp(executor, Options()) {}
  CurlHttp(Executor& executor, Options options);
  // Requests in flight end with kCancelled; none may start any more.
  ~CurlHttp() override;
  CurlHttp(const CurlHttp&) = delete;
  CurlHttp& operator=(const CurlHttp&) = delete;

  HttpCounters counters() const override;

 private:
  base::Result<std::unique_ptr<HttpStream>> start(
      const Context& context, std::shared_ptr<const HttpExchange> exchange) override;
  base::Result<std::shared_ptr<CurlLoop>> loop();

  Executor& executor_;
  const Options options_;
  const std::shared_ptr<CurlTotals> totals_;
  const std::unique_ptr<TlsIdentities> identities_;
  base::Mutex mutex_;
  std::shared_ptr<CurlLoop> loop_ GUARDED_BY(mutex_);  // null until it is needed
};

}  // namespace plumb::env
