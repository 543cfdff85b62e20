#pragma once

#include "base/error.h"

#include <cerrno>

namespace wasmcloud::host::detail {

/// The request was not begun, since all that could run it is in use: places, or the engine's pool
/// of instances and stacks.
inline bool is_busy(const Error& error) {
  return error.code() == Errc::Limit && error.number() == EAGAIN;
}

}  // namespace wasmcloud::host::detail
