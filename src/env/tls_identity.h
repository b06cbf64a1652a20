// TlsIdentity: an HttpTls as OpenSSL wants it, parsed once.
//
// Parsing the system's certificates takes tens of milliseconds and would otherwise be done for
// every connection, so parsed identities are kept and shared.
#pragma once

#include <list>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include <openssl/ssl.h>

#include "base/mutex.h"
#include "base/result.h"
#include "env/http_message.h"

namespace plumb::env {

// Unchangeable; usable by any thread.
class TlsIdentity {
 public:
  // kInvalid says which of certificate authorities, certificate and key is unusable. With an empty
  // ca_pem, `system_ca_file` is read, or where that is empty too, the usual places.
  static base::Result<std::shared_ptr<const TlsIdentity>> make(const HttpTls& tls,
                                                               const std::string& system_ca_file);

  // Makes connections of `context` trust and present what this says.
  base::Status install(SSL_CTX* context) const;
  const std::string& digest() const { return digest_; }

 private:
  struct Free {
    void operator()(X509_STORE* store) const { X509_STORE_free(store); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  };
  using Certificate = std::unique_ptr<X509, Free>;

  TlsIdentity() = default;
  static base::Result<std::vector<Certificate>> parse_certificates(const std::string& pem,
                                                                   const char* what);
  base::Status read_authorities(const std::string& pem);
  base::Status read_system_authorities(const std::string& file);
  base::Status read_client(const std::string& certificate_pem, const std::string& key_pem);

  std::string digest_;
  std::unique_ptr<X509_STORE, Free> store_;
  std::vector<Certificate> chain_;  // the client's own first; may be empty
  std::unique_ptr<EVP_PKEY, Free> key_;
};

// Identities by their HttpTls's digest; the least recently used goes first. Any thread.
class TlsIdentities {
 public:
  explicit TlsIdentities(std::string system_ca_file);

  // `tls` null: the system's certificates, no client certificate.
  base::Result<std::shared_ptr<const TlsIdentity>> get(const HttpTls* tls);

 private:
  using Identity = std::shared_ptr<const TlsIdentity>;
  static constexpr size_t kMaxKept = 4096;

  Identity find(const std::string& digest);
  void keep(Identity identity);

  const std::string system_ca_file_;
  const HttpTls system_;
  base::Mutex mutex_;
  std::list<Identity> kept_ GUARDED_BY(mutex_);  // last used first
  std::unordered_map<std::string, std::list<Identity>::iterator> by_digest_ GUARDED_BY(mutex_);
};

}  // namespace plumb::env
