#pragma once

#include "base/error.h"
#include "base/loop.h"
#include "base/task.h"
#include "engine/store.h"

#include <boost/system/system_error.hpp>

#include <memory>
#include <optional>

namespace wasmcloud::engine {

namespace detail {

/// A task that a stack waits for; outlives the stack if that is dropped in between.
struct Waited {
  struct Start;
  virtual ~Waited() = default;

  bool is_done = false;
  /// Not null while a stack is suspended for it.
  Stack* stack = nullptr;
  std::shared_ptr<Start> start;
};

template <class T>
struct WaitedFor final : Waited {
  std::optional<Result<T>> result;
};

/// Errors: Errc::Cancelled if the stack that runs may not wait any more; Errc::Trap if none runs.
Result<void> may_wait(Store& store);
/// Runs `task` up to its first suspension.
void start_waited(Loop& loop, Store& store, const std::shared_ptr<Waited>& waited,
                  boost::asio::awaitable<void, Executor> task);
void end_waited(Waited& waited);
/// Suspends until it is done. Errors: Errc::Cancelled if the stack was dropped.
Result<void> finish_waited(Store& store, const std::shared_ptr<Waited>& waited);

template <class T>
boost::asio::awaitable<void, Executor> keep_result(Task<T> task,
                                                   std::shared_ptr<WaitedFor<T>> waited) {
  try {
    waited->result.emplace(co_await std::move(task));
  } catch (const boost::system::system_error&) {
    // How a cancelled task that goes on to wait ends; there is no result then.
  } catch (...) {
    waited->result.emplace(fail(Errc::Internal, "a task of the host threw an exception"));
  }
  end_waited(*waited);
}

}  // namespace detail

/// Runs `task` from a host function: at once up to its first suspension, and if it is not done
/// then, with the stack parked until it is.
///
/// If the stack is cancelled meanwhile, the task is cancelled and the stack stays until it has
/// ended, so a task may refer to what is on the stack. If the stack is dropped, the task is
/// cancelled but ends later: what it refers to must then live until `orphans` is zero (see
/// `drain`). Errors: the task's; Errc::Cancelled if the stack is cancelled; Errc::Trap if no stack
/// runs and the task could not finish at once.
template <class T>
Result<T> wait(Loop& loop, Store& store, Task<T> task) {
  TRY(detail::may_wait(store));
  auto waited = std::make_shared<detail::WaitedFor<T>>();
  detail::start_waited(loop, store, waited, detail::keep_result<T>(std::move(task), waited));
  if (!waited->is_done) TRY(detail::finish_waited(store, waited));
  if (!waited->result) return fail(Errc::Cancelled, "the wait was cancelled");
  return std::move(*waited->result);
}

/// How many tasks of dropped stacks have not ended yet.
size_t orphans(const Store& store);
/// Waits until there are none. Before what they refer to is destroyed.
Task<void> drain(Loop& loop, Store& store);

}  // namespace wasmcloud::engine
