#pragma once

#include "base/error.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace wasmcloud {

using Executor = boost::asio::io_context::executor_type;

/// The only asynchronous type: a lazy coroutine of `Result<T>` on our loop's own executor.
/// Nothing runs until it is awaited or spawned into a `TaskGroup`.
template <class T = void>
using Task = boost::asio::awaitable<Result<T>, Executor>;

/// Completion token of asynchronous operations inside a Task; wrap it in `boost::asio::as_tuple` to
/// get error codes.
inline constexpr boost::asio::use_awaitable_t<Executor> kAwait;

}  // namespace wasmcloud
