#pragma once

#include "component/prepared.h"
#include "component/value.h"
#include "host/workload.h"

#include <functional>
#include <vector>

namespace wasmcloud::host {

/// What is made of a call's result while the guest goes on, so that streams in it may be read.
using UseResult = std::move_only_function<Task<void>(std::vector<component::Value>)>;

/// Calls an exported function of the workload in a fresh instance, with values as they are known
/// only at run time, and awaits `use` with the result, which has one value or none. What the guest
/// goes on with after its result, and all it wrote, is at its end when this returns. Cancelling the
/// task stops the guest.
/// Errors: Errc::Invalid for arguments that do not fit; Errc::Exit with the status if the guest
/// ended its process; Trap, Limit, Cancelled; those of `use`, which end the guest.
Task<void> call_function(Loop& loop, std::shared_ptr<const Workload> workload,
                         component::ExportedFunction function,
                         std::vector<component::Value> arguments, UseResult use);

}  // namespace wasmcloud::host
