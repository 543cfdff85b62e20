#include "base/loop.h"

#include "base/blocking_threads.h"
#include "base/check.h"
#include "base/start_now.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <mutex>
#include <thread>

namespace wasmcloud {
namespace asio = boost::asio;

namespace {

thread_local Loop* t_current = nullptr;

using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor>;

BlockingThreads& blocking_threads() {
  // Never destroyed: a blocked file operation must not hold up the end of the process.
  static auto* const kThreads =
      new BlockingThreads(std::clamp(std::thread::hardware_concurrency() * 2, 4U, 16U));
  return *kThreads;
}

bool is_cancellation(const boost::system::system_error& error) {
  return error.code() == asio::error::operation_aborted;
}

// A cancelled coroutine that awaits once more is ended by an exception of Asio's. This runs a task
// for co_spawn so that none of it comes out of the loop, not even that of co_spawn's own last step,
// which awaits behind a task that was cancelled while it ran to its end.

Task<void> shield(Task<void> task) {
  Result<void> result;
  try {
    result = co_await std::move(task);
  } catch (const boost::system::system_error& error) {
    if (!is_cancellation(error)) throw;
    result = fail(Errc::Cancelled, "the task was cancelled");
  }
  co_await asio::this_coro::throw_if_cancelled(false);
  co_return result;
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

/// What the blocking pool knows of a loop that may be gone when its work is done. A mutex, since
/// the loop must not be destroyed while another thread is inside its `post`.
struct Loop::Life {
  std::mutex mutex;
  bool is_over = false;
};

Loop::Loop() : life_(std::make_shared<Life>()) {}

Loop::~Loop() {
  const std::lock_guard lock(life_->mutex);
  life_->is_over = true;
}

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

asio::awaitable<void, Executor> Loop::offload_erased(std::move_only_function<void()> work,
                                                     BlockingThreads* threads) {
  // The coroutine cannot be cancelled while the pool uses its frame: it stays until the work is
  // done.
  co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void()>(
      [this, &work, threads](auto handler) {
        auto& on = threads != nullptr ? *threads : blocking_threads();
        on.post([this, life = life_, &work, handler = std::move(handler)]() mutable {
          work();
          const std::lock_guard lock(life->mutex);
          if (!life->is_over) {
            asio::post(context_, std::move(handler));
          } else {
            // The frame that waits can neither go on nor be destroyed without its loop.
            new auto(std::move(handler));
          }
        });
      },
      kAwait);
}

void run_blocking(std::move_only_function<void()> work) {
  blocking_threads().post(std::move(work));
}

struct Event::Waiter {
  /// At the next turn of the loop; the first call counts.
  static void wake(Loop& loop, std::shared_ptr<Waiter> self, bool set) {
    if (std::exchange(self->is_woken, true)) return;
    loop.post([self = std::move(self), set] { std::exchange(self->resume, nullptr)(set); });
  }

  std::move_only_function<void(bool)> resume;  // true: the event was set
  bool is_woken = false;
};

Event::~Event() {
  for (const auto& waiter : waiters_) Waiter::wake(loop_, waiter, false);
}

void Event::set() {
  set_ = true;
  auto waiters = std::exchange(waiters_, {});
  for (auto& waiter : waiters) Waiter::wake(loop_, std::move(waiter), true);
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
                if (auto held = weak.lock()) Waiter::wake(*loop, std::move(held), false);
              });
            }
            std::erase_if(waiters_, [](const auto& w) { return w->is_woken; });
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
  asio::co_spawn(loop_.executor(), shield(std::move(task)),
                 asio::bind_cancellation_slot(
                     (*self)->signal.slot(),
                     [this, self, keep = *self](std::exception_ptr thrown, Result<void> result) {
                       if (thrown) std::rethrow_exception(thrown);
                       if (!result && on_error_) on_error_(result.error());
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

namespace {

/// Owned by the timer's callback too: one that is due already runs after who waits is gone.
struct Limited {
  asio::cancellation_signal signal;
  Event* ended = nullptr;  ///< once somebody waits
  bool is_late = false;
  bool is_done = false;
};

asio::awaitable<void, Executor> run_limited(asio::awaitable<void, Executor> task,
                                            std::shared_ptr<Limited> state) {
  struct End {
    ~End() {
      state.is_done = true;
      if (state.ended != nullptr) state.ended->set();
    }
    Limited& state;
  } const end{*state};
  try {
    co_await std::move(task);
  } catch (const boost::system::system_error& error) {
    if (!is_cancellation(error)) throw;
  }
  co_await asio::this_coro::throw_if_cancelled(false);
}

}  // namespace

asio::awaitable<bool, Executor> run_with_deadline(Loop& loop, Clock::time_point when,
                                                  asio::awaitable<void, Executor> task) {
  const auto state = std::allocate_shared<Limited>(RecyclingAllocator<Limited>());
  // Many tasks end without waiting for anything, and then need neither timer nor turn of the loop.
  start_now(loop.executor(), run_limited(std::move(task), state), state->signal.slot(), state);
  if (state->is_done) co_return true;
  Timer timer(loop.executor(), when);
  timer.async_wait([state](boost::system::error_code error) {
    if (error || state->is_done) return;
    state->is_late = true;
    state->signal.emit(asio::cancellation_type::terminal);
  });
  // From here on nothing may throw past the inner task, which uses this frame.
  co_await asio::this_coro::throw_if_cancelled(false);
  Event ended(loop);
  state->ended = &ended;
  while (!state->is_done) {
    // Cancelling the waiting coroutine cancels the inner one.
    if ((co_await asio::this_coro::cancellation_state).cancelled() !=
        asio::cancellation_type::none) {
      // Noted; what matters now is the inner task's end.
      co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
      state->signal.emit(asio::cancellation_type::terminal);
    } else {
      static_cast<void>(co_await ended.wait());
    }
  }
  co_await asio::this_coro::throw_if_cancelled(true);
  timer.cancel();
  co_return !state->is_late;
}

}  // namespace detail
}  // namespace wasmcloud
