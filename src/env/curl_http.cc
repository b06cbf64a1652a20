#include "env/curl_http.h"

#include "env/curl_loop.h"
#include "env/curl_transfer.h"
#include "env/tls_identity.h"

namespace plumb::env {
namespace {

base::Status initialise_libcurl() {
  // Safe with threads (libcurl 7.84 and later), and counted: once is enough for the process.
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code == CURLE_OK) return base::ok();
  return base::internal(std::string("libcurl cannot be initialised: ") + curl_easy_strerror(code));
}

class CurlStream final : public HttpStream {
 public:
  CurlStream(std::shared_ptr<CurlLoop> loop, std::shared_ptr<CurlTransfer> transfer)
      : loop_(std::move(loop)), transfer_(std::move(transfer)) {}
  ~CurlStream() override { loop_->cancel(transfer_); }

  base::Status wait_for_head(const Context& context) {
    PLUMB_TRY(head_, transfer_->wait_for_head(context, *loop_));
    return base::ok();
  }

  const HttpResponseHead& head() const override { return head_; }
  base::Result<std::optional<std::string>> read(const Context& context) override {
    return transfer_->read(context, *loop_);
  }

 private:
  const std::shared_ptr<CurlLoop> loop_;
  const std::shared_ptr<CurlTransfer> transfer_;
  HttpResponseHead head_;
};

}  // namespace

CurlHttp::CurlHttp(Executor& executor, Options options)
    : executor_(executor),
      options_(std::move(options)),
      totals_(std::make_shared<CurlTotals>()),
      identities_(std::make_unique<TlsIdentities>(options_.ca_file)) {}

CurlHttp::~CurlHttp() {
  std::shared_ptr<CurlLoop> loop;
  {
    base::MutexLock lock(mutex_);
    loop = loop_;
  }
  if (loop) loop->shutdown();
}

HttpCounters CurlHttp::counters() const { return totals_->counters(); }

base::Result<std::shared_ptr<CurlLoop>> CurlHttp::loop() {
  base::MutexLock lock(mutex_);
  if (!loop_) {
    PLUMB_CHECK_OK(initialise_libcurl());
    PLUMB_TRY(loop_, CurlLoop::start(executor_.clock(),
                                     {.connections_per_host = options_.connections_per_host}));
  }
  return loop_;
}

base::Result<std::unique_ptr<HttpStream>> CurlHttp::start(
    const Context& context, std::shared_ptr<const HttpExchange> exchange) {
  assert_may_block("Http");
  PLUMB_TRY(auto loop, this->loop());
  std::shared_ptr<const TlsIdentity> identity;
  if (exchange->url.secure()) {
    PLUMB_TRY(identity, identities_->get(exchange->request.tls.get()));
  }
  auto transfer =
      std::make_shared<CurlTransfer>(executor_, std::move(exchange), std::move(identity), totals_);
  PLUMB_CHECK_OK(transfer->prepare());
  totals_->count_request(transfer->method());
  loop->add(transfer);
  auto stream = std::make_unique<CurlStream>(std::move(loop), std::move(transfer));
  PLUMB_CHECK_OK(stream->wait_for_head(context));
  return std::unique_ptr<HttpStream>(std::move(stream));
}

}  // namespace plumb::env
