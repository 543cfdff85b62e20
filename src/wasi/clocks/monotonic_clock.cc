#include "wasi/clocks/monotonic_clock.h"

#include <boost/asio/steady_timer.hpp>

#include <limits>

namespace wasmcloud::wasi::clocks {
namespace {

namespace asio = boost::asio;
using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor>;

Clock::time_point to_time_point(uint64_t instant) {
  // Moments past the clock's range (292 years) never come.
  const auto most = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
  return Clock::time_point(std::chrono::nanoseconds(std::min(instant, most)));
}

/// The part that the timer's handler holds, so that a pollable dropped early is freed at once.
struct Alarm final : Counted {
  explicit Alarm(Loop& loop) : timer(loop.executor()) {}
  Timer timer;
  Signal rang;
};

class TimerWaitable final : public io::Waitable {
 public:
  TimerWaitable(Loop& loop, uint64_t instant) : loop_(loop), instant_(instant) {}
  ~TimerWaitable() override {
    if (alarm_) alarm_->timer.cancel();
  }

  bool is_ready() override { return monotonic_now() >= instant_; }

  void listen(Signal::Listener& listener) override {
    if (!alarm_) {
      alarm_ = make_ref<Alarm>(loop_);
      alarm_->timer.expires_at(to_time_point(instant_));
      alarm_->timer.async_wait([alarm = alarm_](boost::system::error_code error) {
        if (!error) alarm->rang.notify();
      });
    }
    listener.listen(alarm_->rang);
  }

 private:
  Loop& loop_;
  uint64_t instant_;
  Ref<Alarm> alarm_;
};

}  // namespace

uint64_t monotonic_now() {
  return static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch())
          .count());
}

uint64_t monotonic_resolution() { return 1; }

Ref<io::Waitable> at_instant(Loop& loop, uint64_t instant) {
  return make_ref<TimerWaitable>(loop, instant);
}

Ref<io::Waitable> after_duration(Loop& loop, uint64_t duration) {
  const uint64_t now = monotonic_now();
  const uint64_t most = std::numeric_limits<uint64_t>::max();
  return at_instant(loop, duration > most - now ? most : now + duration);
}

}  // namespace wasmcloud::wasi::clocks
