#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace wasmcloud::detail {

void check_failed(const char* file, int line, std::string_view condition) noexcept {
  // Straight to stderr: the logger may be what is broken.
  std::fprintf(stderr, "check failed at %s:%d: %.*s\n", file, line,
               static_cast<int>(condition.size()), condition.data());
  std::abort();
}

}  // namespace wasmcloud::detail
