// Random documents for property tests: the same seed gives the same document on every machine.
// Test-only; nothing outside tests includes it.
#pragma once

#include <random>
#include <string>

#include "object/value.h"

namespace plumb::object {

struct RandomValueOptions {
  int depth = 4;
  int width = 5;  // most members of an object, items of an array
  bool doubles = true;
};

class RandomValue {
 public:
  explicit RandomValue(uint32_t seed, RandomValueOptions options = {})
      : engine_(seed), options_(options) {}

  // 0 … n-1. Not std::uniform_int_distribution: its results differ between libraries.
  uint32_t below(uint32_t n) { return static_cast<uint32_t>(engine_() % n); }

  // Short and long, plain and awkward.
  std::string text() {
    static constexpr const char* kWords[] = {"",
                                             "a",
                                             "app",
                                             "web-1",
                                             "true",
                                             "no",
                                             "1.0",
                                             "0x1F",
                                             "null",
                                             "~",
                                             "a b",
                                             " lead",
                                             "trail ",
                                             "a: b",
                                             "# no",
                                             "line\nbreak",
                                             "tab\t",
                                             "ä€😀",
                                             "\"quoted\"",
                                             "it's",
                                             "\x01",
                                             "- item",
                                             "<&>",
                                             "2015-01-01",
                                             "exactly14chars",
                                             "fifteen chars!!",
                                             "a much longer text that lives in a block of its own"};
    std::string out = kWords[below(std::size(kWords))];
    while (below(4) == 0) out += kWords[below(std::size(kWords))];
    return out;
  }

  std::string key() {
    static constexpr const char* kKeys[] = {"name", "kind", "a", "b",  "a1",
                                            "a10",  "a9",   "B", "_x", "app.kubernetes.io/name",
                                            "spec", "1",    "on"};
    return below(8) == 0 ? text() : kKeys[below(std::size(kKeys))];
  }

  Value scalar() {
    switch (below(options_.doubles ? 7 : 6)) {
      case 0: return nullptr;
      case 1: return below(2) == 0;
      case 2: return static_cast<int64_t>(below(100)) - 50;
      case 3: return static_cast<int64_t>(engine_());
      case 4: return engine_() | uint64_t{1} << 63;
      case 5: return text();
      default: return number();
    }
  }

  Value value() { return value(options_.depth); }

  Value object() { return object(options_.depth); }

  // Any finite double but the whole ones from 2^53 up that print without exponent: their text reads
  // back as the integer that its digits spell (json.h).
  Value number() {
    const auto number = std::bit_cast<double>(engine_());
    const double size = std::fabs(number);
    return size >= 0x1p53 && size < 1e21 ? Value(1 / number) : Value(number);
  }

 private:
  Value value(int depth) {
    if (depth == 0) return scalar();
    const uint32_t choice = below(4);
    if (choice < 2) return object(depth);
    if (choice == 2) return scalar();
    Value array = Value::array();
    for (uint32_t i = below(static_cast<uint32_t>(options_.width) + 1); i > 0; --i) {
      array.push_back(value(depth - 1));
    }
    return array;
  }

  Value object(int depth) {
    Value object = Value::object();
    for (uint32_t i = below(static_cast<uint32_t>(options_.width) + 1); i > 0; --i) {
      object.set(key(), value(depth - 1));
    }
    return object;
  }

  std::mt19937_64 engine_;
  RandomValueOptions options_;
};

}  // namespace plumb::object
