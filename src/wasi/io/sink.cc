#include "wasi/io/sink.h"

namespace wasmcloud::wasi::io {
namespace {

/// What one `blocking-write-and-flush` may carry (wasi:io/streams).
constexpr uint64_t kMaxBlockingWrite = 4096;
/// Zeroes are written, and spliced bytes moved, in pieces of at most this.
constexpr size_t kPiece = size_t{64} << 10;

constexpr std::array<std::byte, 4096> kZeroes{};

class NullSink final : public Sink {
 public:
  bool is_ready() override { return true; }
  Result<size_t> check_write() override { return kPiece; }
  Result<void> write(std::span<const std::byte>) override { return {}; }
  Result<void> flush() override { return {}; }
};

}  // namespace

Result<size_t> Sink::write_some(std::span<const std::byte> bytes) {
  const auto now = bytes.first(std::min(TRY(check_write()), bytes.size()));
  if (!now.empty()) TRY(write(now));
  return now.size();
}

Result<uint64_t> OutputStream::check_write() {
  permit_ = 0;
  permit_ = TRY(sink_->check_write());
  return permit_;
}

Result<void> OutputStream::write(std::span<const std::byte> bytes) {
  if (bytes.size() > permit_) {
    return fail(Errc::Trap, "write of {} bytes, but the last check-write permits {}", bytes.size(),
                permit_);
  }
  permit_ -= bytes.size();
  if (bytes.empty()) return {};
  return sink_->write(bytes);
}

Result<void> OutputStream::write_zeroes(uint64_t count) {
  if (count > permit_) {
    return fail(Errc::Trap, "write-zeroes of {} bytes, but the last check-write permits {}", count,
                permit_);
  }
  permit_ -= count;
  while (count > 0) {
    const auto now = static_cast<size_t>(std::min<uint64_t>(count, kZeroes.size()));
    TRY(sink_->write(std::span(kZeroes).first(now)));
    count -= now;
  }
  return {};
}

Result<uint64_t> OutputStream::splice(Source& source, uint64_t max) {
  const uint64_t room = std::min({uint64_t{TRY(sink_->check_write())}, max, uint64_t{kPiece}});
  permit_ = 0;
  if (room == 0) return 0;
  Bytes bytes = TRY(source.read(static_cast<size_t>(room)));
  const uint64_t count = bytes.size();
  if (count > 0) TRY(sink_->write(std::move(bytes)));
  return count;
}

Task<void> OutputStream::blocking_flush(Loop& loop) {
  CO_TRY(sink_->flush());
  if (!sink_->is_ready()) CO_TRY(co_await wait_for(loop, *sink_));
  permit_ = CO_TRY(sink_->check_write());
  co_return Result<void>();
}

Task<void> OutputStream::blocking_write_and_flush(Loop& loop, Bytes bytes) {
  if (bytes.size() > kMaxBlockingWrite) {
    co_return fail(Errc::Trap, "blocking-write-and-flush of {} bytes; at most {} are allowed",
                   bytes.size(), kMaxBlockingWrite);
  }
  permit_ = 0;
  while (!bytes.empty()) {
    // Every await costs a frame, and most writes need none.
    const size_t room = CO_TRY(sink_->check_write());
    if (room == 0) {
      CO_TRY(co_await wait_for(loop, *sink_));
      continue;
    }
    if (room >= bytes.size()) {
      CO_TRY(sink_->write(std::move(bytes)));
      break;
    }
    CO_TRY(sink_->write(bytes.span().first(room)));
    bytes.remove_prefix(room);
  }
  CO_TRY(sink_->flush());
  if (!sink_->is_ready()) CO_TRY(co_await wait_for(loop, *sink_));
  permit_ = CO_TRY(sink_->check_write());
  co_return Result<void>();
}

Task<void> OutputStream::blocking_write_zeroes_and_flush(Loop& loop, uint64_t count) {
  if (count > kMaxBlockingWrite) {
    co_return fail(Errc::Trap,
                   "blocking-write-zeroes-and-flush of {} bytes; at most {} are allowed", count,
                   kMaxBlockingWrite);
  }
  const auto zeroes = std::span(kZeroes).first(static_cast<size_t>(count));
  co_return co_await blocking_write_and_flush(loop, Bytes::copy_of(zeroes));
}

Task<uint64_t> OutputStream::blocking_splice(Loop& loop, Source& source, uint64_t max) {
  while (true) {
    const uint64_t count = CO_TRY(splice(source, max));
    if (count > 0 || max == 0) co_return count;
    // Room first: waiting for bytes while the sink is full would end at once and spin.
    CO_TRY(co_await wait_for(loop, *sink_));
    CO_TRY(co_await wait_for(loop, source));
  }
}

Ref<Sink> null_sink() { return make_ref<NullSink>(); }

Result<size_t> MemorySink::check_write() {
  return std::min(kPiece, std::max<size_t>(max_bytes_ - text_.size(), 1));
}

Result<void> MemorySink::write(std::span<const std::byte> bytes) {
  if (bytes.size() > max_bytes_ - text_.size()) {
    return fail(Errc::Limit, "more than {} bytes of output", max_bytes_);
  }
  text_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return {};
}

}  // namespace wasmcloud::wasi::io
