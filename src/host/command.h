#pragma once

#include "host/workload.h"

namespace wasmcloud::host {

/// Runs the workload's wasi:cli/run in a fresh instance and returns its exit status, once all it
/// wrote is with the operating system. Cancelling the task stops the guest.
/// Errors: Errc::NotFound if the component is no command; Trap, Limit, Cancelled.
Task<int> run_command(Loop& loop, std::shared_ptr<const Workload> workload);

}  // namespace wasmcloud::host
