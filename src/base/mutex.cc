#include "base/mutex.h"

namespace plumb::base {
namespace {

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): a count of each thread
thread_local int held = 0;

}  // namespace

void Mutex::lock() {
  mutex_.lock();
  ++held;
}

void Mutex::unlock() {
  --held;
  mutex_.unlock();
}

int mutexes_held_by_this_thread() { return held; }

}  // namespace plumb::base
