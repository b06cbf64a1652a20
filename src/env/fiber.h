// Fiber: a stack of its own that runs one function after another, on the thread that resumes it.
//
// For SimulatedExecutor alone. The switch is Boost.Context's fcontext: boost::context::fiber ends a
// fiber by returning through frames that ThreadSanitizer would count on the wrong stack, so fibers
// here end by never being resumed. Address- and ThreadSanitizer are told of every switch.
#pragma once

#include <cstddef>
#include <functional>

namespace plumb::env {

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

  // What the sanitizers keep of each side; unused without them.
  void* inside_fake_stack_ = nullptr;
  void* outside_fake_stack_ = nullptr;
  const void* outside_stack_ = nullptr;
  size_t outside_stack_bytes_ = 0;
  void* inside_tsan_ = nullptr;
  void* outside_tsan_ = nullptr;
};

}  // namespace plumb::env
