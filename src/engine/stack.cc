#include "engine/stack.h"

#include "base/check.h"
#include "engine/detail/fiber.h"
#include "engine/detail/impl.h"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#if __has_feature(thread_sanitizer)
#include <sanitizer/tsan_interface.h>
#endif

namespace wasmcloud::engine {
namespace {

// The engine hands a stack's memory from one thread to the next under a lock that ThreadSanitizer
// cannot see.
void got_stack_memory([[maybe_unused]] Engine& engine) {
#if __has_feature(thread_sanitizer)
  __tsan_acquire(&engine);
#endif
}
void gives_stack_memory_back([[maybe_unused]] Engine& engine) {
#if __has_feature(thread_sanitizer)
  __tsan_release(&engine);
#endif
}

/// Taken from a stack's size for the engine's own frames above the first host frame, and its guard.
constexpr size_t kStackSlack = size_t{16} << 10;

constexpr std::string_view kEnter = "enter";
constexpr std::string_view kPark = "park";

wasm_trap_t* enter_callback(void* /*env*/, wasmtime_caller_t* caller,
                            wasmtime_val_raw_t* /*values*/, size_t /*count*/) noexcept {
  return Access::enter(Access::store(caller));
}

void park_callback(void* /*env*/, wasmtime_caller_t* caller, const wasmtime_val_t* /*args*/,
                   size_t /*nargs*/, wasmtime_val_t* /*results*/, size_t /*nresults*/,
                   wasm_trap_t** /*trap*/, wasmtime_async_continuation_t* continuation) noexcept {
  Access::start_park(Access::store(caller), continuation);
}

Func stack_function(const wasmtime_linker_t* linker, wasmtime_context_t* context,
                    std::string_view name) {
  Extern item;
  const bool found =
      wasmtime_linker_get(linker, context, "", 0, name.data(), name.size(), detail::native(&item));
  CHECK(found);
  return item.func;
}

/// Puts back what was running before a stack got its turn; stacks may be polled beneath each other.
template <class T>
class Swap {
 public:
  Swap(T& place, T value) : place_(place), before_(std::exchange(place, value)) {}
  ~Swap() { place_ = before_; }
  Swap(const Swap&) = delete;
  Swap& operator=(const Swap&) = delete;

