#include "wasi/filesystem/file_streams.h"

#include "wasi/io/read_buffer.h"

#include <sys/uio.h>

#include <cerrno>
#include <limits>

namespace wasmcloud::wasi::filesystem {
namespace {

/// What one read takes from the file, whatever the guest asks for.
constexpr size_t kReadSize = size_t{64} << 10;
constexpr size_t kPermit = size_t{64} << 10;
/// What may wait behind one another, for who writes without waiting for each write: two pieces of
/// the usual size, one that is being written and one that comes next.
constexpr size_t kMaxWaiting = 2 * kPermit;

class FileSource final : public io::Source {
 public:
  FileSource(Loop& loop, TaskGroup& tasks, FilePtr file, uint64_t offset, Share share)
      : loop_(loop),
        tasks_(tasks),
        file_(std::move(file)),
        offset_(offset),
        share_(std::move(share)) {}

  bool is_ready() override {
    if (!buffer_.is_ready() && !reading_) {
      Bytes bytes = read_cached(kReadSize);
      if (!bytes.empty()) buffer_.put_some(std::move(bytes));
    }
    return buffer_.is_ready();
  }

  Result<Bytes> read(size_t max) override {
    if (!buffer_.is_ready() && !reading_ && max > 0) {
      Bytes bytes = read_cached(std::min(max, kReadSize));
      if (!bytes.empty()) return bytes;
    }
    return buffer_.take(max, kEnd);
  }

  Result<size_t> read_into(std::span<std::byte> into) override {
    if (!buffer_.is_ready() && !reading_ && !into.empty()) {
      if (const size_t count = read_cached(into)) return count;
    }
    const Bytes bytes = TRY(buffer_.take(into.size(), kEnd));
    std::copy(bytes.span().begin(), bytes.span().end(), into.begin());
    return bytes.size();
  }

  io::Origin origin() const override { return io::Origin::Filesystem; }

  void listen(Signal::Listener& listener) override {
    io::Source::listen(listener);
    if (reading_ || is_ready()) return;
    reading_ = true;
    tasks_.spawn(read_ahead, &loop_, Ref<FileSource>(this));
  }

 private:
  static constexpr std::string_view kEnd = "the end of the file";

  /// What can be had without waiting for a disk; nothing if none, or at the end, which the buffer
  /// then knows.
  size_t read_cached(std::span<std::byte> into) {
    if (file_->type() != Type::RegularFile || !file_->access().read) return 0;
    // Past what a file can hold is past its end; the blocking read says so.
    if (offset_ > static_cast<uint64_t>(std::numeric_limits<off_t>::max()) - into.size()) return 0;
    const iovec part{.iov_base = into.data(), .iov_len = into.size()};
    const ssize_t got = ::preadv2(file_->fd(), &part, 1, static_cast<off_t>(offset_), RWF_NOWAIT);
    if (got == 0) buffer_.put({});
    if (got <= 0) return 0;
    offset_ += static_cast<uint64_t>(got);
    return static_cast<size_t>(got);
  }
  Bytes read_cached(size_t max) {
    return Bytes::filled(max, [&](std::span<std::byte> into) { return read_cached(into); });
  }

  static Task<void> read_ahead(Loop* loop, Ref<FileSource> self) {
    auto got = co_await loop->offload(
        [file = self->file_, offset = self->offset_] { return file->read(kReadSize, offset); });
    self->reading_ = false;
    if (!got) {
      self->buffer_.fail(std::move(got).error());
    } else {
      self->offset_ += got->first.size();
      self->buffer_.put(std::move(got->first));
    }
    self->notify();
    co_return Result<void>();
  }

