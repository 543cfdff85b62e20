#pragma once

#include "base/bytes.h"
#include "wasi/io/source.h"

namespace wasmcloud::wasi::io {

/// Where an output stream's bytes go. Also the waitable of its pollables: ready when `check_write`
/// would not say "wait".
///
/// Errors of all functions: Errc::Closed once it takes no more; any other is the reason why an
/// earlier write failed, told once, and the sink is closed from then on.
class Sink : public Waitable {
 public:
  /// How many bytes `write` takes now; 0 means wait (wasi:io/streams "check-write").
  virtual Result<size_t> check_write() = 0;
  /// Takes all of `bytes`; the caller stays below what `check_write` said.
  virtual Result<void> write(std::span<const std::byte> bytes) = 0;
  /// As above, for a caller who has no more use for the bytes.
  virtual Result<void> write(Bytes bytes) { return write(bytes.span()); }
  /// Takes as much of `bytes` as goes at once; how much. Sinks that can, keep no copy of it.
  virtual Result<size_t> write_some(std::span<const std::byte> bytes);
  /// Asks that everything written reaches its destination; `check_write` says 0 until it has.
  virtual Result<void> flush() = 0;
  /// The guest dropped its stream.
  virtual void dropped() {}
  virtual Origin origin() const { return Origin::Other; }
};

/// An output stream as a guest sees it: a sink, and the permit of the last `check_write`, which a
/// write may not exceed. No WIT types: the bindings of both WASI generations stand on it.
///
/// Errors: Errc::Trap if the guest broke the contract; else what the sink says.
class OutputStream {
 public:
  explicit OutputStream(Ref<Sink> sink) : sink_(std::move(sink)) {}

  Sink& sink() { return *sink_; }
  const Ref<Sink>& shared_sink() const { return sink_; }

  Result<uint64_t> check_write();
  Result<void> write(std::span<const std::byte> bytes);
  Result<void> write_zeroes(uint64_t count);
  Result<void> flush() { return sink_->flush(); }
  /// Moves up to `max` bytes that are there and fit now; how many.
  Result<uint64_t> splice(Source& source, uint64_t max);

  Task<void> blocking_flush(Loop& loop);
  /// Errors: Errc::Trap for more than 4096 bytes, as the interface says.
  Task<void> blocking_write_and_flush(Loop& loop, Bytes bytes);
  Task<void> blocking_write_zeroes_and_flush(Loop& loop, uint64_t count);
  /// Waits until a byte can be moved, or one side has ended.
  Task<uint64_t> blocking_splice(Loop& loop, Source& source, uint64_t max);

 private:
  Ref<Sink> sink_;
  uint64_t permit_ = 0;
};

/// Takes everything and forgets it.
Ref<Sink> null_sink();

/// Collects what is written, for tests and for embedders that want a guest's output as text.
/// Errors of writes: Errc::Limit beyond `max_bytes`.
class MemorySink final : public Sink {
 public:
  explicit MemorySink(size_t max_bytes) : max_bytes_(max_bytes) {}
  const std::string& text() const { return text_; }

  bool is_ready() override { return true; }
  Result<size_t> check_write() override;
  Result<void> write(std::span<const std::byte> bytes) override;
  Result<void> flush() override { return {}; }

 private:
  size_t max_bytes_;
  std::string text_;
};

}  // namespace wasmcloud::wasi::io
