#pragma once

#include "base/bytes.h"
#include "base/error.h"

#include <optional>

namespace wasmcloud::wasi::io {

/// What was read ahead of a guest, and how the reading ended: bytes come before an error, an error
/// comes once, and after it, as after the end, the source is closed.
class ReadBuffer {
 public:
  /// Whether `take` has an answer.
  bool is_ready() const { return !bytes_.empty() || failed_ || ended_; }
  bool is_empty() const { return bytes_.empty(); }

  /// The next bytes, when there are none left; nothing at all is the end.
  void put(Bytes bytes) {
    bytes_ = std::move(bytes);
    ended_ = ended_ || bytes_.empty();
  }
  /// As `put`, but nothing only means that there is nothing yet.
  void put_some(Bytes bytes) { bytes_ = std::move(bytes); }
  void fail(Error error) { failed_.emplace(std::move(error)); }

  /// Up to `max` bytes; nothing if it is not ready. Errors: what `fail` was given; Errc::Closed
  /// with `end`.
  Result<Bytes> take(size_t max, std::string_view end) {
    if (!bytes_.empty()) return bytes_.split(std::min(max, bytes_.size()));
    if (failed_) {
      ended_ = true;
      Error error = std::move(*failed_);
      failed_.reset();
      return wasmcloud::fail(std::move(error));
    }
    if (ended_) return wasmcloud::fail(Errc::Closed, "{}", end);
    return Bytes();
  }

 private:
  Bytes bytes_;
  std::optional<Error> failed_;
  bool ended_ = false;
};

}  // namespace wasmcloud::wasi::io
