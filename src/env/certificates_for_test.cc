#include "env/certificates_for_test.h"

#include <atomic>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace plumb::env {
namespace {

std::string drain(BIO* bio) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio, &text);
  std::string out(text, static_cast<size_t>(size));
  BIO_free(bio);
  return out;
}

void extend(X509* certificate, X509* issuer, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

bool is_address(const std::string& name) {
  return name.find_first_not_of("0123456789.") == std::string_view::npos;
}

}  // namespace

AuthorityForTest::AuthorityForTest() : key_(EVP_EC_gen("P-256")) {
  static std::atomic<int> count = 0;
  const std::string name = "Test authority " + std::to_string(++count);
  certificate_ = sign(key_.get(), name, "critical,CA:TRUE", "", std::chrono::hours(24));
}

std::string AuthorityForTest::to_pem(X509* certificate) {
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(bio, certificate);
  return drain(bio);
}

std::string AuthorityForTest::to_pem(EVP_PKEY* key) {
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PKCS8PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  return drain(bio);
}

std::string AuthorityForTest::certificate_pem() const { return to_pem(certificate_.get()); }

AuthorityForTest::Certificate AuthorityForTest::sign(EVP_PKEY* key, const std::string& name,
                                                     const std::string& usage,
                                                     const std::string& alternative,
                                                     std::chrono::hours until) const {
  static std::atomic<long> serial = 1;
  Certificate made(X509_new());
  X509* certificate = made.get();
  X509* issuer = certificate_ ? certificate_.get() : certificate;
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(until).count();
  X509_gmtime_adj(X509_getm_notBefore(certificate), std::min<long>(seconds, 0) - 24 * 3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), seconds);
  X509_set_pubkey(certificate, key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
  extend(certificate, issuer, NID_basic_constraints, usage);
  if (!alternative.empty()) extend(certificate, issuer, NID_subject_alt_name, alternative);
  X509_sign(certificate, key_.get(), EVP_sha256());
  return made;
}

CertificateForTest AuthorityForTest::issue(const std::string& name,
                                           std::chrono::hours until) const {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate =
      sign(key.get(), name, "CA:FALSE", (is_address(name) ? "IP:" : "DNS:") + name, until);
  return {to_pem(certificate.get()), to_pem(key.get())};
}

}  // namespace plumb::env
