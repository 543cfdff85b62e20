#pragma once

#include "http/body.h"
#include "wasi/budget.h"
#include "wasi/http/fields.h"
#include "wasi/io/sink.h"

namespace wasmcloud::wasi::http {

/// The body of a message as a guest writes it. What comes before the message is sent waits here, up
/// to 64 KiB; after that it goes to the writer of the server or client, which sends what was
/// written at the latest in the next turn of the loop. So a flush has nothing to wait for but room:
/// it does not part the head, the body and its end of a short response into several packets.
///
/// The writer must outlive the last use of it, unless it came with its owner.
class OutgoingBody final : public io::Sink {
 public:
  /// `budget` is what the instance's bodies may hold back together; null for no such limit.
  enum class Of : uint8_t { Request, Response };
  explicit OutgoingBody(Of message, Ref<Budget> budget = nullptr)
      : early_share_(std::move(budget)), message_(message) {}

  bool is_request() const { return message_ == Of::Request; }

  /// The stream may be taken once; false from the second time on.
  bool take_stream() {
    if (std::exchange(stream_taken_, true)) return false;
    stream_alive_ = true;
    return true;
  }
  bool is_stream_alive() const { return stream_alive_; }

  /// From here on to `writer`, after what waits.
  void attach(wasmcloud::http::BodyWriter& writer, Ref<Counted> owner = nullptr);
  /// Nobody will ever take it: the guest's writes find the stream closed.
  void close();

  /// The guest is done: the end, with trailers unless null. Errors: Errc::Invalid for a body that
  /// is not as long as its head says, or trailers that may not be sent; those of the writer.
  Result<void> finish(Ref<FieldMap> trailers);
  /// The guest dropped it unfinished: the client must notice.
  void abort();
  bool is_finished() const { return end_ == End::Finished; }
  uint64_t written_bytes() const { return written_; }

  bool is_ready() override;
  Result<size_t> check_write() override;
  Result<void> write(std::span<const std::byte> bytes) override;
  Result<void> write(Bytes bytes) override;
  Result<void> flush() override { return {}; }
  void listen(Signal::Listener& listener) override;
  void dropped() override { stream_alive_ = false; }
  io::Origin origin() const override { return io::Origin::Http; }

 private:
  enum class End : uint8_t { Open, Finished, Aborted };

  Result<void> finish_writer();

  wasmcloud::http::BodyWriter* writer_ = nullptr;
  Ref<Counted> owner_;
  std::string early_;  ///< written before `attach`
  Share early_share_;
  Ref<FieldMap> trailers_;
  uint64_t written_ = 0;
  const Of message_;
  End end_ = End::Open;
  bool closed_ = false;
  bool stream_taken_ = false;
  bool stream_alive_ = false;
  bool failure_told_ = false;
};

}  // namespace wasmcloud::wasi::http
