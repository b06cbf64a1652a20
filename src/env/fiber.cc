#include "env/fiber.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include <boost/context/detail/fcontext.hpp>
#include <sys/mman.h>
#include <unistd.h>

// g++ says __SANITIZE_x__, clang __has_feature(x_sanitizer).
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PLUMB_ASAN 1
#endif
#if __has_feature(thread_sanitizer)
#define PLUMB_TSAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define PLUMB_ASAN 1
#endif
#if defined(__SANITIZE_THREAD__)
#define PLUMB_TSAN 1
#endif

#if defined(PLUMB_ASAN)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(PLUMB_TSAN)
#include <sanitizer/tsan_interface.h>
#endif

namespace plumb::env {
namespace {

namespace fcontext = boost::context::detail;

#if defined(PLUMB_ASAN) || defined(PLUMB_TSAN)
constexpr size_t kStackFactor = 4;  // instrumented frames are larger
#else
constexpr size_t kStackFactor = 1;
#endif

size_t page_bytes() { return static_cast<size_t>(sysconf(_SC_PAGESIZE)); }

// The guard page and the stack, in whole pages.
size_t mapping_for(size_t stack_bytes) {
  const size_t page = page_bytes();
  return (stack_bytes * kStackFactor + page - 1) / page * page + page;
}

void* map_stack(size_t bytes) {
  void* mapping = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
  if (mapping == MAP_FAILED || mprotect(mapping, page_bytes(), PROT_NONE) != 0) {
    std::perror("plumb: no memory for the stack of a fiber");
    std::abort();
  }
  return mapping;
}

}  // namespace

void SanitizerNotes::begin() {
#if defined(PLUMB_TSAN)
  inside_tsan = __tsan_create_fiber(0);
#endif
}

void SanitizerNotes::end([[maybe_unused]] const void* stack, [[maybe_unused]] size_t bytes) {
#if defined(PLUMB_TSAN)
  __tsan_destroy_fiber(inside_tsan);
#endif
#if defined(PLUMB_ASAN)
  __asan_unpoison_memory_region(stack, bytes);  // the memory may become another stack
#endif
}

void SanitizerNotes::outside_before_entering([[maybe_unused]] const void* stack,
                                             [[maybe_unused]] size_t bytes) {
#if defined(PLUMB_ASAN)
  __sanitizer_start_switch_fiber(&outside_fake_stack, stack, bytes);
#endif
#if defined(PLUMB_TSAN)
  outside_tsan = __tsan_get_current_fiber();
  __tsan_switch_to_fiber(inside_tsan, 0);
#endif
}

void SanitizerNotes::inside_after_entering([[maybe_unused]] bool first) {
#if defined(PLUMB_ASAN)
  __sanitizer_finish_switch_fiber(first ? nullptr : inside_fake_stack, &outside_stack,
                                  &outside_stack_bytes);
#endif
}

void SanitizerNotes::inside_before_leaving([[maybe_unused]] bool for_ever) {
#if defined(PLUMB_ASAN)
  __sanitizer_start_switch_fiber(for_ever ? nullptr : &inside_fake_stack, outside_stack,
                                 outside_stack_bytes);
#endif
#if defined(PLUMB_TSAN)
  __tsan_switch_to_fiber(outside_tsan, 0);
#endif
}

void SanitizerNotes::outside_after_leaving() {
#if defined(PLUMB_ASAN)
  __sanitizer_finish_switch_fiber(outside_fake_stack, nullptr, nullptr);
#endif
}

Fiber::Fiber(size_t stack_bytes)
    : mapping_(map_stack(mapping_for(stack_bytes))), mapping_bytes_(mapping_for(stack_bytes)) {
  inside_ = fcontext::make_fcontext(static_cast<char*>(mapping_) + mapping_bytes_,
                                    mapping_bytes_ - page_bytes(), [](fcontext::transfer_t from) {
                                      auto* self = static_cast<Fiber*>(from.data);
                                      self->outside_ = from.fctx;
                                      self->enter_loop();
                                    });
  notes_.begin();
}

Fiber::~Fiber() {
  if (!idle()) {
    std::fputs("plumb: a fiber was destroyed while it had work\n", stderr);
    std::abort();
  }
  ending_ = true;
  resume();  // so that the sanitizers forget its stack
  notes_.end(mapping_, mapping_bytes_);
  munmap(mapping_, mapping_bytes_);
}

void Fiber::start(std::function<void()> work) { work_ = std::move(work); }

void Fiber::resume() {
  notes_.outside_before_entering(mapping_, mapping_bytes_);
  inside_ = fcontext::jump_fcontext(inside_, this).fctx;
  notes_.outside_after_leaving();
}

void Fiber::suspend() { switch_out(false); }

void Fiber::enter_loop() {
  notes_.inside_after_entering(true);
  while (!ending_) {
    work_();
    work_ = nullptr;
    switch_out(false);
  }
  switch_out(true);
}

void Fiber::switch_out(bool for_ever) {
  notes_.inside_before_leaving(for_ever);
  outside_ = fcontext::jump_fcontext(outside_, nullptr).fctx;
  notes_.inside_after_entering(false);
}

}  // namespace plumb::env