 private:
  T& place_;
  T before_;
};

}  // namespace

namespace detail {

LinkerHandle make_stack_functions(wasm_engine_t* engine) {
  LinkerHandle linker(wasmtime_linker_new(engine));
  const FuncTypeHandle type = to_native(FuncType{});
  auto* error =
      wasmtime_linker_define_func_unchecked(linker.get(), "", 0, kEnter.data(), kEnter.size(),
                                            type.get(), enter_callback, nullptr, nullptr);
  CHECK(error == nullptr);
  error = wasmtime_linker_define_async_func(linker.get(), "", 0, kPark.data(), kPark.size(),
                                            type.get(), park_callback, nullptr, nullptr);
  CHECK(error == nullptr);
  return linker;
}

}  // namespace detail

const Func& Access::enter_func(Store& store) {
  Store::Impl& impl = *store.impl_;
  if (impl.enter.is_null()) {
    impl.enter = stack_function(impl.engine->impl().stack_functions.get(), store.context_, kEnter);
  }
  return impl.enter;
}

const Func& Access::park_func(Store& store) {
  Store::Impl& impl = *store.impl_;
  if (impl.park.is_null()) {
    impl.park = stack_function(impl.engine->impl().stack_functions.get(), store.context_, kPark);
  }
  return impl.park;
}

wasm_trap_t* Access::enter(Store& store) {
  got_stack_memory(*store.impl_->engine);
  Stack& stack = *store.stack_;
  const auto here = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  stack.limit_ = here - (store.impl_->engine->impl().options.stack_bytes - kStackSlack);
  detail::t_stack_limit = stack.limit_;
  {
    // Its captures are destroyed on this stack, before it counts as finished.
    Stack::Body body = std::move(stack.body_);
    stack.result_.emplace(body());
  }
  gives_stack_memory_back(*store.impl_->engine);
  return nullptr;
}

void Access::start_park(Store& store, wasmtime_async_continuation_t* continuation) {
  continuation->finalizer = nullptr;
  if (store.impl_->errand) {
    store.impl_->errand();
    continuation->env = nullptr;
    continuation->callback = [](void*) { return true; };
    return;
  }
  if (store.stack_->gives_way_) {
    // Not ready when it is asked first, ready when the stack is polled again.
    continuation->env = store.stack_;
    continuation->callback = [](void* stack) {
      return !std::exchange(static_cast<Stack*>(stack)->gives_way_, false);
    };
    return;
  }
  store.stack_->state_ = Stack::State::Parked;
  continuation->env = store.stack_;
  continuation->callback = [](void* stack) { return static_cast<Stack*>(stack)->woken_; };
}

Result<void> Access::suspend(Store& store) {
  Stack& stack = *store.stack_;
  if (stack.dropped_) return fail(Errc::Cancelled, "the stack was dropped");
  if (!stack.woken_) {
    wasm_trap_t* trap = nullptr;
    wasmtime_error_t* error = wasmtime_func_call_unchecked(
        store.context_, detail::native(park_func(store)), nullptr, 0, &trap);
    if (error != nullptr || trap != nullptr) [[unlikely]] {
      return fail(failure(store, error, trap));
    }
  }
  stack.woken_ = false;
  stack.state_ = Stack::State::Running;
  return {};
}

Result<void> park(Store& store) {
  Stack* stack = store.stack();
  if (stack == nullptr) {
    return fail(Errc::Trap, "the guest waits where it cannot: it was not called on a stack");
  }
  if (!stack->cancelled_) TRY(Access::suspend(store));
  if (stack->cancelled_) return fail(Errc::Cancelled, "the stack was cancelled");
  return {};
}

Result<void> give_way(Store& store) {
  Stack* stack = store.stack();
  if (stack == nullptr) return {};
  if (!stack->cancelled_) {
    stack->gives_way_ = true;
    wasm_trap_t* trap = nullptr;
    wasmtime_error_t* error = wasmtime_func_call_unchecked(
        store.context(), detail::native(Access::park_func(store)), nullptr, 0, &trap);
    stack->gives_way_ = false;
    if (error != nullptr || trap != nullptr) return fail(Access::failure(store, error, trap));
  }
  if (stack->cancelled_) return fail(Errc::Cancelled, "the stack was cancelled");
  return {};
}

void Stack::set_state(State state) {
  size_t& interrupted = store_.impl_->interrupted_stacks;
  if (state_ == State::Yielding) --interrupted;
  if (state == State::Yielding) ++interrupted;
  state_ = state;
}

Stack::Stack(Store& store, Body body) : store_(store), body_(std::move(body)) {}

Stack::~Stack() { drop(); }

bool Stack::poll() {
  CHECK(state_ != State::Running);
  if (state_ == State::Finished) return true;
  if (state_ == State::Parked && !woken_) return false;
  Store::Impl& impl = *store_.impl_;
  if (state_ == State::New) {
    ++impl.suspended_stacks;
    future_ = wasmtime_func_call_async(store_.context_, detail::native(Access::enter_func(store_)),
                                       nullptr, 0, nullptr, 0, &trap_, &error_);
  }
  impl.engine->impl().ticker->touch();
  wasmtime_context_set_epoch_deadline(store_.context_, 1);
  // What others did meanwhile is not this guest's.
  if (state_ == State::Yielding && impl.meter != nullptr) detail::take_cpu_time();
  set_state(State::Running);
  bool done = false;
  {
    const Swap running(store_.stack_, this);
    const Swap limit(detail::t_stack_limit, limit_);
    const detail::OnFiber on(fiber_);
    done = wasmtime_call_future_poll(future_);
  }
  if (!done) {
    if (state_ == State::Running) set_state(State::Yielding);
    return false;
  }
  wasmtime_call_future_delete(std::exchange(future_, nullptr));
  --impl.suspended_stacks;
  detail::free_fiber(fiber_);
  state_ = State::Finished;
  if (!result_) {
    // `enter` never ran: there was no stack to be had.
    result_.emplace(fail(Access::instantiation_failure(store_, std::exchange(error_, nullptr),
                                                       std::exchange(trap_, nullptr))));
  }
  return true;
}

Result<void> Stack::take_result() {
  CHECK(state_ == State::Finished && result_);
  Result<void> result = std::move(*result_);
  result_.reset();
  return result;
}

void Stack::wake() {
  if (state_ == State::Finished || woken_) return;
  woken_ = true;
  if (state_ == State::Parked && on_wake_) on_wake_();
}

void Stack::cancel() {
  if (cancelled_ || state_ == State::Finished) return;
  cancelled_ = true;
  if (state_ == State::New) {
    state_ = State::Finished;
    body_ = nullptr;
    result_.emplace(fail(Errc::Cancelled, "the stack was cancelled before it started"));
  } else if (on_cancel_) {
    on_cancel_();
  } else {
    wake();
  }
}

void Stack::drop() {
  if (state_ == State::Finished) return;
  CHECK(state_ != State::Running);
  cancelled_ = true;
  dropped_ = true;
  on_wake_ = nullptr;
  if (state_ == State::New) {
    body_ = nullptr;
  } else {
    set_state(State::Running);
    const Swap running(store_.stack_, this);
    const Swap limit(detail::t_stack_limit, limit_);
    {
      const detail::OnFiber on(fiber_);
      wasmtime_call_future_delete(std::exchange(future_, nullptr));
    }
    detail::free_fiber(fiber_);
    --store_.impl_->suspended_stacks;
  }
  state_ = State::Finished;
  result_.emplace(fail(Errc::Cancelled, "the stack was dropped"));
}

namespace {

/// Lets others of this loop go first.
Task<void> yield_turn(Loop& loop) {
  co_await boost::asio::post(loop.executor(), kAwait);
  co_return Result<void>();
}

}  // namespace

Task<void> finish(Loop& loop, Stack& stack) {
  namespace this_coro = boost::asio::this_coro;
  Event ready(loop);
  stack.on_wake([&] { ready.set(); });
  bool stopping = false;
  do {
    if (stack.is_yielding()) {
      CO_TRY(co_await yield_turn(loop));
    } else if (!co_await ready.wait()) {
      stopping = true;
    } else {
      ready.reset();
    }
    if (!stopping && (co_await this_coro::cancellation_state).cancelled() !=
                         boost::asio::cancellation_type::none) {
      stopping = true;
    }
    if (stopping && !stack.is_cancelled()) {
      // From here on only the stack's end matters; it comes soon, since nothing on it may wait
      // again.
      co_await this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
      stack.cancel();
    }
  } while (!stack.poll());
  co_return stack.take_result();
}

Task<void> run_on_stack(Loop& loop, Store& store, Stack::Body body) {
  Stack stack(store, std::move(body));
  if (stack.poll()) co_return stack.take_result();
  co_return co_await finish(loop, stack);
}

}  // namespace wasmcloud::engine
