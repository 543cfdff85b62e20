#pragma once

#include "http/body.h"
#include "wasi/http/fields.h"
#include "wasi/io/source.h"

namespace wasmcloud::wasi::http {

/// The body of a message as a guest reads it: first a stream of its bytes, then its trailers.
/// Received chunks go to the guest from the very memory they were received into.
///
/// The reader must outlive the last use of it, unless `owner` keeps it.
class IncomingBody final : public io::Source {
 public:
  explicit IncomingBody(wasmcloud::http::BodyReader& reader, Ref<Counted> owner = nullptr)
      : reader_(reader), owner_(std::move(owner)) {}

  /// The stream may be taken once; false from the second time on.
  bool take_stream() {
    if (std::exchange(stream_taken_, true)) return false;
    stream_alive_ = true;
    return true;
  }
  bool is_stream_alive() const { return stream_alive_; }

  bool is_ready() override { return reader_.is_readable(); }
  Result<Bytes> read(size_t max) override;
  void listen(Signal::Listener& listener) override { listener.listen(reader_.changed()); }
  void dropped() override { stream_alive_ = false; }
  io::Origin origin() const override { return io::Origin::Http; }

  wasmcloud::http::BodyReader& reader() { return reader_; }

 private:
  wasmcloud::http::BodyReader& reader_;
  Ref<Counted> owner_;
  bool stream_taken_ = false;
  bool stream_alive_ = false;
  bool failure_told_ = false;
};

/// What comes after a body: ready when all of it arrived. What the guest did not read is dropped.
class IncomingTrailers final : public io::Waitable {
 public:
  explicit IncomingTrailers(Ref<IncomingBody> body) : body_(std::move(body)) {}

  bool is_ready() override;
  void listen(Signal::Listener& listener) override { body_->listen(listener); }

  /// Once `is_ready()`: the trailers, null if there are none. Errors: why the body failed.
  Result<Ref<FieldMap>> get(Ref<Budget> budget) const;

 private:
  Ref<IncomingBody> body_;
};

}  // namespace wasmcloud::wasi::http
