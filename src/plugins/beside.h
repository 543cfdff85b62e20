#pragma once

#include "base/loop.h"

#include <cstdint>
#include <type_traits>

namespace wasmcloud::plugins {

/// Where a store's calls run.
enum class Runs : uint8_t {
  Here,    ///< at once: its data is in memory
  Beside,  ///< on the threads that may block: its data is in files
};

/// The result of `work`, which returns one. Errors: those of `work`. Thread: a loop's.
template <class F>
auto run_as(Runs where, F work) -> Task<typename std::invoke_result_t<F>::value_type> {
  if (where == Runs::Here) co_return work();
  co_return co_await Loop::current()->offload(std::move(work));
}

}  // namespace wasmcloud::plugins
