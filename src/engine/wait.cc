#include "engine/wait.h"

#include "base/start_now.h"
#include "engine/detail/impl.h"
#include "engine/stack.h"

#include <boost/asio/cancellation_signal.hpp>

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

void start_waited(Loop& loop, Store& store, const std::shared_ptr<Waited>& waited,
                  boost::asio::awaitable<void, Executor> task) {
  waited->start = std::make_shared<Waited::Start>();
  waited->start->orphans = store.impl().orphans;
  start_now(loop.executor(), std::move(task), waited->start->signal.slot(), waited);
}

void end_waited(Waited& waited) {
  waited.is_done = true;
  if (waited.stack != nullptr) waited.stack->wake();
  if (waited.start->is_orphan) {
    Orphans& orphans = *waited.start->orphans;
    if (--orphans.count == 0 && orphans.on_none) orphans.on_none();
  }
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
