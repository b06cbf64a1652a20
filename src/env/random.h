// Randomness: from the kernel, or from a seed.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/id.h"
#include "env/clock.h"

namespace plumb::env {

// Any thread may call. Does not fail and does not block.
class Random {
 public:
  virtual ~Random() = default;

  virtual void fill(std::span<uint8_t> bytes) = 0;
  virtual uint64_t uint64() = 0;

  // Uniform in [0, limit), without bias; 0 if limit is 0.
  uint64_t below(uint64_t limit);
  // Uniform in duration × [1 − fraction, 1 + fraction], so that many waits do not end together.
  // `fraction` is from 0 to 1.
  Duration jitter(Duration duration, double fraction);
  base::Uuid uuid();
};

// getrandom(2): fit for keys.
class RealRandom final : public Random {
 public:
  void fill(std::span<uint8_t> bytes) override;
  uint64_t uint64() override;
};

// xoshiro256** (Blackman and Vigna), its state filled from the seed by splitmix64: the same numbers
// on every platform and for ever. fill() takes each number's bytes from the least significant on.
// Not synchronised: it belongs to the one thread of a simulation.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(uint64_t seed);
  void fill(std::span<uint8_t> bytes) override;
  uint64_t uint64() override;

 private:
  std::array<uint64_t, 4> state_;
};

}  // namespace plumb::env
