#pragma once

#include "component/abi/async_call.h"
#include "component/abi/async_types.h"
#include "component/abi/call.h"
#include "component/instance.h"
#include "component/linker.h"
#include "component/prepared.h"
#include "engine/values.h"

#include <array>
#include <string_view>
#include <tuple>
#include <utility>

// Functions of plain C++ types as imports and exports, for programs that embed the host. Interfaces
// written in WIT get generated bindings instead.

namespace wasmcloud::component {

/// What an async function of the host knows of its call.
struct Caller {
  Loop& loop;
  HostState* host;  ///< InstanceOptions::host
};

namespace detail {

template <FunctionDescription::Effect kEffect, class R, class... Args>
struct Signature {
  static constexpr std::array<NamedType, sizeof...(Args)> kParams{
      NamedType{{}, description_of<Args>()}...};
  static constexpr FunctionDescription kDescription{
      .params = kParams, .result = description_of<R>(), .effect = kEffect};
};

template <auto kFunction>
struct TypedHostFunction;

template <class R, class... Args, Result<R> (*kFunction)(CanonicalContext&, Args...)>
struct TypedHostFunction<kFunction> {
  using Params = abi::Parameters<std::remove_cvref_t<Args>...>;
  static constexpr const FunctionDescription& kDescription =
      Signature<FunctionDescription::Effect::Sync, R, std::remove_cvref_t<Args>...>::kDescription;

  static void add(LinkerInstance& instance, std::string_view name) {
    instance.func(name, kDescription, call);
  }

 private:
  static Result<void> call(void*, CanonicalContext& context, engine::RawValue* flat) noexcept {
    return call(context, flat, std::index_sequence_for<Args...>());
  }

  template <size_t... I>
  static Result<void> call(CanonicalContext& context, engine::RawValue* flat,
                           std::index_sequence<I...>) {
    abi::Lift in(context);
    [[maybe_unused]] Params params(in, flat);
    std::tuple<std::remove_cvref_t<Args>...> values{params.template get<I>()...};
    TRY(in.result());
    if constexpr (std::is_void_v<R>) {
      return kFunction(context, std::move(std::get<I>(values))...);
    } else {
      R result = TRY(kFunction(context, std::move(std::get<I>(values))...));
      return abi::lower_result(context, flat, Params::kFlat, result);
    }
  }
};

template <class R, class... Args, Task<R> (*kFunction)(Caller, Args...)>
struct TypedHostFunction<kFunction> {
  static constexpr const FunctionDescription& kDescription =
      Signature<FunctionDescription::Effect::Async, R, Args...>::kDescription;

  static void add(LinkerInstance& instance, std::string_view name) {
    instance.async_func(name, kDescription, call);
  }

 private:
  static Result<void> call(void*, AsyncCall& call, const engine::RawValue* flat) noexcept {
    return lift(call, flat, std::index_sequence_for<Args...>());
  }

  template <size_t... I>
  static Result<void> lift(AsyncCall& call, const engine::RawValue* flat,
                           std::index_sequence<I...>) {
    abi::Lift in(call.context());
    [[maybe_unused]] abi::Parameters<Args...> params(in, flat);
    std::tuple<Args...> values{params.template get<I>()...};
    TRY(in.result());
    return call.returns(kFunction(Caller{call.context().loop(), call.context().host_if_any()},
                                  std::move(std::get<I>(values))...));
  }
};

}  // namespace detail

/// Offers `Result<R> kFunction(CanonicalContext&, Args...)` under `name`. Arguments may be views of
/// the guest's memory (`std::string_view`, `std::span<const std::byte>`). Or an async function,
/// `Task<R> kFunction(Caller, Args...)`, which owns its arguments and may have streams and futures
/// among them and in its result.
template <auto kFunction>
LinkerInstance& define(LinkerInstance& instance, std::string_view name) {
  detail::TypedHostFunction<kFunction>::add(instance, name);
  return instance;
}

template <class>
class TypedFunction;
template <class>
class AsyncTypedFunction;

/// An export with C++ types, found once and called on any instance of what it was found in.
template <class R, class... Args>
class TypedFunction<R(Args...)> {
  using Signature = detail::Signature<FunctionDescription::Effect::Sync, R, Args...>;

 public:
  /// Errors: Errc::NotFound; Errc::Invalid if the type differs.
  static Result<TypedFunction> find(const Prepared& prepared, std::string_view instance,
                                    std::string_view function) {
    return TypedFunction(TRY(prepared.find(instance, function, &Signature::kDescription)));
  }

  /// Off a stack (`Instance::run`) the guest cannot wait.
  Result<R> call(Instance& instance, Args... arguments) const {
    using Params = abi::Parameters<Args...>;
    ExportCall call(instance, function_);
    TRY(call.enter());
    std::array<engine::RawValue, abi::kMaxFlatParams + 1> flat;
    abi::Lower out(call.context());
    Params::lower(out, flat.data(), arguments...);
    TRY(out.result());
    TRY(call.invoke(flat));
    if constexpr (std::is_void_v<R>) {
      return call.finish();
    } else {
      R result{};
      abi::Lift in(call.context());
      abi::lift_result<R>(in, flat.data(), result);
      TRY(in.result());
      TRY(call.finish());
      return result;
    }
  }

 private:
  explicit TypedFunction(ExportedFunction function) : function_(function) {}
  ExportedFunction function_;
};

/// The same for an async export; arguments are owned.
template <class R, class... Args>
class AsyncTypedFunction<R(Args...)> {
  using Signature = detail::Signature<FunctionDescription::Effect::Async, R, Args...>;

 public:
  /// Errors: Errc::NotFound; Errc::Invalid if the type differs.
  static Result<AsyncTypedFunction> find(const Prepared& prepared, std::string_view instance,
                                         std::string_view function) {
    return AsyncTypedFunction(TRY(prepared.find(instance, function, &Signature::kDescription)));
  }

  /// Several calls may run in one instance, which needs a loop; see `abi::call_async`.
  Task<R> call(Instance& instance, Args... arguments) const {
    return abi::call_async<R, Args...>(instance, function_, nullptr, std::move(arguments)...);
  }

 private:
  explicit AsyncTypedFunction(ExportedFunction function) : function_(function) {}
  ExportedFunction function_;
};

}  // namespace wasmcloud::component
