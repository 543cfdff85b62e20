#pragma once

#include "base/error.h"
#include "base/task.h"
#include "component/abi/call.h"
#include "component/async/outside_call.h"
#include "component/canonical_context.h"
#include "component/instance.h"
#include "component/return_listener.h"

#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace wasmcloud::component {

/// A coroutine of the host that answers a guest's call, and its result until that is lowered.
class PendingResult {
 public:
  PendingResult() = default;
  PendingResult(const PendingResult&) = delete;
  PendingResult& operator=(const PendingResult&) = delete;
  virtual ~PendingResult() = default;

  virtual Task<void> run() = 0;
  /// After `run` succeeded. The result goes to `flat`'s first value, or to memory at `at`.
  virtual Result<void> lower(CanonicalContext& context, engine::RawValue* flat) = 0;
  virtual Result<void> store(CanonicalContext& context, uint32_t at) = 0;
};

/// A guest's call of an async function of the host. The arguments are lifted before anything
/// suspends; the coroutine owns them, except for borrowed resources, which stay until it has ended.
class AsyncCall {
 public:
  explicit AsyncCall(CanonicalContext& context) : context_(context) {}

  CanonicalContext& context() { return context_; }
  /// What answers the call. It is cancelled when the guest cancels, or is over.
  template <class R>
  Result<void> returns(Task<R> task) {
    pending_ = std::make_shared<TaskResult<R>>(std::move(task));
    return {};
  }

  std::shared_ptr<PendingResult> take() { return std::move(pending_); }

 private:
  template <class R>
  class TaskResult final : public PendingResult {
   public:
    explicit TaskResult(Task<R> task) : task_(std::move(task)) {}

    Task<void> run() override {
      auto result = co_await std::move(*task_);
      task_.reset();
      if (!result) co_return fail(std::move(result).error());
      if constexpr (!std::is_void_v<R>) value_.emplace(std::move(*result));
      co_return Result<void>();
    }
    Result<void> lower(CanonicalContext& context, engine::RawValue* flat) override {
      if constexpr (std::is_void_v<R>) {
        return {};
      } else {
        abi::Lower out(context);
        if constexpr (abi::Type<R>::kFlat <= abi::kMaxFlatResults) {
          abi::Type<R>::lower(out, *value_, flat);
        }
        return out.result();
      }
    }
    Result<void> store(CanonicalContext& context, uint32_t at) override {
      if constexpr (std::is_void_v<R>) {
        return {};
      } else {
        abi::Lower out(context);
        if (out.check(at, abi::Type<R>::kSize, abi::Type<R>::kAlign)) {
          abi::Type<R>::store(out, *value_, at);
        }
        return out.result();
      }
    }

   private:
    struct Nothing {};
    std::optional<Task<R>> task_;
    std::optional<std::conditional_t<std::is_void_v<R>, Nothing, R>> value_;
  };

  CanonicalContext& context_;
  std::shared_ptr<PendingResult> pending_;
};

namespace abi {

/// A call of an exported async function with C++ types.
template <class R, class... Args>
class TypedCall final : public OutsideCall {
 public:
  explicit TypedCall(ReturnListener<R>* listener, Args... arguments)
      : arguments_(std::move(arguments)...), listener_(listener) {}

  Result<void> start(CanonicalContext& callee, engine::RawValue* flat) override {
    Lower out(callee);
    std::apply([&](Args&... values) { Parameters<Args...>::lower(out, flat, values...); },
               arguments_);
    return out.result();
  }
  Result<R> take() {
    if constexpr (std::is_void_v<R>) {
      return {};
    } else {
      return std::move(*value_);
    }
  }

 protected:
  Result<void> lift(CanonicalContext& callee, const CoreResult& result) override {
    if constexpr (std::is_void_v<R>) {
      return {};
    } else {
      Lift in(callee);
      R value{};
      if (!result.is_in_memory) {
        Type<R>::lift(in, result.flat, value);
      } else if (in.check(result.at, Type<R>::kSize, Type<R>::kAlign)) {
        Type<R>::load(in, result.at, value);
      }
      TRY(in.result());
      value_.emplace(std::move(value));
      return {};
    }
  }
  void returned() override {
    if constexpr (!std::is_void_v<R>) {
      if (listener_ != nullptr) listener_->returned(*value_);
    }
  }

 private:
  struct Nothing {};
  std::tuple<Args...> arguments_;
  ReturnListener<R>* listener_;
  std::optional<std::conditional_t<std::is_void_v<R>, Nothing, R>> value_;
};

/// Calls an exported async function; several calls may run in one instance. Ends when the guest's
/// task has its result; the task may go on after that, as long as the instance lives. A cancelled
/// call asks the guest's task to cancel. `listener`, which may be null, stays until then.
/// Errors: Errc::Trap and others: the instance is over. Errc::Cancelled.
template <class R, class... Args>
Task<R> call_async(Instance& instance, ExportedFunction function,
                   std::type_identity_t<ReturnListener<R>*> listener, Args... arguments) {
  auto call = std::allocate_shared<TypedCall<R, Args...>>(
      RecyclingAllocator<TypedCall<R, Args...>>(), listener, std::move(arguments)...);
  CO_TRY(co_await call->run(instance, function));
  co_return call->take();
}

}  // namespace abi
}  // namespace wasmcloud::component
