#pragma once

#include "host/detail/guest_run.h"

#include <memory>

namespace wasmcloud::host::detail {

/// Runs `body` in a fresh instance of the workload, which is gone afterwards, once all it wrote is
/// with the operating system. Cancelling the task stops the guest, and waits for no reader of what
/// it wrote.
Task<void> run_once(Loop& loop, std::shared_ptr<const Workload> workload, GuestRun::AsyncBody body);

}  // namespace wasmcloud::host::detail
