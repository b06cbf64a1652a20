// Fiber: a stack of its own that runs one function after another, on the thread that resumes it.
//
// For SimulatedExecutor alone. The switch is Boost.Context's fcontext: boost::context::fiber ends a
// fiber by returning through frames that ThreadSanitizer would count on the wrong stack, so fibers
// here end by never being resumed.
#pragma once

#include <cstddef>
#include <functional>

namespace plumb::env {

// Tells Address- and ThreadSanitizer which stack the thread is on: called right before and after
// each switch, on the side it is named for, and at both ends of the fiber's life. Does nothing in
// other builds.
struct SanitizerNotes {
  void begin();
  void outside_before_entering(const void* stack, size_t bytes);
  void inside_after_entering(bool first);
  void inside_before_leaving(bool for_ever);
  void outside_after_leaving();
  void end(const void* stack, size_t bytes);

  void* inside_fake_stack = nullptr;
  void* outside_fake_stack = nullptr;
  const void* outside_stack = nullptr;
  size_t outside_stack_bytes = 0;
  void* inside_tsan = nullptr;
  void* outside_tsan = nullptr;
};

class Fiber {
 public:
  // The stack takes memory as it is touched; under it lies a guard page. Aborts without memory.
  explicit Fiber(size_t stack_bytes);
  // Only when idle().
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  // Gives an idle fiber its next work, which the next resume() enters. `work` must not throw.
  void start(std::function<void()> work);
  // From outside: runs the fiber until it suspends or its work has returned.
  void resume();
  // From inside: goes back to where resume() was called.
  void suspend();
  // True if there is no work, begun or not.
  bool idle() const { return !work_; }

 private:
  void enter_loop();
  void switch_out(bool for_ever);

  std::function<void()> work_;
  bool ending_ = false;
  void* const mapping_;
  const size_t mapping_bytes_;
  void* inside_;             // where the fiber stands, while it is suspended
  void* outside_ = nullptr;  // where resume() stands, while the fiber runs

  SanitizerNotes notes_;
};

}  // namespace plumb::env
