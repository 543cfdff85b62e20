#pragma once

#include "component/prepared.h"
#include "component/value.h"
#include "host/workload.h"

#include <vector>

namespace wasmcloud::host {

/// Calls an exported function of the workload in a fresh instance, with values as they are known
/// only at run time; the result has one value or none. What the guest goes on with after its
/// result, and all it wrote, is at its end when this returns. Cancelling the task stops the guest.
/// Errors: Errc::Invalid for arguments that do not fit; Errc::Exit with the status if the guest
/// ended its process; Trap, Limit, Cancelled.
Task<std::vector<component::Value>> call_function(Loop& loop,
                                                  std::shared_ptr<const Workload> workload,
                                                  component::ExportedFunction function,
                                                  std::vector<component::Value> arguments);

}  // namespace wasmcloud::host
