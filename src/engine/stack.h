#pragma once

#include "base/error.h"
#include "base/loop.h"
#include "base/task.h"
#include "engine/store.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

struct wasmtime_call_future;
struct wasm_trap_t;
struct wasmtime_error;

namespace wasmcloud::engine {

/// Suspends the stack that runs now until `Stack::wake`, the only way to wait. Returns at once if
/// it was woken since its last park. Like any park it may return for nothing: test the condition
/// again. Errors: Errc::Cancelled if the stack is being cancelled or dropped; Errc::Trap if none
/// runs (a guest that waits where nothing can wait).
Result<void> park(Store& store);

/// Suspends the stack that runs now for one turn, as an epoch does: `poll` returns, `is_yielding`.
/// For who waits beneath a stack that was itself interrupted. Errors: Errc::Cancelled, as `park`.
Result<void> give_way(Store& store);

/// Runs a C++ function on a suspendable stack, from which guests are called.
///
/// Many may live in one store, suspended in any order. Between suspensions it runs inside `poll`.
/// Thread: the store's loop. Gone before the store is.
class Stack {
 public:
  using Body = std::move_only_function<Result<void>()>;

  Stack(Store& store, Body body);
  /// Drops it if it is not finished: see `drop`.
  ~Stack();
  Stack(const Stack&) = delete;
  Stack& operator=(const Stack&) = delete;

  /// Runs until the body ends (true), parks or yields (false). Call again after `on_wake`'s
  /// callback, or soon if `is_yielding`.
  bool poll();
  bool is_finished() const { return state_ == State::Finished; }
  /// Stopped by an epoch, not by a park: it wants to go on after others had their turn.
  bool is_yielding() const { return state_ == State::Yielding; }
  /// What the body returned. Errors: also Errc::Limit, number EAGAIN, if there was no stack left
  /// for it.
  Result<void> take_result();

  /// Ends its park, or the next one. Thread: the store's loop.
  void wake();
  /// `callback` is told that `poll` has something to do. It must not poll.
  void on_wake(std::move_only_function<void()> callback) { on_wake_ = std::move(callback); }

  /// Asks it to stop: its park, every later one and every call into wasm end with Errc::Cancelled,
  /// so host frames return. A `wait` first cancels its task and stays until that has ended. Poll as
  /// before until it is finished.
  void cancel();
  bool is_cancelled() const { return cancelled_; }

  /// Takes it down now: a suspended one is resumed once with Errc::Cancelled, its frames return and
  /// their destructors run. Nothing on it can call wasm or park from then on. A task that a `wait`
  /// on it started is cancelled but ends later (`orphans` in wait.h); prefer `cancel`.
  void drop();

 private:
  enum class State : uint8_t { New, Running, Parked, Yielding, Finished };

  friend class Store;
  friend struct WaitAccess;
  friend struct Access;
  friend Result<void> park(Store& store);
  friend Result<void> give_way(Store& store);
  void set_state(State state);

  Store& store_;
  Body body_;
  wasmtime_call_future* future_ = nullptr;
  wasm_trap_t* trap_ = nullptr;
  wasmtime_error* error_ = nullptr;
  uintptr_t limit_ = 0;    ///< lowest address that may be used
  void* fiber_ = nullptr;  ///< ThreadSanitizer's, see detail/fiber.h
  State state_ = State::New;
  bool woken_ = false;
  bool cancelled_ = false;
  bool dropped_ = false;
  bool gives_way_ = false;
  std::move_only_function<void()> on_wake_;
  std::move_only_function<void()> on_cancel_;
  std::optional<Result<void>> result_;
};

/// Polls a stack that has parked or yielded until it is finished. Cancelling the coroutine cancels
/// the stack and waits for it to end.
Task<void> finish(Loop& loop, Stack& stack);

/// Runs `body` on a stack of `store` to its end. Cancelling the coroutine cancels the stack and
/// waits for it to end, so that nothing of it is left afterwards.
Task<void> run_on_stack(Loop& loop, Store& store, Stack::Body body);

}  // namespace wasmcloud::engine
