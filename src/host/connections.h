#pragma once

#include "base/connection_quota.h"

#include <memory>

namespace wasmcloud::host {

/// What counts the connections of one workload, on all loops. Those between its own components
/// count nowhere.
struct Connections {
  std::shared_ptr<ConnectionQuota> requests;  ///< of HTTP requests that it sends; idle ones count
  std::shared_ptr<ConnectionQuota> outbound;  ///< that its sockets made
  std::shared_ptr<ConnectionQuota> inbound;   ///< that came to its sockets, and to published ports
};

/// Half of the files that the process may open, from 64 to 32768; 512 where that is not known.
size_t default_max_connections();

}  // namespace wasmcloud::host
