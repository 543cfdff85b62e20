#pragma once

#include "base/bytes.h"
#include "http/server.h"

#include <sys/uio.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wasmcloud::http::detail {

/// The response being written: head, body, framing, and what of it waits to be sent.
///
/// How the body is delimited is settled when its first bytes go out: a whole body that was written
/// in one turn of the loop gets a content-length, otherwise it is chunked.
class ResponseSink final : public ResponseWriter, public BodyWriter {
 public:
  /// The connection's side.
  class Output {
   public:
    /// As `Transport::write`; if not all was taken, `on_writable` follows.
    virtual ssize_t write_now(std::span<const iovec> parts) = 0;
    /// Calls `flush_scheduled` in the next turn of the loop.
    virtual void schedule_flush() = 0;
    /// "Fri, 20 Nov 2026 17:00:00 GMT"
    virtual std::string_view date() = 0;
    /// The connection may serve another request after this one.
    virtual bool may_keep_alive() const = 0;
    /// The sink failed or was aborted: the connection cannot go on.
    virtual void on_response_failed() = 0;

   protected:
    ~Output() = default;
  };

  ResponseSink(Loop& loop, Output& output, size_t window)
      : loop_(loop), output_(output), window_(window) {}

  // For the connection.
  /// Begins the response to `request`.
  void reset(const RequestHead& request);
  /// What the handler gave is dropped, if none of it was sent; true then.
  bool discard();
  bool is_finished() const { return state_ == BodyState::Ended; }
  bool is_failed() const { return state_ == BodyState::Failed && !is_withdrawn(); }
  /// Its end is told by closing the connection.
  bool closes() const { return closes_; }
  bool is_delimited_by_close() const { return framing_ == Framing::Close; }
  void fail(Errc code, std::string_view message);
  void flush_scheduled();
  void on_writable();
  void send_continue();
  /// A short text as the whole response, after which the connection is closed.
  void send_refusal(uint16_t status, std::string_view reason);

  // ResponseWriter
  Result<void> send_head(const ResponseHead& head) override;
  Result<void> respond(const ResponseHead& head, Bytes body) override;
  bool is_head_sent() const override { return phase_ != Phase::NoHead; }
  BodyWriter& body() override { return *this; }

  // BodyWriter
  size_t capacity() const override;
  size_t pending() const override {
    return queued() + (phase_ == Phase::HeadGiven ? head_.size() : 0);
  }
  BodyState state() const override { return state_; }
  Error error() const override;
  Result<void> write(std::span<const std::byte> bytes) override;
  Result<void> write_owned(Bytes bytes) override;
  Result<void> finish(const Headers* trailers) override;
  void abort() override;
  Signal& changed() override { return changed_; }
  Loop& loop() const override { return loop_; }

 private:
  enum class Phase : uint8_t { NoHead, HeadGiven, HeadSealed };
  enum class Framing : uint8_t { Undecided, Length, Chunked, Close, NoBody };

  /// It was given up before any of it was sent: another one may be given in its place.
  bool is_withdrawn() const { return state_ == BodyState::Failed && phase_ == Phase::NoHead; }
  /// What counts against the window.
  size_t queued() const { return wire_bytes_ + chunk_bytes_; }
  Result<void> add_fields(const ResponseHead& head);
  void schedule();
  void give_up(Errc code, std::string_view message);
  void break_off(Errc code, std::string_view message);
  /// True if the bytes are to be sent.
  Result<bool> admit(size_t size);
  void copy_to_chunk(std::span<const std::byte> bytes);
  std::byte* room(size_t size);
  void close_region();
  void push_wire(Bytes bytes);
  void push_text(std::string_view text);
  enum class Whole : uint8_t { No, Yes };
  void seal_head(Whole whole);
  void seal_chunk();
  void send_wire();
  void send_in_place(std::span<const std::byte> bytes);

  Loop& loop_;
  Output& output_;
  const size_t window_;

  // The response.
  Phase phase_ = Phase::NoHead;
  Framing framing_ = Framing::Undecided;
  BodyState state_ = BodyState::Open;
  bool http10_ = false;
  bool to_head_ = false;     ///< answers HEAD
  bool to_connect_ = false;  ///< answers CONNECT
  bool closes_ = false;
  std::optional<uint64_t> declared_;
  uint64_t written_ = 0;
  std::string head_;  ///< unchanged from when it is sealed until it is sent
  Errc error_code_ = Errc::Closed;
  std::string error_message_;

  // Bytes of the body that are not framed yet, behind a slot for the chunk's size.
  std::vector<Bytes> chunk_;
  size_t chunk_bytes_ = 0;
  Bytes slot_;
  std::byte* slot_memory_ = nullptr;

  // Small things are put together here: [region_begin_, used_) belongs to the chunk.
  ByteBuffer buffer_;
  size_t used_ = 0;
  size_t region_begin_ = 0;

  // Framed, in the order it is sent.
  std::vector<Bytes> wire_;
  size_t wire_next_ = 0;
  size_t wire_bytes_ = 0;
  bool blocked_ = false;
  bool flush_scheduled_ = false;
  Signal changed_;
};

}  // namespace wasmcloud::http::detail
