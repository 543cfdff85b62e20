#include "wasi/clocks/wall_clock.h"

#include <ctime>

namespace wasmcloud::wasi::clocks {
namespace {

WallTime from(const timespec& time) {
  // A machine whose clock stands before 1970 shows its guests the epoch.
  if (time.tv_sec < 0) return {};
  return {.seconds = static_cast<uint64_t>(time.tv_sec),
          .nanoseconds = static_cast<uint32_t>(time.tv_nsec)};
}

}  // namespace

WallTime wall_now() {
  timespec time{};
  clock_gettime(CLOCK_REALTIME, &time);
  return from(time);
}

WallTime wall_resolution() {
  timespec time{};
  clock_getres(CLOCK_REALTIME, &time);
  return from(time);
}

}  // namespace wasmcloud::wasi::clocks
