#include "host/detail/guest_run.h"

#include "engine/stack.h"
#include "engine/wait.h"
#include "host/detail/in_time.h"
#include "host/detail/instance_options.h"

#include <boost/asio/this_coro.hpp>

namespace wasmcloud::host::detail {

void GuestRun::create(Limit limit) {
  begin_ = limit ? Clock::now() : Clock::time_point();
  instance_ = workload_.prepared().create(instance_options(workload_, contexts_, loop_, cpu_time_));
  if (limit) instance_->store().set_deadline(begin_ + *limit);
}

Task<void> GuestRun::in_time(Limit limit, Task<void> task) {
  if (!limit) co_return co_await std::move(task);
  co_return co_await detail::in_time(loop_, begin_, *limit, std::move(task));
}

Task<void> GuestRun::call(std::optional<Clock::duration> limit, Body body) {
  create(limit);
  // Start functions are the guest's code too, and may compute or wait for as long as they like.
  // Where there are none, instantiating is cheaper off the stack.
  const bool starts_on_stack = workload_.has_start_functions();
  if (!starts_on_stack) CO_TRY(instance_->start());
  engine::Stack stack(instance_->store(), [this, starts_on_stack, &body]() -> Result<void> {
    if (starts_on_stack) TRY(instance_->start());
    return body(*instance_, contexts_.first());
  });
  if (stack.poll()) co_return stack.take_result();
  co_return co_await in_time(limit, engine::finish(loop_, stack));
}

Task<void> GuestRun::call_async(std::optional<Clock::duration> limit, AsyncBody body) {
  create(limit);
  has_tasks_ = true;
  co_return co_await in_time(limit, start_and_await(std::move(body)));
}

Task<void> GuestRun::start_and_await(AsyncBody body) {
  if (workload_.has_start_functions()) {
    CO_TRY(co_await instance_->run([this] { return instance_->start(); }));
  } else {
    CO_TRY(instance_->start());
  }
  co_return co_await body(*instance_, contexts_.first());
}

bool GuestRun::try_end() {
  if (has_tasks_ || (instance_ && engine::orphans(instance_->store()) != 0)) return false;
  instance_.reset();
  return contexts_.is_idle();
}

Task<void> GuestRun::end() {
  // Whoever cancelled us has no use for the rest, but the rest uses what we own.
  co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
  if (instance_) {
    if (has_tasks_) static_cast<void>(co_await instance_->close());
    if (engine::orphans(instance_->store()) != 0) {
      static_cast<void>(co_await engine::drain(loop_, instance_->store()));
    }
    instance_.reset();
  }
  static_cast<void>(co_await contexts_.finish());
  co_return Result<void>();
}

}  // namespace wasmcloud::host::detail
