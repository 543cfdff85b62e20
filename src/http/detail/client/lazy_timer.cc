#include "http/detail/client/lazy_timer.h"

namespace wasmcloud::http::detail {

void LazyTimer::set(Clock::time_point when) {
  when_ = when;
  if (when_ < armed_) arm();
}

void LazyTimer::stop() {
  when_ = armed_ = Clock::time_point::max();
  timer_.cancel();
}

void LazyTimer::arm() {
  armed_ = when_;
  timer_.expires_at(armed_);
  timer_.async_wait([this, keep = Ref(&owner_)](boost::system::error_code error) {
    if (error) return;  // set to an earlier time, or stopped
    armed_ = Clock::time_point::max();
    if (when_ == Clock::time_point::max()) return;
    if (Clock::now() < when_) return arm();
    when_ = Clock::time_point::max();
    on_time_(owner_);
  });
}

}  // namespace wasmcloud::http::detail
