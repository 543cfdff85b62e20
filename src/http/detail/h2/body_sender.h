#pragma once

#include "http/body.h"
#include "http/message.h"

#include <optional>
#include <string>
#include <vector>

namespace wasmcloud::http::detail::h2 {

/// The body of the message that one stream sends: queued until the peer's windows let it go.
class BodySender final : public BodyWriter {
 public:
  /// The stream's side.
  class Output {
   public:
    /// There is something to send: bytes, or the end.
    virtual void on_body_written() = 0;
    /// The body was aborted, or broke its own declaration: the stream cannot go on.
    virtual void on_body_failed() = 0;

   protected:
    ~Output() = default;
  };

  BodySender(Loop& loop, Output& output, size_t window)
      : loop_(loop), output_(output), window_(window) {}

  // For the stream.
  void reset();
  /// The head was given. `no_body`: what is written is dropped.
  void begin(std::optional<uint64_t> declared, bool no_body);
  void fail(Errc code, std::string_view message, int number = 0);
  uint64_t written() const { return written_; }
  /// None of it was sent, so that it can be sent elsewhere.
  bool is_untouched() const { return queued_ == written_; }
  bool is_begun() const { return begun_; }
  const Headers& trailers() const { return trailers_; }
  bool has_bytes() const { return queued_ > 0; }
  /// A frame of this stream waits for bytes; cleared by whoever resumes it.
  bool is_deferred() const { return deferred_; }
  void set_deferred(bool deferred) { deferred_ = deferred; }
  /// At most `max` bytes of the front.
  Bytes take(size_t max);
  void notify() { changed_.notify(); }

  // BodyWriter
  size_t capacity() const override;
  size_t pending() const override { return queued_; }
  BodyState state() const override { return state_; }
  Error error() const override {
    return Error(error_code_, error_message_).with_number(error_number_);
  }
  Result<void> write(std::span<const std::byte> bytes) override;
  Result<void> write_owned(Bytes bytes) override;
  Result<void> finish(const Headers* trailers) override;
  void abort() override;
  Signal& changed() override { return changed_; }
  Loop& loop() const override { return loop_; }

 private:
  Result<bool> admit(size_t size);
  void break_off(Errc code, std::string_view message);

  Loop& loop_;
  Output& output_;
  const size_t window_;
  bool begun_ = false;
  bool no_body_ = false;
  bool deferred_ = false;
  BodyState state_ = BodyState::Open;
  std::optional<uint64_t> declared_;
  uint64_t written_ = 0;
  Headers trailers_;
  Errc error_code_ = Errc::Closed;
  int error_number_ = 0;
  std::string error_message_;

  std::vector<Bytes> parts_;
  size_t next_ = 0;
  size_t queued_ = 0;
  ByteBuffer buffer_;  ///< small writes, one behind the other
  size_t used_ = 0;
  Signal changed_;
};

}  // namespace wasmcloud::http::detail::h2
