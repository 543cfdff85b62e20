#pragma once

#include "base/loop.h"
#include "base/ref.h"

#include <boost/asio/steady_timer.hpp>

namespace wasmcloud::http::detail {

/// A time-out that moves with every message, mostly away: the timer beneath is only touched when it
/// comes nearer, and sets itself anew when it went off too early.
///
/// Thread: the loop's.
class LazyTimer {
 public:
  /// `on_time` is called when the time has come; `owner`, which the timer is part of, is kept while
  /// it is set.
  LazyTimer(Loop& loop, Counted& owner, void (*on_time)(Counted& owner))
      : timer_(loop.executor()), owner_(owner), on_time_(on_time) {}

  void set(Clock::time_point when);
  void clear() { set(Clock::time_point::max()); }
  /// Clears it and lets go of the owner.
  void stop();

 private:
  void arm();

  boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>, Executor> timer_;
  Counted& owner_;
  void (*on_time_)(Counted& owner);
  Clock::time_point when_ = Clock::time_point::max();
  Clock::time_point armed_ = Clock::time_point::max();
};

}  // namespace wasmcloud::http::detail
