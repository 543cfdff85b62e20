#pragma once

#include "plugins/beside.h"

#include <expected>
#include <type_traits>
#include <utility>

namespace wasmcloud::plugins {

template <auto kErrorOf>
using GuestErrorOf = std::invoke_result_t<decltype(kErrorOf), const Error&>;

/// What a guest is told of a store's result: what a store cannot do is the guest's to handle, not a
/// trap.
template <auto kErrorOf, class T>
std::expected<T, GuestErrorOf<kErrorOf>> told(Result<T> result) {
  if (!result) return std::unexpected(kErrorOf(result.error()));
  if constexpr (std::is_void_v<T>) {
    return {};
  } else {
    return std::move(*result);
  }
}

/// The same of `work`, which runs where the store's calls run.
template <auto kErrorOf, class F>
auto told_of(Runs where, F work)
    -> Task<std::expected<typename std::invoke_result_t<F>::value_type, GuestErrorOf<kErrorOf>>> {
  co_return told<kErrorOf>(co_await run_as(where, std::move(work)));
}

}  // namespace wasmcloud::plugins
