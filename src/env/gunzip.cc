#include "env/gunzip.h"

#include <zlib.h>

namespace plumb::env {
namespace {

constexpr int kGzipOnly = 16 + MAX_WBITS;

base::Error damaged() { return base::unavailable("the gzip encoding of the body is damaged"); }

}  // namespace

struct Gunzip::State {
  z_stream zlib{};
  std::string input;
  size_t consumed = 0;
  bool between_members = true;  // also before the first
  bool started = false;
};

Gunzip::Gunzip() : state_(std::make_unique<State>()) {
  // Fails only without memory; inflate() then reports a stream error.
  (void)inflateInit2(&state_->zlib, kGzipOnly);
}

Gunzip::~Gunzip() { inflateEnd(&state_->zlib); }

void Gunzip::put(std::string compressed) {
  state_->input = std::move(compressed);
  state_->consumed = 0;
}

base::Result<std::string> Gunzip::take(size_t limit) {
  State& s = *state_;
  std::string out(limit, '\0');
  size_t produced = 0;
  // A turn without room for output still ends members whose trailer comes late.
  while (produced < limit) {
    const size_t left = s.input.size() - s.consumed;
    // zlib may hold output that did not fit the last time, so it is asked even without input.
    if (left == 0 && s.between_members) break;
    if (s.between_members && s.started && inflateReset(&s.zlib) != Z_OK) return damaged();
    s.started = true;
    s.zlib.next_in = reinterpret_cast<Bytef*>(s.input.data() + s.consumed);
    s.zlib.avail_in = static_cast<uInt>(left);
    s.zlib.next_out = reinterpret_cast<Bytef*>(out.data() + produced);
    s.zlib.avail_out = static_cast<uInt>(limit - produced);
    const int code = inflate(&s.zlib, Z_NO_FLUSH);
    s.consumed = s.input.size() - s.zlib.avail_in;
    produced = limit - s.zlib.avail_out;
    s.between_members = code == Z_STREAM_END;
    if (code == Z_BUF_ERROR) break;  // nothing more without input
    if (code != Z_OK && code != Z_STREAM_END) return damaged();
  }
  out.resize(produced);
  return out;
}

base::Status Gunzip::finish() const {
  if (state_->between_members) return base::ok();
  return base::unavailable("the gzip encoding of the body ends too early");
}

}  // namespace plumb::env
