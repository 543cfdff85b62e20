#include "wasi/io/bindings_0_2.h"

namespace wasmcloud::wasi::io::v0_2 {
namespace {

using component::guest_error;
using component::ok;
using wit::streams::StreamError;

/// What one read returns at most, so that a guest's number does not size an allocation.
constexpr uint64_t kMaxRead = uint64_t{1} << 20;

size_t bounded(uint64_t size) { return static_cast<size_t>(std::min(size, kMaxRead)); }

/// A failure that the guest sees, or that ends it.
Result<StreamError> to_stream_error(Error error, Origin origin) {
  switch (error.code()) {
    case Errc::Trap:
    case Errc::Cancelled:
    case Errc::Exit:
      return fail(std::move(error));
    case Errc::Closed:
      return StreamError::closed();
    default:  // every other code is a failure of the stream
      return StreamError::last_operation_failed(
          std::make_unique<ErrorHandle>(std::move(error), origin));
  }
}

template <class T>
Result<std::expected<T, StreamError>> told(Result<T> result, Origin origin) {
  if (!result) return guest_error(TRY(to_stream_error(std::move(result).error(), origin)));
  if constexpr (std::is_void_v<T>) {
    return ok();
  } else {
    return std::move(*result);
  }
}

class InputStreamHandle final : public wit::streams::InputStream {
 public:
  InputStreamHandle(Loop& loop, Ref<Source> source) : loop_(loop), source_(std::move(source)) {}
  ~InputStreamHandle() override { source_->dropped(); }

  Source& source() const { return *source_; }

  Result<std::expected<Bytes, StreamError>> read(uint64_t len) override {
    return told(source_->read(bounded(len)), source_->origin());
  }
  Task<std::expected<Bytes, StreamError>> blocking_read(uint64_t len) override {
    co_return told(co_await io::blocking_read(loop_, *source_, bounded(len)), source_->origin());
  }
  Result<std::expected<uint64_t, StreamError>> skip(uint64_t len) override {
    return told(counted(source_->skip(bounded(len))), source_->origin());
  }
  Task<std::expected<uint64_t, StreamError>> blocking_skip(uint64_t len) override {
    co_return told(counted(co_await io::blocking_skip(loop_, *source_, bounded(len))),
                   source_->origin());
  }
  Result<std::unique_ptr<wit::poll::Pollable>> subscribe() override {
    return make_pollable(loop_, source_);
  }

 private:
  static Result<uint64_t> counted(Result<size_t> count) { return uint64_t{TRY(std::move(count))}; }

  Loop& loop_;
  Ref<Source> source_;
};

class OutputStreamHandle final : public wit::streams::OutputStream {
 public:
  OutputStreamHandle(Loop& loop, Ref<Sink> sink) : loop_(loop), stream_(std::move(sink)) {}
  ~OutputStreamHandle() override { stream_.sink().dropped(); }

  Result<std::expected<uint64_t, StreamError>> check_write() override {
    return told(stream_.check_write(), origin());
  }
  Result<std::expected<void, StreamError>> write(std::span<const std::byte> contents) override {
    return told(stream_.write(contents), origin());
  }
  Task<std::expected<void, StreamError>> blocking_write_and_flush(Bytes contents) override {
    co_return told(co_await stream_.blocking_write_and_flush(loop_, std::move(contents)), origin());
  }
  Result<std::expected<void, StreamError>> flush() override {
    return told(stream_.flush(), origin());
  }
  Task<std::expected<void, StreamError>> blocking_flush() override {
    co_return told(co_await stream_.blocking_flush(loop_), origin());
  }
  Result<std::unique_ptr<wit::poll::Pollable>> subscribe() override {
    return make_pollable(loop_, stream_.shared_sink());
  }
  Result<std::expected<void, StreamError>> write_zeroes(uint64_t len) override {
    return told(stream_.write_zeroes(len), origin());
  }
  Task<std::expected<void, StreamError>> blocking_write_zeroes_and_flush(uint64_t len) override {
    co_return told(co_await stream_.blocking_write_zeroes_and_flush(loop_, len), origin());
  }
  Result<std::expected<uint64_t, StreamError>> splice(wit::streams::InputStream& src,
                                                      uint64_t len) override {
    Source& source = static_cast<InputStreamHandle&>(src).source();
    return told(stream_.splice(source, len), origin());
  }
  Task<std::expected<uint64_t, StreamError>> blocking_splice(wit::streams::InputStream& src,
                                                             uint64_t len) override {
    Source& source = static_cast<InputStreamHandle&>(src).source();
    co_return told(co_await stream_.blocking_splice(loop_, source, len), origin());
  }

 private:
  Origin origin() { return stream_.sink().origin(); }

  Loop& loop_;
  io::OutputStream stream_;
};

}  // namespace

std::unique_ptr<wit::poll::Pollable> make_pollable(Loop& loop, Ref<Waitable> waitable) {
  return std::make_unique<PollableHandle>(loop, std::move(waitable));
}

Task<std::vector<uint32_t>> PollInterface::poll(std::vector<wit::poll::Pollable*> in) {
  std::vector<Waitable*> waitables;
  waitables.reserve(in.size());
  for (wit::poll::Pollable* const each : in) {
    waitables.push_back(&static_cast<PollableHandle*>(each)->waitable());
  }
  co_return co_await io::poll(loop_, waitables);
}

std::unique_ptr<wit::streams::InputStream> make_input_stream(Loop& loop, Ref<Source> source) {
  return std::make_unique<InputStreamHandle>(loop, std::move(source));
}

std::unique_ptr<wit::streams::OutputStream> make_output_stream(Loop& loop, Ref<Sink> sink) {
  return std::make_unique<OutputStreamHandle>(loop, std::move(sink));
}

}  // namespace wasmcloud::wasi::io::v0_2
