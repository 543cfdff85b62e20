#pragma once

#include "base/bytes.h"
#include "http/body.h"
#include "http/detail/message_parser.h"

#include <optional>
#include <string_view>
#include <vector>

namespace wasmcloud::http::detail {

/// The body of a message that is received: slices of the connection's buffers until they are read.
class ReceivedBody final : public BodyReader, public BodySink {
 public:
  /// The connection's side.
  class Source {
   public:
    /// The reader wants bytes; called each time it asks.
    virtual void on_body_wanted() = 0;
    /// The reader took bytes: there is room for more.
    virtual void on_body_taken() = 0;

   protected:
    ~Source() = default;
  };

  ReceivedBody(Loop& loop, Source& source) : loop_(loop), source_(source) {}

  // For the connection.
  void reset(std::optional<uint64_t> declared_size);
  /// Where the bytes given to `on_body` lie.
  void set_buffer(const ByteBuffer& buffer) { buffer_ = &buffer; }
  void on_body(std::string_view bytes) override;
  /// The same for bytes that lie elsewhere, or are too few to keep their buffer alive for them.
  void on_small_body(std::string_view bytes);
  void on_shared_body(Bytes bytes);
  void end(const Headers& trailers);
  void fail(Errc code, std::string_view message, int number = 0);
  /// Drops what is there and what will come.
  void discard();
  size_t queued_parts() const { return parts_.size() - next_; }
  bool is_discarding() const { return discarding_; }
  bool is_failed() const { return state_ == BodyState::Failed; }
  void notify() { changed_.notify(); }

  // BodyReader
  Bytes try_read(size_t max) override;
  size_t available() const override { return available_; }
  BodyState state() const override { return available_ > 0 ? BodyState::Open : state_; }
  Error error() const override;
  std::optional<uint64_t> declared_size() const override { return declared_size_; }
  const Headers& trailers() const override;
  Signal& changed() override;
  Loop& loop() const override { return loop_; }

 private:
  Bytes take(size_t max);
  Bytes merge(size_t max);

  Loop& loop_;
  Source& source_;
  const ByteBuffer* buffer_ = nullptr;
  std::vector<Bytes> parts_;
  size_t next_ = 0;       ///< parts before it were read
  size_t available_ = 0;  ///< bytes in the parts
  BodyState state_ = BodyState::Ended;
  std::optional<uint64_t> declared_size_;
  const Headers* trailers_ = nullptr;
  Errc error_code_ = Errc::Closed;
  int error_number_ = 0;
  std::string error_message_;
  bool discarding_ = false;
  ByteBuffer small_;  ///< copies of small parts, one behind the other
  size_t small_used_ = 0;
  Signal changed_;
};

}  // namespace wasmcloud::http::detail
