#pragma once
// What ThreadSanitizer is told of suspendable stacks: it keeps a call stack for each thread, in
// which calls that are left and taken up again would pile up and mix.

#if __has_feature(thread_sanitizer)
#include <sanitizer/tsan_interface.h>

#include <utility>
#include <vector>
#endif

namespace wasmcloud::engine::detail {

#if __has_feature(thread_sanitizer)

/// Making one is dear, and there are as many as requests, so each thread keeps those it has made.
struct FreeFibers {
  ~FreeFibers() {
    for (void* const each : list) __tsan_destroy_fiber(each);
  }
  std::vector<void*> list;
};
inline thread_local FreeFibers t_free_fibers;

/// While it lives, this thread runs on the stack that `fiber` stands for; null before the first.
class OnFiber {
 public:
  explicit OnFiber(void*& fiber) : before_(__tsan_get_current_fiber()) {
    if (fiber == nullptr) {
      auto& free = t_free_fibers.list;
      if (free.empty()) {
        fiber = __tsan_create_fiber(0);
      } else {
        fiber = free.back();
        free.pop_back();
      }
    }
    __tsan_switch_to_fiber(fiber, 0);
  }
  ~OnFiber() { __tsan_switch_to_fiber(before_, 0); }
  OnFiber(const OnFiber&) = delete;
  OnFiber& operator=(const OnFiber&) = delete;

 private:
  void* before_;
};

/// Nothing runs on it any more.
inline void free_fiber(void*& fiber) {
  if (fiber != nullptr) t_free_fibers.list.push_back(std::exchange(fiber, nullptr));
}

#else

class OnFiber {
 public:
  explicit OnFiber(void*& /*fiber*/) {}
  ~OnFiber() {}  // NOLINT(modernize-use-equals-default): or the variable is unused
  OnFiber(const OnFiber&) = delete;
  OnFiber& operator=(const OnFiber&) = delete;
};

inline void free_fiber(void*& /*fiber*/) {}

#endif

}  // namespace wasmcloud::engine::detail
