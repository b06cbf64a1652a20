// Telling contents apart.
//
// Two families, not to be confused: fingerprint() is quick and for tables, caches and change
// detection inside one installation; Sha256 is for names that other programs see or that an
// attacker may choose (Kustomize's name suffix, artifact digests). Neither is for secrets: a bare
// digest of a short secret can be guessed, so a secret's fingerprint is an HMAC under the
// installation's key.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace plumb::base {

// XXH3, 64 bits; the same bytes and seed give the same number on every machine and run.
uint64_t fingerprint(std::string_view bytes, uint64_t seed = 0);

// The fingerprint of two fingerprints; order matters.
uint64_t combine(uint64_t first, uint64_t second);

using Sha256Digest = std::array<uint8_t, 32>;

Sha256Digest sha256(std::string_view bytes);
std::string sha256_hex(std::string_view bytes);

// SHA-256 of text that arrives in pieces. Not copyable; one thread at a time.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void update(std::string_view bytes);
  // Ends the digest; the object is spent afterwards.
  Sha256Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Sha256Digest hmac_sha256(std::string_view key, std::string_view bytes);

}  // namespace plumb::base
