#pragma once

#include "base/error.h"
#include "base/recycled.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/version.hpp>

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

// A request goes through a dozen coroutines, and Asio keeps the frames of two. Every source with
// coroutines of this executor must see this, or some take their frame from one place and give it
// back at the other. Of another version of Boost, asio/impl/awaitable.hpp is to be compared first.
#if BOOST_VERSION == 108100
template <>
inline void* boost::asio::detail::awaitable_frame_base<wasmcloud::Executor>::operator new(
    std::size_t size) {
  return wasmcloud::take_memory(size);
}
template <>
inline void boost::asio::detail::awaitable_frame_base<wasmcloud::Executor>::operator delete(
    void* pointer, std::size_t size) {
  wasmcloud::give_memory(pointer, size);
}
#endif
