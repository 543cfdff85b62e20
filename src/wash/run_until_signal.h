#pragma once

#include "base/signals.h"
#include "wash/outcome.h"

#include <signal.h>
#include <unistd.h>

#include <optional>
#include <string_view>
#include <utility>

namespace wasmcloud::wash {

/// Waits for `task` on its own loop; SIGINT, SIGTERM and SIGHUP cancel it, and end the process when
/// they come again. Errors: the task's; Errc::Cancelled with `interrupted` after a signal.
template <class T>
Result<T> run_until_signal(Loop& loop, Task<T> task, std::string_view interrupted) {
  TaskGroup tasks(loop);
  std::optional<Result<T>> result;
  int count = 0;
  const SignalWatch signals(loop, {SIGINT, SIGTERM, SIGHUP}, [&](int) {
    if (count++ != 0) ::_exit(kExitInterrupted);
    tasks.cancel();
  });
  tasks.spawn(
      [](Task<T> inner, std::optional<Result<T>>* out) -> Task<void> {
        out->emplace(co_await std::move(inner));
        co_return Result<void>();
      },
      std::move(task), &result);
  loop.run_until([&] { return tasks.size() == 0; });
  if (count != 0 || !result) return fail(Errc::Cancelled, "{}", interrupted);
  return std::move(*result);
}

}  // namespace wasmcloud::wash
