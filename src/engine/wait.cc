#include "engine/wait.h"

#include "engine/detail/impl.h"
#include "engine/stack.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/system/system_error.hpp>

namespace wasmcloud::engine {
namespace detail {

struct Waited::Start {
  boost::asio::cancellation_signal signal;
  std::shared_ptr<Orphans> orphans;
  bool is_orphan = false;
};

}  // namespace detail

/// Friend of Stack, for the waits on it.
struct WaitAccess {
  static void on_cancel(Stack& stack, std::move_only_function<void()> callback) {
    stack.on_cancel_ = std::move(callback);
  }
};

namespace detail {

Result<void> may_wait(Store& store) {
  const Stack* stack = store.stack();
  if (stack != nullptr && stack->is_cancelled()) {
    return fail(Errc::Cancelled, "the stack was cancelled");
  }
  return {};
}

void start_waited(Loop& loop, Store& store, std::shared_ptr<Waited> waited,
                  boost::asio::awaitable<void, Executor> task) {
  waited->start = std::make_shared<Waited::Start>();
  waited->start->orphans = store.impl().orphans;
  auto slot = waited->start->signal.slot();
  boost::asio::co_spawn(
      loop.executor(), std::move(task),
      boost::asio::bind_cancellation_slot(slot, [waited](const std::exception_ptr& thrown) {
        waited->is_done = true;
        if (waited->stack != nullptr) waited->stack->wake();
        if (waited->start->is_orphan) {
          Orphans& orphans = *waited->start->orphans;
          if (--orphans.count == 0 && orphans.on_none) orphans.on_none();
        }
        if (!thrown) return;
        try {
          std::rethrow_exception(thrown);
        } catch (const boost::system::system_error& error) {
          // How a cancelled coroutine that goes on to wait ends; there is no result then.
          if (error.code() != boost::asio::error::operation_aborted) throw;
        }
      }));
}

Result<void> finish_waited(Store& store, const std::shared_ptr<Waited>& waited) {
  Stack* stack = store.stack();
  Result<void> result;
  if (stack == nullptr) {
    result = fail(Errc::Trap, "the guest waits where it cannot: it was not called on a stack");
  } else {
    waited->stack = stack;
    WaitAccess::on_cancel(*stack, [task = waited.get()] {
      task->start->signal.emit(boost::asio::cancellation_type::terminal);
    });
    while (result && !waited->is_done) result = Access::suspend(store);
    WaitAccess::on_cancel(*stack, nullptr);
    waited->stack = nullptr;
  }
  if (!waited->is_done) {
    waited->start->is_orphan = true;
    ++waited->start->orphans->count;
    waited->start->signal.emit(boost::asio::cancellation_type::terminal);
  }
  return result;
}

}  // namespace detail

size_t orphans(const Store& store) { return store.impl().orphans->count; }

Task<void> drain(Loop& loop, Store& store) {
  auto state = store.impl().orphans;
  Event none(loop);
  while (state->count != 0) {
    none.reset();
    state->on_none = [&] { none.set(); };
    auto ended = co_await none.wait();
    state->on_none = nullptr;
    CO_TRY(std::move(ended));
  }
  co_return Result<void>();
}

}  // namespace wasmcloud::engine
