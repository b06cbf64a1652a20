// A lock whose rules the compiler checks (clang's -Wthread-safety).
//
//   base::Mutex mutex_;
//   int waiting_ GUARDED_BY(mutex_);
//
//   base::MutexLock lock(mutex_);
//
// A mutex guards memory only: it is held for a few lines and never across a call into env/, which
// may block or switch fibers. env/ asserts that with mutexes_held_by_this_thread().
#pragma once

#include <mutex>

#if defined(__clang__)
#define PLUMB_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define PLUMB_THREAD_ANNOTATION(x)
#endif
#define GUARDED_BY(mutex) PLUMB_THREAD_ANNOTATION(guarded_by(mutex))
#define REQUIRES(...) PLUMB_THREAD_ANNOTATION(requires_capability(__VA_ARGS__))
#define EXCLUDES(...) PLUMB_THREAD_ANNOTATION(locks_excluded(__VA_ARGS__))

namespace plumb::base {

class PLUMB_THREAD_ANNOTATION(capability("mutex")) Mutex {
 public:
  Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  void lock() PLUMB_THREAD_ANNOTATION(acquire_capability());
  void unlock() PLUMB_THREAD_ANNOTATION(release_capability());

 private:
  std::mutex mutex_;
};

// Holds a Mutex for the length of a scope.
class PLUMB_THREAD_ANNOTATION(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) PLUMB_THREAD_ANNOTATION(acquire_capability(mutex))
      : mutex_(mutex) {
    mutex_.lock();
  }
  ~MutexLock() PLUMB_THREAD_ANNOTATION(release_capability()) { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

// How many Mutexes the calling thread holds now.
int mutexes_held_by_this_thread();

}  // namespace plumb::base
