#pragma once

#include "component/prepared.h"
#include "host/detail/contexts.h"
#include "host/workload.h"

namespace wasmcloud::host::detail {

/// What an instance of a workload may have, and each call of it.
inline component::InstanceOptions instance_options(const Workload& workload, Contexts& contexts,
                                                   Loop& loop, Clock::duration cpu_time,
                                                   bool is_shared = false) {
  const Limits& limits = workload.limits();
  return {.limits = {.memory_bytes = limits.memory_bytes,
                     .table_elements = limits.table_elements,
                     .instances = limits.core_instances},
          .max_handles = limits.handles,
          .max_threads = limits.tasks,
          .call_cpu_time = cpu_time,
          .is_shared = is_shared,
          .host = &contexts.first(),
          .hosts = contexts.all(),
          .loop = &loop};
}

}  // namespace wasmcloud::host::detail
