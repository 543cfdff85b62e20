#pragma once

#include "component/instance.h"
#include "component/prepared.h"
#include "host/detail/contexts.h"
#include "host/workload.h"
#include "wasi/context.h"

#include <functional>
#include <optional>

namespace wasmcloud::host::detail {

/// A fresh instance of a workload, from its making to the end of what it left behind.
///
///     GuestRun run(loop, workload, client, cpu_time);
///     auto result = co_await run.call(limit, body);
///     if (!run.try_end()) co_await run.end();  // always
///
/// Thread: the loop's.
class GuestRun {
 public:
  using Body = std::move_only_function<Result<void>(component::Instance&, wasi::Context&)>;
  using AsyncBody = std::move_only_function<Task<void>(component::Instance&, wasi::Context&)>;

  /// `client` sends the guest's requests. `cpu_time` is what the guest may use; 0: any.
  GuestRun(Loop& loop, const Workload& workload, wasmcloud::http::Client& client,
           Clock::duration cpu_time)
      : loop_(loop), workload_(workload), cpu_time_(cpu_time), contexts_(loop, workload, client) {}

  /// Makes the instance and runs `body` on a stack of it. Returns without a turn of the loop if the
  /// guest does not wait. Errors: what `body` returns; Errc::Timeout after `limit`, if there is
  /// one; Errc::Cancelled.
  Task<void> call(std::optional<Clock::duration> limit, Body body);
  /// The same with a body that is awaited on the loop, and so may call async functions.
  Task<void> call_async(std::optional<Clock::duration> limit, AsyncBody body);

  /// Drops the instance, and with it every handle of the guest, if nothing goes on behind it; else
  /// `end` is needed.
  bool try_end();
  /// Drops the instance and waits for what goes on behind it: files being written, waits that were
  /// cut off. Cannot be cancelled.
  Task<void> end();

 private:
  using Limit = std::optional<Clock::duration>;
  /// Makes the instance, with a deadline for what computes. Its start functions are to be run yet.
  void create(Limit limit);
  /// `task`, with the rest of the same deadline for what waits.
  Task<void> in_time(Limit limit, Task<void> task);
  Task<void> start_and_await(AsyncBody body);

  Loop& loop_;
  const Workload& workload_;
  const Clock::duration cpu_time_;
  Contexts contexts_;
  std::unique_ptr<component::Instance> instance_;
  Clock::time_point begin_;
  bool has_tasks_ = false;  ///< async functions were called
};

}  // namespace wasmcloud::host::detail
