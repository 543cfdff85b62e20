#include "wasi/clocks/bindings_0_3.h"

#include "wasi/clocks/monotonic_clock.h"
#include "wasi/clocks/wall_clock.h"

namespace wasmcloud::wasi::clocks::v0_3 {
namespace {

Task<void> wait(Loop& loop, Ref<io::Waitable> alarm) {
  co_return co_await io::wait_for(loop, *alarm);
}

}  // namespace

Result<uint64_t> MonotonicClock::now() { return monotonic_now(); }

Result<uint64_t> MonotonicClock::get_resolution() { return monotonic_resolution(); }

Task<void> MonotonicClock::wait_until(uint64_t when) {
  return wait(loop_, at_instant(loop_, when));
}

Task<void> MonotonicClock::wait_for(uint64_t how_long) {
  return wait(loop_, after_duration(loop_, how_long));
}

Result<wit::system_clock::Instant> SystemClock::now() {
  const WallTime time = wall_now();
  return wit::system_clock::Instant{.seconds = time.seconds, .nanoseconds = time.nanoseconds};
}

Result<uint64_t> SystemClock::get_resolution() {
  const WallTime time = wall_resolution();
  return static_cast<uint64_t>(time.seconds) * kNanoseconds + time.nanoseconds;
}

Result<std::optional<std::string>> Timezone::iana_id() { return std::nullopt; }

Result<std::optional<int64_t>> Timezone::utc_offset(wit::system_clock::Instant) {
  return std::nullopt;
}

Result<std::string> Timezone::to_debug_string() { return "none"; }

}  // namespace wasmcloud::wasi::clocks::v0_3
