#include "wasi/cli/input.h"

#include "wasi/io/read_buffer.h"

#include <unistd.h>

#include <cerrno>
#include <mutex>

namespace wasmcloud::wasi::cli {
namespace {

constexpr size_t kReadSize = size_t{64} << 10;

class TextInput final : public Input {
 public:
  explicit TextInput(std::string text) : text_(std::move(text)) {}
  Ref<io::Source> open(Loop&) override { return io::memory_source(Bytes::copy_of(text_)); }

 private:
  std::string text_;
};

class DescriptorSource final : public io::Source {
 public:
  DescriptorSource(Loop& loop, int fd)
      : loop_(loop), fd_(fd), mailbox_(std::make_shared<Mailbox>()) {
    mailbox_->owner = this;
  }
  ~DescriptorSource() override {
    const std::lock_guard lock(mailbox_->mutex);
    mailbox_->owner = nullptr;
  }

  bool is_ready() override { return buffer_.is_ready(); }

  Result<Bytes> read(size_t max) override { return buffer_.take(max, "the end of standard input"); }

  void listen(Signal::Listener& listener) override {
    io::Source::listen(listener);
    if (is_ready() || reading_) return;
    reading_ = true;
    run_blocking([mailbox = mailbox_, fd = fd_] {
      int error = 0;
      Bytes bytes = Bytes::filled(kReadSize, [&](std::span<std::byte> into) -> size_t {
        ssize_t got = 0;
        do {
          got = ::read(fd, into.data(), into.size());
        } while (got < 0 && errno == EINTR);
        if (got >= 0) return static_cast<size_t>(got);
        error = errno;
        return 0;
      });
      const std::lock_guard lock(mailbox->mutex);
      if (mailbox->owner == nullptr) return;
      // Posted under the lock: the owner, and so its loop, cannot go away meanwhile.
      mailbox->owner->loop_.post([mailbox, error, bytes = std::move(bytes)]() mutable {
        if (mailbox->owner != nullptr) mailbox->owner->deliver(std::move(bytes), error);
      });
    });
  }

 private:
  struct Mailbox {
    // A mutex and no message: the reading thread must not post to a loop that is gone, and it can
    // be stuck in its read for as long as the process lives.
    std::mutex mutex;
    DescriptorSource* owner = nullptr;
  };

  void deliver(Bytes bytes, int error) {
    reading_ = false;
    if (error != 0) {
      buffer_.fail(fail_errno(error, "reading standard input").error());
    } else {
      buffer_.put(std::move(bytes));
    }
    notify();
  }

  Loop& loop_;
  int fd_;
  std::shared_ptr<Mailbox> mailbox_;  // shared with the reading thread
  io::ReadBuffer buffer_;
  bool reading_ = false;
};

class DescriptorInput final : public Input {
 public:
  explicit DescriptorInput(int fd) : fd_(fd) {}
  Ref<io::Source> open(Loop& loop) override { return make_ref<DescriptorSource>(loop, fd_); }
  int descriptor() const override { return fd_; }

 private:
  int fd_;
};

}  // namespace

std::shared_ptr<Input> no_input() { return std::make_shared<TextInput>(std::string()); }
std::shared_ptr<Input> input_from(std::string text) {
  return std::make_shared<TextInput>(std::move(text));
}
std::shared_ptr<Input> input_from_descriptor(int fd) {
  return std::make_shared<DescriptorInput>(fd);
}

}  // namespace wasmcloud::wasi::cli
