#pragma once

#include "base/bytes.h"
#include "http/body.h"
#include "http/detail/content_length.h"

#include <sys/uio.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wasmcloud::http::detail {

/// An HTTP/1.1 message being written: head, body, framing, and what of it waits to be sent. What a
/// request and a response have in common.
///
/// How the body is delimited is settled when its first bytes go out: a whole body that was written
/// in one turn of the loop gets a content-length, otherwise it is streamed.
class MessageSink : public BodyWriter {
 public:
  /// The connection's side.
  class Output {
   public:
    /// As `Transport::write`; if not all was taken, `on_writable` follows.
    virtual ssize_t write_now(std::span<const iovec> parts) = 0;
    /// Calls `flush_scheduled` in the next turn of the loop.
    virtual void schedule_flush() = 0;
    /// The sink failed or was aborted: the connection cannot go on.
    virtual void on_sink_failed() = 0;

   protected:
    ~Output() = default;
  };

  // For the connection.
  bool is_finished() const { return state_ == BodyState::Ended; }
  /// It cannot go on; one that was withdrawn can, with another message.
  bool is_failed() const { return state_ == BodyState::Failed && !is_withdrawn(); }
  void fail(Errc code, std::string_view message, int number = 0);
  void flush_scheduled();
  /// The same when the message it was meant for has ended.
  void forget_flush() { flush_scheduled_ = false; }
  void on_writable();
  /// From now on the window is `window`, and what is written piece by piece goes out in large ones.
  void begin_bulk(size_t window);
  /// The reverse; gives large memory back.
  void end_bulk(size_t window);

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

 protected:
  enum class Framing : uint8_t { Undecided, Length, Chunked, Close, NoBody };

  /// `message` is "request" or "response", `peer` "server" or "client", for errors.
  MessageSink(Loop& loop, Output& output, size_t window, std::string_view message,
              std::string_view peer)
      : loop_(loop),
        output_(output),
        window_(window),
        in_place_(kInPlace),
        message_(message),
        peer_(peer),
        next_buffer_(kNextBuffer) {}

  /// How a body goes out whose size is not known before its first bytes do.
  virtual Framing stream_framing() const = 0;
  /// Whether a body of `size` bytes, written at once, is announced with a content-length.
  virtual bool announces(uint64_t size) const = 0;
  /// The framing is settled; adds the last fields to `head_text()`.
  virtual void end_fields() = 0;

  /// The message as it was given cannot be: it was aborted, or breaks its own declaration.
  virtual void give_up(Errc code, std::string_view message) { break_off(code, message); }
  void break_off(Errc code, std::string_view message);
  /// After `discard`: fails it so that another message may be given in its place.
  void withdraw(Errc code, std::string_view message);
  bool is_withdrawn() const { return state_ == BodyState::Failed && phase_ == Phase::NoHead; }
  /// A flush that was due waits for another turn of the loop; false when it has done so `turns`
  /// times.
  bool put_off(uint8_t turns);

  /// A new message begins.
  void begin();
  /// What was given is dropped, if none of it was sent; true then.
  bool discard();
  /// The start line and the fields so far. Unchanged from when the head is sealed until it is sent.
  std::string& head_text() { return head_; }
  /// Takes a content-length field. Errors: Invalid if it is none, or not the first one's.
  Result<void> declare_length(std::string_view value) {
    return take_content_length(value, declared_);
  }
  void undeclare_length() { declared_.reset(); }
  std::optional<uint64_t> declared_length() const { return declared_; }
  Framing framing() const { return framing_; }
  void set_framing(Framing framing) { framing_ = framing; }
  /// `head_text()` and the framing are there.
  void give_head();
  uint64_t written() const { return written_; }
  /// Forgets what waits to be sent, and a failure.
  void drop_output();
  bool is_head_given() const { return phase_ != Phase::NoHead; }
  bool is_head_sealed() const { return phase_ == Phase::HeadSealed; }
  /// Bytes that stand before all that waits.
  void push_interim(std::string_view text);
  /// Nothing is sent until `unblock`: there is no connection yet.
  void block() { blocked_ = true; }
  void unblock();

  /// While it lives nothing is flushed: the head, the body and the end go out as one.
  class Together {
   public:
    explicit Together(MessageSink& sink)
        : sink_(sink), before_(std::exchange(sink.flush_scheduled_, true)) {}
    ~Together() { sink_.flush_scheduled_ = before_; }
    Together(const Together&) = delete;
    Together& operator=(const Together&) = delete;

   private:
    MessageSink& sink_;
    bool before_;
  };

 private:
  enum class Phase : uint8_t { NoHead, HeadGiven, HeadSealed };
  enum class Whole : uint8_t { No, Yes };

  /// Written bytes of at least this size are sent from where they are, if the socket takes them;
  /// below it, a copy is cheaper than a system call.
  static constexpr size_t kInPlace = size_t{16} * 1024;
  static constexpr size_t kNextBuffer = size_t{16} * 1024;

  void restart();
  /// What counts against the window.
  size_t queued() const { return wire_bytes_ + chunk_bytes_; }
  void schedule();
  /// True if the bytes are to be sent.
  Result<bool> admit(size_t size);
  void copy_to_chunk(std::span<const std::byte> bytes);
  std::byte* room(size_t size);
  void close_region();
  void push_wire(Bytes bytes);
  void push_text(std::string_view text);
  void seal_head(Whole whole);
  void seal_chunk();
  void send_wire();
  void send_in_place(std::span<const std::byte> bytes);

  Loop& loop_;
  Output& output_;
  size_t window_;
  size_t in_place_;
  const std::string_view message_;
  const std::string_view peer_;

  Phase phase_ = Phase::NoHead;
  Framing framing_ = Framing::Undecided;
  BodyState state_ = BodyState::Open;
  std::optional<uint64_t> declared_;
  uint64_t written_ = 0;
  std::string head_;
  Errc error_code_ = Errc::Closed;
  int error_number_ = 0;
  std::string error_message_;

  // Bytes of the body that are not framed yet, behind a slot for the chunk's size.
  std::vector<Bytes> chunk_;
  size_t chunk_bytes_ = 0;
  Bytes slot_;
  std::byte* slot_memory_ = nullptr;

  // Small things are put together here: [region_begin_, used_) belongs to the chunk.
  ByteBuffer buffer_;
  size_t next_buffer_;
  size_t used_ = 0;
  size_t region_begin_ = 0;

  // Framed, in the order it is sent.
  std::vector<Bytes> wire_;
  size_t wire_next_ = 0;
  size_t wire_bytes_ = 0;
  bool blocked_ = false;
  bool flush_scheduled_ = false;
  uint8_t flushes_put_off_ = 0;
  Signal changed_;
};

}  // namespace wasmcloud::http::detail
