#include "env/random.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include <sys/random.h>

namespace plumb::env {
namespace {

constexpr uint64_t kSplitmixIncrement = 0x9e3779b97f4a7c15;

uint64_t splitmix64(uint64_t& state) {
  uint64_t z = (state += kSplitmixIncrement);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

}  // namespace

uint64_t Random::below(uint64_t limit) {
  if (limit == 0) return 0;
  // The numbers under `excess` would make the first remainders likelier than the others.
  const uint64_t excess = (std::numeric_limits<uint64_t>::max() - limit + 1) % limit;
  uint64_t number = uint64();
  while (number < excess) number = uint64();
  return number % limit;
}

Duration Random::jitter(Duration duration, double fraction) {
  constexpr uint64_t kSteps = uint64_t{1} << 53;  // a double holds each exactly
  const double position = static_cast<double>(below(kSteps)) / static_cast<double>(kSteps - 1);
  const double offset = std::clamp(fraction, 0.0, 1.0) * (2 * position - 1);
  return duration +
         Duration(static_cast<Duration::rep>(static_cast<double>(duration.count()) * offset));
}

base::Uuid Random::uuid() {
  base::Uuid::Bytes bytes;
  fill(bytes);
  return base::Uuid::from_random(bytes);
}

void RealRandom::fill(std::span<uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = getrandom(bytes.data(), bytes.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      std::perror("getrandom");  // a kernel without it: nothing that needs a key may go on
      std::abort();
    }
    bytes = bytes.subspan(static_cast<size_t>(count));
  }
}

uint64_t RealRandom::uint64() {
  std::array<uint8_t, sizeof(uint64_t)> bytes;
  fill(bytes);
  return std::bit_cast<uint64_t>(bytes);
}

SeededRandom::SeededRandom(uint64_t seed) {
  for (uint64_t& word : state_) word = splitmix64(seed);
}

uint64_t SeededRandom::uint64() {
  const uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

void SeededRandom::fill(std::span<uint8_t> bytes) {
  uint64_t number = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (i % sizeof number == 0) number = uint64();
    bytes[i] = static_cast<uint8_t>(number);
    number >>= 8;
  }
}

}  // namespace plumb::env
