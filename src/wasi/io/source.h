#pragma once

#include "base/bytes.h"
#include "wasi/io/waitable.h"

namespace wasmcloud::wasi::io {

/// What an error of a stream is about, so that an interface can tell its own
/// (wasi:filesystem "filesystem-error-code", wasi:http "http-error-code",
/// wasi:sockets "network-error-code").
enum class Origin : uint8_t { Other, Filesystem, Http, Sockets };

/// Where an input stream's bytes come from: memory, a file, standard input, a request's body. Also
/// the waitable of its pollables.
///
/// Errors of all functions: Errc::Closed at the end; any other is the reason why reading failed,
/// and the source is closed from then on.
class Source : public Waitable {
 public:
  /// Up to `max` bytes that are there now; empty if there are none yet or `max` is 0.
  virtual Result<Bytes> read(size_t max) = 0;
  /// The same into memory of the caller's; how many. Sources that can, copy only once.
  virtual Result<size_t> read_into(std::span<std::byte> into);
  /// Drops up to `max` bytes that are there now; how many.
  virtual Result<size_t> skip(size_t max) { return TRY(read(max)).size(); }
  /// The guest dropped its stream.
  virtual void dropped() {}
  virtual Origin origin() const { return Origin::Other; }
};

/// Waits for at least one byte, the end or a failure; returns at once if `max` is 0.
Task<Bytes> blocking_read(Loop& loop, Source& source, size_t max);
Task<size_t> blocking_skip(Loop& loop, Source& source, size_t max);

/// Bytes in memory; nothing at all gives a stream that is at its end.
Ref<Source> memory_source(Bytes bytes);
inline Ref<Source> empty_source() { return memory_source({}); }

}  // namespace wasmcloud::wasi::io
