#pragma once

#include "component/abi/async_types.h"
#include "component/abi/compound.h"
#include "wasi/io/sink.h"
#include "wasi/told.h"

/// Sources and sinks behind the byte streams of WASI 0.3. Whose error codes are told includes their
/// traits, too (bindings/…/types.abi.h).
namespace wasmcloud::wasi::io::v0_3 {

/// Puts what `source` has where the guest reads it, until one of both has ended: a terminal or a
/// socket may be silent for ever. Errors: why reading failed.
Task<void> feed(Loop& loop, Ref<Source> source, component::StreamWriter<uint8_t> to);

/// Writes all that a guest's stream carries to `sink`, and waits until it has arrived. With `over`,
/// which is the sink's and says when to look, it ends as soon as no more is taken, even if nothing
/// comes. Errors: why writing failed.
Task<void> drain(Loop& loop, component::StreamReader<uint8_t> from, Ref<Sink> sink,
                 Signal* over = nullptr);

/// How a stream ended, for its guest.
template <auto kCodeOf>
using Outcome = std::expected<void, CodeOf<kCodeOf>>;

/// Runs `task` and tells the guest how it ended.
template <auto kCodeOf>
Task<void> tell_end(Task<void> task, component::FutureWriter<Outcome<kCodeOf>> ended) {
  ended.write(CO_TRY(told<kCodeOf>(co_await std::move(task))));
  co_return Result<void>();
}

/// What functions like wasi:cli/stdin "read-via-stream" return. Reading goes on in `feeds`, at the
/// guest's pace.
template <auto kCodeOf>
std::tuple<component::StreamReader<uint8_t>, component::FutureReader<Outcome<kCodeOf>>>
read_via_stream(Loop& loop, TaskGroup& feeds, Result<Ref<Source>> source) {
  auto [writer, reader] = component::make_stream<uint8_t>(loop);
  auto [ending, ended] = component::make_future<Outcome<kCodeOf>>(loop);
  if (source) {
    feeds.spawn(
        tell_end<kCodeOf>(feed(loop, std::move(*source), std::move(writer)), std::move(ending)));
  } else {
    ending.write(std::unexpected(kCodeOf(source.error())));
  }
  return {std::move(reader), std::move(ended)};
}

/// What functions like wasi:cli/stdout "write-via-stream" return. Writing goes on in `drains`, even
/// when the guest is gone.
template <auto kCodeOf>
component::FutureReader<Outcome<kCodeOf>> write_via_stream(Loop& loop, TaskGroup& drains,
                                                           component::StreamReader<uint8_t> data,
                                                           Result<Ref<Sink>> sink) {
  if (!sink) {
    return component::ready_future(loop, Outcome<kCodeOf>(std::unexpected(kCodeOf(sink.error()))));
  }
  auto [ending, ended] = component::make_future<Outcome<kCodeOf>>(loop);
  drains.spawn(
      tell_end<kCodeOf>(drain(loop, std::move(data), std::move(*sink)), std::move(ending)));
  return std::move(ended);
}

}  // namespace wasmcloud::wasi::io::v0_3
