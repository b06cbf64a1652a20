#include "env/tls_identity.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <unistd.h>

namespace plumb::env {
namespace {

// Where Debian, Fedora, openSUSE and Alpine keep the certificates of the public authorities.
constexpr const char* kSystemCaFiles[] = {
    "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"};

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;

Bio bio_of(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// Never asks on the terminal for the password of an encrypted key.
int no_password(char*, int, int, void*) { return -1; }

base::Error unusable(const char* what, std::string_view why) {
  ERR_clear_error();
  return base::invalid("the TLS " + std::string(what) + " " + std::string(why));
}

}  // namespace

base::Result<std::vector<TlsIdentity::Certificate>> TlsIdentity::parse_certificates(
    const std::string& pem, const char* what) {
  std::vector<Certificate> certificates;
  const Bio bio = bio_of(pem);
  while (X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, no_password, nullptr)) {
    certificates.emplace_back(certificate);
  }
  // The reader ends at the first thing that is no certificate; only the end of the text is right.
  if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) {
    return unusable(what, "is damaged");
  }
  ERR_clear_error();
  if (certificates.empty()) return unusable(what, "has no PEM block \"CERTIFICATE\"");
  return certificates;
}

base::Status TlsIdentity::read_authorities(const std::string& pem) {
  PLUMB_TRY(const auto certificates, parse_certificates(pem, "CA bundle"));
  for (const Certificate& certificate : certificates) {
    if (X509_STORE_add_cert(store_.get(), certificate.get()) != 1) {
      return unusable("CA bundle", "has a certificate that cannot be used");
    }
  }
  return base::ok();
}

base::Status TlsIdentity::read_system_authorities(const std::string& file) {
  if (!file.empty()) {
    if (X509_STORE_load_file(store_.get(), file.c_str()) == 1) return base::ok();
    return unusable("CA file", "cannot be read: " + file);
  }
  for (const char* candidate : kSystemCaFiles) {
    if (::access(candidate, R_OK) != 0) continue;
    if (X509_STORE_load_file(store_.get(), candidate) == 1) return base::ok();
  }
  // A machine without any: every server fails to verify, which says more than an error here.
  ERR_clear_error();
  return base::ok();
}

base::Status TlsIdentity::read_client(const std::string& certificate_pem,
                                      const std::string& key_pem) {
  if (certificate_pem.empty() && key_pem.empty()) return base::ok();
  if (key_pem.empty()) return unusable("client certificate", "has no key");
  if (certificate_pem.empty()) return unusable("client key", "has no certificate");
  PLUMB_TRY(chain_, parse_certificates(certificate_pem, "client certificate"));
  const Bio bio = bio_of(key_pem);
  key_.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr));
  if (!key_) return unusable("client key", "is damaged, encrypted, or not PEM");
  if (X509_check_private_key(chain_.front().get(), key_.get()) != 1) {
    return unusable("client key", "does not belong to the client certificate");
  }
  return base::ok();
}

base::Result<std::shared_ptr<const TlsIdentity>> TlsIdentity::make(
    const HttpTls& tls, const std::string& system_ca_file) {
  std::shared_ptr<TlsIdentity> identity(new TlsIdentity());
  identity->digest_ = tls.digest();
  identity->store_.reset(X509_STORE_new());
  if (!identity->store_) return base::internal("OpenSSL cannot make a certificate store");
  // What the caller names is trusted, also if it is not self-signed (as Go does).
  X509_STORE_set_flags(identity->store_.get(), X509_V_FLAG_PARTIAL_CHAIN);
  ERR_clear_error();
  const HttpTls::Options& options = tls.options();
  if (!options.ca_pem.empty()) {
    PLUMB_CHECK_OK(identity->read_authorities(options.ca_pem));
  } else if (!options.insecure) {
    PLUMB_CHECK_OK(identity->read_system_authorities(system_ca_file));
  }
  PLUMB_CHECK_OK(identity->read_client(options.certificate_pem, options.key_pem));
  return std::shared_ptr<const TlsIdentity>(std::move(identity));
}

base::Status TlsIdentity::install(SSL_CTX* context) const {
  SSL_CTX_set1_cert_store(context, store_.get());
  if (chain_.empty()) return base::ok();
  bool good = SSL_CTX_use_certificate(context, chain_.front().get()) == 1 &&
              SSL_CTX_use_PrivateKey(context, key_.get()) == 1;
  for (size_t i = 1; i < chain_.size(); ++i) {
    good = good && SSL_CTX_add1_chain_cert(context, chain_[i].get()) == 1;
  }
  return good ? base::ok() : unusable("client certificate", "is refused by OpenSSL");
}

TlsIdentities::TlsIdentities(std::string system_ca_file)
    : system_ca_file_(std::move(system_ca_file)), system_(HttpTls::Options{}) {}

TlsIdentities::Identity TlsIdentities::find(const std::string& digest) {
  base::MutexLock lock(mutex_);
  const auto found = by_digest_.find(digest);
  if (found == by_digest_.end()) return nullptr;
  kept_.splice(kept_.begin(), kept_, found->second);
  return kept_.front();
}

void TlsIdentities::keep(Identity identity) {
  base::MutexLock lock(mutex_);
  if (by_digest_.contains(identity->digest())) return;
  kept_.push_front(std::move(identity));
  by_digest_.emplace(kept_.front()->digest(), kept_.begin());
  if (kept_.size() <= kMaxKept) return;
  by_digest_.erase(kept_.back()->digest());
  kept_.pop_back();
}

base::Result<std::shared_ptr<const TlsIdentity>> TlsIdentities::get(const HttpTls* tls) {
  if (tls == nullptr) tls = &system_;
  if (auto kept = find(tls->digest())) return kept;
  // Two threads may parse the same one; that costs time once and is otherwise harmless.
  PLUMB_TRY(auto identity, TlsIdentity::make(*tls, system_ca_file_));
  keep(identity);
  return identity;
}

}  // namespace plumb::env
