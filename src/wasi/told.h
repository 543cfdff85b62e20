#pragma once

#include "base/error.h"
#include "component/guest_result.h"

#include <expected>
#include <type_traits>

namespace wasmcloud::wasi {

/// Whether an error ends the guest, instead of being told to it: who calls it has given up.
inline bool ends_the_guest(const Error& error) {
  return error.code() == Errc::Cancelled || error.code() == Errc::Trap;
}

template <auto kCodeOf>
using CodeOf = std::invoke_result_t<decltype(kCodeOf), const Error&>;

/// What a call says to the guest, with `kCodeOf(const Error&)` for its errors.
template <auto kCodeOf, class T>
Result<std::expected<T, CodeOf<kCodeOf>>> told(Result<T> result) {
  if (!result) {
    if (ends_the_guest(result.error())) return fail(std::move(result).error());
    return component::guest_error(kCodeOf(result.error()));
  }
  if constexpr (std::is_void_v<T>) {
    return component::ok();
  } else {
    return std::move(*result);
  }
}

}  // namespace wasmcloud::wasi
