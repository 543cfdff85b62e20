#include "wasi/clocks/wall_clock.h"

#include <ctime>

namespace wasmcloud::wasi::clocks {
namespace {

WallTime from(const timespec& time) {
  return {.seconds = time.tv_sec, .nanoseconds = static_cast<uint32_t>(time.tv_nsec)};
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