  Loop& loop_;
  TaskGroup& tasks_;
  FilePtr file_;
  uint64_t offset_;
  Share share_;
  io::ReadBuffer buffer_;
  bool reading_ = false;
};

class FileSink final : public io::Sink {
 public:
  /// No offset: at the end.
  FileSink(Loop& loop, TaskGroup& tasks, FilePtr file, std::optional<uint64_t> offset, Share share)
      : loop_(loop),
        tasks_(tasks),
        file_(std::move(file)),
        offset_(offset),
        share_(std::move(share)) {}

  bool is_ready() override { return !writing_; }

  Result<size_t> check_write() override {
    if (writing_) return size_t{0};
    if (failed_) {
      closed_ = true;
      Error error = std::move(*failed_);
      failed_.reset();
      return fail(std::move(error));
    }
    if (closed_) return fail(Errc::Closed, "an earlier write failed");
    return kPermit;
  }

  Result<void> write(std::span<const std::byte> bytes) override {
    return write(Bytes::copy_of(bytes));
  }

  Result<void> write(Bytes bytes) override {
    waiting_ += bytes.size();
    queue_.push_back(std::move(bytes));
    if (std::exchange(writing_, true)) return {};
    tasks_.spawn(write_out, &loop_, Ref<FileSink>(this));
    return {};
  }

  /// Copies: the pool must not touch the memory of a guest, which may take its buffer back, or be
  /// gone, at any moment.
  Result<size_t> write_some(std::span<const std::byte> bytes) override {
    if (!writing_) TRY(check_write());
    const auto now =
        bytes.first(std::min(bytes.size(), kMaxWaiting - std::min(waiting_, kMaxWaiting)));
    if (!now.empty()) TRY(write(now));
    return now.size();
  }

  Result<void> flush() override { return {}; }
  io::Origin origin() const override { return io::Origin::Filesystem; }

 private:
  static Task<void> write_out(Loop* loop, Ref<FileSink> self) {
    while (!self->queue_.empty() && !self->failed_) {
      const size_t leaving = self->waiting_;
      auto written = co_await loop->offload(
          [file = self->file_, offset = self->offset_,
           parts = std::exchange(self->queue_, {})]() mutable -> Result<uint64_t> {
            uint64_t count = 0;
            for (Bytes& part : parts) {
              if (!offset) TRY(file->append(part.span()));
              while (offset && !part.empty()) {
                const uint64_t now = TRY(file->write(part.span(), *offset + count));
                part.remove_prefix(static_cast<size_t>(now));
                count += now;
              }
            }
            return count;
          });
      if (!written) {
        self->failed_.emplace(std::move(written).error());
      } else {
        self->offset_ = self->offset_.transform([&](uint64_t offset) { return offset + *written; });
        self->waiting_ -= leaving;
        if (!self->queue_.empty()) self->notify();
      }
    }
    self->queue_.clear();
    self->waiting_ = 0;
    self->writing_ = false;
    self->notify();
    co_return Result<void>();
  }

  Loop& loop_;
  TaskGroup& tasks_;
  FilePtr file_;
  std::optional<uint64_t> offset_;
  Share share_;
  std::vector<Bytes> queue_;
  size_t waiting_ = 0;  ///< bytes that are queued or being written
  std::optional<Error> failed_;
  bool writing_ = false;
  bool closed_ = false;
};

}  // namespace

Ref<io::Source> read_stream(Loop& loop, TaskGroup& tasks, FilePtr file, uint64_t offset,
                            Share share) {
  return make_ref<FileSource>(loop, tasks, std::move(file), offset, std::move(share));
}

Ref<io::Sink> write_stream(Loop& loop, TaskGroup& tasks, FilePtr file, uint64_t offset,
                           Share share) {
  return make_ref<FileSink>(loop, tasks, std::move(file), offset, std::move(share));
}

Ref<io::Sink> append_stream(Loop& loop, TaskGroup& tasks, FilePtr file, Share share) {
  return make_ref<FileSink>(loop, tasks, std::move(file), std::nullopt, std::move(share));
}

}  // namespace wasmcloud::wasi::filesystem
