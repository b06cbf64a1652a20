// Throw-away certificates for tests: an authority on P-256 and what it signs.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include <openssl/evp.h>
#include <openssl/x509.h>

namespace plumb::env {

struct CertificateForTest {
  std::string certificate_pem;
  std::string key_pem;
};

class AuthorityForTest {
 public:
  AuthorityForTest();

  // `name` is a DNS name or an IPv4 address. Valid from a day before `until`'s sign says: a
  // negative `until` makes one that has expired.
  CertificateForTest issue(const std::string& name,
                           std::chrono::hours until = std::chrono::hours(24)) const;
  std::string certificate_pem() const;

 private:
  struct Free {
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  };
  using Key = std::unique_ptr<EVP_PKEY, Free>;
  using Certificate = std::unique_ptr<X509, Free>;

  static std::string to_pem(X509* certificate);
  static std::string to_pem(EVP_PKEY* key);
  Certificate sign(EVP_PKEY* key, const std::string& name, const std::string& usage,
                   const std::string& alternative, std::chrono::hours until) const;

  Key key_;
  Certificate certificate_;  // null while it signs itself
};

}  // namespace plumb::env
