#include "base/loop.h"

#include "base/check.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>

#include <algorithm>
#include <thread>

namespace wasmcloud {
namespace asio = boost::asio;

namespace {

thread_local Loop* t_current = nullptr;

using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor>;

asio::thread_pool& blocking_pool() {
  // Never destroyed: a blocked file operation must not hold up the end of the process.
  static auto* const kPool =
      new asio::thread_pool(std::clamp(std::thread::hardware_concurrency() * 2, 4U, 16U));
  return *kPool;
}

/// What a task ended with. A cancelled task that awaits once more is ended by Asio with an
/// exception; it is no error of its own.
Result<void> result_of(const std::exception_ptr& thrown, Result<void> result) {
  if (!thrown) return result;
  try {
    std::rethrow_exception(thrown);
  } catch (const boost::system::system_error& error) {
    if (error.code() != asio::error::operation_aborted) throw;
    return fail(Errc::Cancelled, "the task was cancelled");
  }
}

class CurrentLoop {
 public:
  explicit CurrentLoop(Loop* loop) : before_(std::exchange(t_current, loop)) {}
  ~CurrentLoop() { t_current = before_; }
  CurrentLoop(const CurrentLoop&) = delete;
  CurrentLoop& operator=(const CurrentLoop&) = delete;

 private:
  Loop* before_;
};

}  // namespace

// Held for the loop's whole life: an io_context that runs out of work counts as stopped from then
// on.
Loop::Loop() { context_.get_executor().on_work_started(); }
Loop::~Loop() { context_.get_executor().on_work_finished(); }

Loop* Loop::current() { return t_current; }

void Loop::run() {
  const CurrentLoop current(this);
  context_.run();
}

void Loop::run_until(const std::function<bool()>& done) {
  const CurrentLoop current(this);
  while (!done() && !context_.stopped()) context_.run_one();
}

void Loop::stop() { context_.stop(); }

bool Loop::is_stopped() const { return context_.stopped(); }

void Loop::post(std::move_only_function<void()> work) { asio::post(context_, std::move(work)); }

asio::awaitable<void, Executor> Loop::offload_erased(std::move_only_function<void()> work) {
  // The coroutine cannot be cancelled while the pool uses its frame: it stays until the work is
  // done.
  co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void()>(
      [this, &work](auto handler) {
        ++offloaded_;
        asio::post(blocking_pool(), [this, &work, handler = std::move(handler)]() mutable {
          work();
          asio::post(context_, std::move(handler));
          // The coroutine may have ended by now, and with it all but the loop, which waits for this.
          --offloaded_;
        });
      },
      kAwait);
}

void run_blocking(std::move_only_function<void()> work) {
  asio::post(blocking_pool(), std::move(work));
}

struct Event::Waiter {
  std::move_only_function<void(bool)> resume;  // true: the event was set
};

Event::~Event() {
  for (const auto& waiter : waiters_) {
    if (waiter->resume)
      loop_.post([resume = std::move(waiter->resume)]() mutable { resume(false); });
  }
}

void Event::set() {
  set_ = true;
  auto waiters = std::exchange(waiters_, {});
  for (const auto& waiter : waiters) {
    if (waiter->resume)
      loop_.post([resume = std::move(waiter->resume)]() mutable { resume(true); });
  }
}

Task<void> Event::wait() {
  if (set_) co_return Result<void>();
  const bool was_set =
      co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void(bool)>(
          [this](auto handler) {
            auto waiter = std::make_shared<Waiter>();
            auto slot = asio::get_associated_cancellation_slot(handler);
            waiter->resume = [handler = std::move(handler)](bool set) mutable {
              std::move(handler)(set);
            };
            if (slot.is_connected()) {
              slot.assign([loop = &loop_, weak = std::weak_ptr(waiter)](asio::cancellation_type) {
                const auto held = weak.lock();
                if (held && held->resume) {
                  loop->post([resume = std::move(held->resume)]() mutable { resume(false); });
                  held->resume = nullptr;
                }
              });
            }
            std::erase_if(waiters_, [](const auto& w) { return !w->resume; });
            waiters_.push_back(std::move(waiter));
          },
          kAwait);
  if (!was_set) co_return fail(Errc::Cancelled, "the wait was cancelled");
  co_return Result<void>();
}

struct TaskGroup::Running {
  asio::cancellation_signal signal;
};

TaskGroup::TaskGroup(Loop& loop) : loop_(loop), empty_(loop) { empty_.set(); }

TaskGroup::~TaskGroup() { CHECK(tasks_.empty() || loop_.is_stopped()); }

void TaskGroup::spawn(Task<void> task) {
  empty_.reset();
  tasks_.push_front(std::make_shared<Running>());
  const auto self = tasks_.begin();
  asio::co_spawn(loop_.executor(), std::move(task),
                 asio::bind_cancellation_slot(
                     (*self)->signal.slot(),
                     [this, self, keep = *self](std::exception_ptr thrown, Result<void> result) {
                       const auto outcome = result_of(thrown, std::move(result));
                       if (!outcome && on_error_) on_error_(outcome.error());
                       tasks_.erase(self);
                       if (tasks_.empty()) empty_.set();
                     }));
}

void TaskGroup::cancel() {
  // A task may end, and leave the list, while it is told; the copies keep the signals.
  std::vector<std::shared_ptr<Running>> running(tasks_.begin(), tasks_.end());
  for (const auto& task : running) task->signal.emit(asio::cancellation_type::terminal);
}

Task<void> TaskGroup::finish() {
  while (!tasks_.empty()) CO_TRY(co_await empty_.wait());
  co_return Result<void>();
}

Task<void> sleep_until(Loop& loop, Clock::time_point when) {
  Timer timer(loop.executor(), when);
  const auto [error] = co_await timer.async_wait(asio::as_tuple(kAwait));
  if (error) co_return fail(Errc::Cancelled, "the wait was cancelled");
  co_return Result<void>();
}

Task<void> sleep_for(Loop& loop, Clock::duration duration) {
  return sleep_until(loop, Clock::now() + duration);
}

namespace detail {

asio::awaitable<bool, Executor> run_with_deadline(Loop& loop, Clock::time_point when,
                                                  asio::awaitable<void, Executor> task) {
  // Owned by the timer's callback too: one that is due already runs after this frame is gone.
  struct State {
    asio::cancellation_signal signal;
    bool late = false;
    bool done = false;
  };
  const auto state = std::make_shared<State>();
  Timer timer(loop.executor(), when);
  timer.async_wait([state](boost::system::error_code error) {
    if (error || state->done) return;
    state->late = true;
    state->signal.emit(asio::cancellation_type::terminal);
  });
  // Cancelling the waiting coroutine cancels the inner one.
  Event ended(loop);
  asio::co_spawn(loop.executor(), std::move(task),
                 asio::bind_cancellation_slot(state->signal.slot(),
                                              [state, &ended](std::exception_ptr thrown) {
                                                static_cast<void>(result_of(thrown, {}));
                                                state->done = true;
                                                ended.set();
                                              }));
  while (!state->done) {
    if (!(co_await ended.wait()) && !state->done) {
      state->signal.emit(asio::cancellation_type::terminal);
      // Our own cancellation was noted; from here on only the inner task's end matters.
      co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    }
  }
  timer.cancel();
  co_return !state->late;
}

}  // namespace detail
}  // namespace wasmcloud
