// Gunzip: gzip (RFC 1952) undone piece by piece, never more at once than asked for, so that a small
// body that expands a thousandfold takes no memory before its limit is noticed.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/result.h"

namespace plumb::env {

// One thread at a time. Several members in a row are one text, as gzip(1) reads them.
class Gunzip {
 public:
  Gunzip();
  ~Gunzip();
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;

  // The next compressed bytes; only when take() has returned nothing.
  void put(std::string compressed);
  // At most `limit` more bytes of text; empty when it needs more input. kUnavailable if the input
  // is not gzip or damaged.
  base::Result<std::string> take(size_t limit);
  // After the last input: kUnavailable if the text is cut off.
  base::Status finish() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace plumb::env
