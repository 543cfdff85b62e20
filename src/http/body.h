#pragma once

#include "base/bytes.h"
#include "base/loop.h"
#include "base/readiness.h"
#include "http/headers.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace wasmcloud::http {

/// Where a body stands, for its reader or its writer.
enum class BodyState : uint8_t {
  Open,
  Ended,   ///< all was read, trailers included; or all was written and finished
  Failed,  ///< cut off, malformed, over a limit, aborted: `error()` says which
};

/// The bytes of a message as they arrive, then its trailers. Not more is taken from the peer than a
/// window ahead of the reader.
///
/// Nothing here waits but the tasks. To wait for one of several things: look at `is_readable()`,
/// listen to `changed()`, look again.
///
/// Thread: the loop's.
class BodyReader {
 public:
  virtual ~BodyReader() = default;

  /// At most `max` bytes that are here now, the very memory they were received into; empty if there
  /// are none, or at the end. A first read is what sends "100 Continue" to a client that asked.
  virtual Bytes try_read(size_t max) = 0;
  /// Bytes that can be read without waiting.
  virtual size_t available() const = 0;
  /// `Ended` and `Failed` only once all bytes that came were read.
  virtual BodyState state() const = 0;
  /// Why `state()` is `Failed`: Closed (the peer went away), Malformed, Limit, Timeout.
  virtual Error error() const = 0;
  /// What the head declared; nothing if it is not known before the end.
  virtual std::optional<uint64_t> declared_size() const = 0;
  /// Empty before `state()` is `Ended`.
  virtual const Headers& trailers() const = 0;
  /// Notified when `available()` or `state()` may have changed. To ask for it is to want bytes.
  virtual Signal& changed() = 0;
  virtual Loop& loop() const = 0;

  /// There are bytes, or there will be none.
  bool is_readable() const { return available() > 0 || state() != BodyState::Open; }
  /// Errors: Errc::Cancelled.
  Task<void> wait_readable();
  /// The next bytes, waiting for them; nothing at the end. Errors: those of `error()`, Cancelled.
  Task<std::optional<Bytes>> read(size_t max);
  /// All that is left. Errors: as `read`; Errc::Limit for more than `max` bytes.
  Task<Bytes> read_all(size_t max);
};

/// Takes the bytes of a message, then its trailers. What cannot be sent at once is queued up to a
/// window. Writes made in one turn of the loop go out together.
///
/// Thread: the loop's.
class BodyWriter {
 public:
  virtual ~BodyWriter() = default;

  /// What `write` takes now; 0 while the window is full, and when not `Open`.
  virtual size_t capacity() const = 0;
  /// Bytes that were written but not yet given to the network.
  virtual size_t pending() const = 0;
  virtual BodyState state() const = 0;
  /// Why `state()` is `Failed`: Closed (the peer went away), Timeout (it does not read), Cancelled.
  virtual Error error() const = 0;
  /// Copies `bytes`, or sends them from where they are. Errors: Limit for more than `capacity()`;
  /// Invalid for more than the head's content-length, which aborts; those of `error()`.
  virtual Result<void> write(std::span<const std::byte> bytes) = 0;
  /// The same without copying.
  virtual Result<void> write_owned(Bytes bytes) = 0;
  /// The end. Trailers are left out where the message's form has no place for them. Errors: Invalid
  /// for less than the head's content-length (which aborts) or a field that may not be a trailer.
  virtual Result<void> finish(const Headers* trailers = nullptr) = 0;
  /// The rest will not come: the peer is to notice that the message is cut off.
  virtual void abort() = 0;
  /// Notified when `capacity()`, `pending()` or `state()` may have changed.
  virtual Signal& changed() = 0;
  virtual Loop& loop() const = 0;

  bool is_writable() const { return capacity() > 0 || state() != BodyState::Open; }
  /// Errors: Errc::Cancelled.
  Task<void> wait_writable();
  /// Waits until nothing is pending. Errors: those of `error()`, Cancelled.
  Task<void> flush();
  /// Writes all, however much that is; `bytes` must stay until it is done. Errors: as `write`.
  Task<void> write_all(std::span<const std::byte> bytes);
};

}  // namespace wasmcloud::http
