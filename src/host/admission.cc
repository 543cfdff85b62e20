#include "host/admission.h"

#include "base/check.h"
#include "base/log.h"

#include <algorithm>
#include <cerrno>

namespace wasmcloud::host {
namespace {

/// A workload that stays full says so from time to time, not for each request.
constexpr auto kTellEvery = std::chrono::seconds(10);

}  // namespace

struct Admission::Waiter {
  explicit Waiter(Loop& on) : loop(on), called(on) {}
  Loop& loop;
  Event called;  ///< a place was taken for it
};

/// A request's stay in the line; it ends with a place, or gives up what it has.
struct Admission::InLine {
  ~InLine() {
    if (waiter) admission.quit(waiter);
  }
  Admission& admission;
  std::shared_ptr<Waiter> waiter;
};

Admission::~Admission() { CHECK(active_ == 0 && waiting_ == 0); }

Task<void> Admission::wait(Loop& loop, Clock::duration limit) {
  InLine stay{.admission = *this, .waiter = nullptr};
  auto waiter = std::make_shared<Waiter>(loop);
  if (!join(waiter)) {
    co_return fail(
        Error(Errc::Limit, fmt::format("{} requests run and {} wait; the workload's limits are "
                                       "{} and {}",
                                       active(), waiting(), places_, max_waiting_))
            .with_number(EAGAIN));
  }
  stay.waiter = std::move(waiter);
  // One may have left before it could see us.
  hand_over();
  auto called =
      co_await with_deadline(loop, limit, "waiting for a place", stay.waiter->called.wait());
  if (!called) {
    if (called.error().code() != Errc::Timeout) co_return called;
    co_return fail(
        Error(Errc::Limit,
              fmt::format("none of {} places came free within {} ms", places_,
                          std::chrono::duration_cast<std::chrono::milliseconds>(limit).count()))
            .with_number(EAGAIN));
  }
  stay.waiter = nullptr;
  co_return Result<void>();
}

bool Admission::join(const std::shared_ptr<Waiter>& waiter) {
  const std::lock_guard lock(mutex_);
  const bool has_room = line_.size() < max_waiting_;
  if (has_room) {
    line_.push_back(waiter);
    waiting_.fetch_add(1);
  } else {
    ++refused_;
  }
  tell();
  return has_room;
}

/// Leaves the line, or the place that was taken for it meanwhile.
void Admission::quit(const std::shared_ptr<Waiter>& waiter) {
  {
    const std::lock_guard lock(mutex_);
    const auto at = std::ranges::find(line_, waiter);
    if (at != line_.end()) {
      line_.erase(at);
      waiting_.fetch_sub(1);
      return;
    }
  }
  leave();
}

/// Takes free places for those who wait longest.
void Admission::hand_over() {
  const std::lock_guard lock(mutex_);
  while (!line_.empty() && try_take()) {
    std::shared_ptr<Waiter> next = std::move(line_.front());
    line_.pop_front();
    waiting_.fetch_sub(1);
    // Its coroutine needs the mutex to go away, so its loop is there.
    Loop& loop = next->loop;
    loop.post([called = std::move(next)] { called->called.set(); });
  }
}

void Admission::tell() {
  const auto now = Clock::now();
  if (told_ != Clock::time_point::min() && now - told_ < kTellEvery) return;
  told_ = now;
  log::warn("{}: all {} places for requests are taken; {} wait, {} were refused so far", name_,
            places_, line_.size(), refused_);
}

}  // namespace wasmcloud::host
