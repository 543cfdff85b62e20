#pragma once

#include "base/loop.h"

namespace wasmcloud::host::detail {

/// What is left of `limit` since `begin`, for a task that runs a guest: the store's deadline ends a
/// guest that computes, this one a guest that waits. Errors: those of `task`; Errc::Timeout.
template <class T>
Task<T> in_time(Loop& loop, Clock::time_point begin, Clock::duration limit, Task<T> task) {
  auto result =
      co_await with_deadline(loop, begin + limit - Clock::now(), "the guest", std::move(task));
  if (!result && result.error().code() == Errc::Timeout) {
    co_return fail(Errc::Timeout, "the guest ran past its deadline of {} ms",
                   std::chrono::duration_cast<std::chrono::milliseconds>(limit).count());
  }
  co_return result;
}

}  // namespace wasmcloud::host::detail
