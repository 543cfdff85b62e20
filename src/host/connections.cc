#include "host/connections.h"

#include <sys/resource.h>

#include <algorithm>

namespace wasmcloud::host {

size_t default_max_connections() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return 512;
  // To which the engine raises the soft one, now or soon.
  return static_cast<size_t>(std::clamp<rlim_t>(files.rlim_max / 2, 64, 32768));
}

}  // namespace wasmcloud::host
