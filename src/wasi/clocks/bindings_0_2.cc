#include "wasi/clocks/bindings_0_2.h"

#include "wasi/clocks/monotonic_clock.h"
#include "wasi/clocks/wall_clock.h"
#include "wasi/io/bindings_0_2.h"

namespace wasmcloud::wasi::clocks::v0_2 {
namespace {

wit::wall_clock::Datetime to_datetime(WallTime time) {
  return since_epoch<wit::wall_clock::Datetime>(time);
}

}  // namespace

Result<uint64_t> MonotonicClock::now() { return monotonic_now(); }

Result<uint64_t> MonotonicClock::resolution() { return monotonic_resolution(); }

Result<std::unique_ptr<wit::monotonic_clock::Pollable>> MonotonicClock::subscribe_instant(
    uint64_t when) {
  return io::v0_2::make_pollable(loop_, at_instant(loop_, when));
}

Result<std::unique_ptr<wit::monotonic_clock::Pollable>> MonotonicClock::subscribe_duration(
    uint64_t when) {
  return io::v0_2::make_pollable(loop_, after_duration(loop_, when));
}

Result<wit::wall_clock::Datetime> WallClock::now() { return to_datetime(wall_now()); }

Result<wit::wall_clock::Datetime> WallClock::resolution() { return to_datetime(wall_resolution()); }

Result<wit::timezone::TimezoneDisplay> Timezone::display(wit::wall_clock::Datetime) {
  return wit::timezone::TimezoneDisplay{.name = "UTC"};
}

Result<int32_t> Timezone::utc_offset(wit::wall_clock::Datetime) { return 0; }

}  // namespace wasmcloud::wasi::clocks::v0_2
