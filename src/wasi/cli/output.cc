#include "wasi/cli/output.h"

#include "base/descriptor.h"

#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <mutex>

namespace wasmcloud::wasi::cli {
namespace {

constexpr size_t kMaxLine = size_t{64} << 10;
constexpr size_t kPermit = size_t{64} << 10;
constexpr size_t kMaxWaiting = size_t{256} << 10;
constexpr size_t kMaxHostText = size_t{4} << 20;

class NoOutput final : public Output {
 public:
  Ref<io::Sink> open(Loop&) override { return io::null_sink(); }
};

using LineHandler = std::function<void(std::string_view)>;

class LineSink final : public io::Sink {
 public:
  explicit LineSink(std::shared_ptr<const LineHandler> line) : line_(std::move(line)) {}
  ~LineSink() override {
    if (!partial_.empty()) (*line_)(partial_);
  }

  bool is_ready() override { return true; }
  Result<size_t> check_write() override { return kPermit; }
  Result<void> flush() override { return {}; }

  Result<void> write(std::span<const std::byte> bytes) override {
    std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    while (!text.empty()) {
      const size_t end = text.find('\n');
      const size_t count = std::min({end, text.size(), kMaxLine - partial_.size()});
      partial_.append(text.substr(0, count));
      text.remove_prefix(count);
      if (count == end) text.remove_prefix(1);
      if (count == end || partial_.size() == kMaxLine) {
        (*line_)(partial_);
        partial_.clear();
      }
    }
    return {};
  }

 private:
  std::shared_ptr<const LineHandler> line_;  // immutable
  std::string partial_;
};

class LineOutput final : public Output {
 public:
  explicit LineOutput(LineHandler line)
      : line_(std::make_shared<const LineHandler>(std::move(line))) {}
  Ref<io::Sink> open(Loop&) override { return make_ref<LineSink>(line_); }

 private:
  std::shared_ptr<const LineHandler> line_;
};

}  // namespace

/// The queue of one descriptor. All but `wait_until_idle` is called with `mutex` held.
class DescriptorOutput::State : public std::enable_shared_from_this<State> {
 public:
  /// Where the writing thread leaves word for a sink that waits. `owner` changes under the mutex
  /// and on the sink's loop only, so either is enough to read it.
  struct Mailbox {
    Loop* loop;
    DescriptorSink* owner;
  };

  explicit State(int fd) : fd_(fd) {}

  // A mutex and no message: several loops and the writing thread share one order of bytes.
  std::mutex mutex;

  int fd() const { return fd_; }
  int error() const { return error_; }
  size_t waiting() const { return queue_.size() + in_flight_; }
  bool is_idle() const { return waiting() == 0; }

  void append(std::string_view text) {
    if (error_ != 0) return;
    queue_.append(text);
    if (std::exchange(writing_, true)) return;
    run_blocking([self = shared_from_this()] { self->write_out(); });
  }

  void append_host_text(std::string_view text) {
    if (waiting() + text.size() > kMaxHostText) {
      ++dropped_;
      return;
    }
    if (dropped_ > 0) {
      append(fmt::format("({} writes dropped: the output is not being read)\n",
                         std::exchange(dropped_, 0)));
    }
    append(text);
  }

  /// Told once, when all is written.
  void add_waiter(std::shared_ptr<Mailbox> mailbox) { waiters_.push_back(std::move(mailbox)); }

  void wait_until_idle() {
    std::unique_lock lock(mutex);
    idle_.wait(lock, [&] { return !writing_; });
  }

 private:
  void write_out();

  int fd_;
  std::string queue_;
  size_t in_flight_ = 0;
  size_t dropped_ = 0;
  int error_ = 0;
  bool writing_ = false;
  std::vector<std::shared_ptr<Mailbox>> waiters_;
  std::condition_variable idle_;
};

class DescriptorOutput::DescriptorSink final : public io::Sink {
 public:
  DescriptorSink(Loop& loop, std::shared_ptr<State> state)
      : state_(std::move(state)),
        mailbox_(std::make_shared<State::Mailbox>(State::Mailbox{.loop = &loop, .owner = this})) {}
  ~DescriptorSink() override {
    const std::lock_guard lock(state_->mutex);
    mailbox_->owner = nullptr;
  }

  bool is_ready() override {
    const std::lock_guard lock(state_->mutex);
    return has_room();
  }

  Result<size_t> check_write() override {
    const std::lock_guard lock(state_->mutex);
    if (state_->error() != 0) {
      if (std::exchange(told_, true)) return fail(Errc::Closed, "the output is closed");
      return fail_errno(state_->error(), "writing to the output");
    }
    return has_room() ? kPermit : size_t{0};
  }

  Result<void> write(std::span<const std::byte> bytes) override {
    const std::lock_guard lock(state_->mutex);
    state_->append({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    return {};
  }

  Result<void> flush() override {
    flushing_ = true;
    return {};
  }

  void listen(Signal::Listener& listener) override {
    io::Sink::listen(listener);
    const std::lock_guard lock(state_->mutex);
    if (has_room() || listed_) return;
    listed_ = true;
    state_->add_waiter(mailbox_);
  }

  void told_idle() {
    listed_ = false;
    notify();
    // Others may have written since; those who still wait must hear of the next time.
    const std::lock_guard lock(state_->mutex);
    if (has_room() || !is_awaited()) return;
    listed_ = true;
    state_->add_waiter(mailbox_);
  }

 private:
  bool has_room() {
    if (state_->error() != 0) return true;
    if (state_->is_idle()) flushing_ = false;
    return !flushing_ && state_->waiting() < kMaxWaiting;
  }

  std::shared_ptr<State> state_;
  std::shared_ptr<State::Mailbox> mailbox_;  // shared with the writing thread
  bool flushing_ = false;
  bool listed_ = false;
  bool told_ = false;
};

void DescriptorOutput::State::write_out() {
  std::unique_lock lock(mutex);
  while (!queue_.empty()) {
    const std::string now = std::exchange(queue_, {});
    in_flight_ = now.size();
    lock.unlock();
    const int error = write_all(fd_, now);
    lock.lock();
    in_flight_ = 0;
    if (error != 0) {
      error_ = error;
      queue_.clear();
    }
  }
  writing_ = false;
  for (auto& mailbox : std::exchange(waiters_, {})) {
    // Posted under the lock: a sink that is there keeps its loop there.
    if (mailbox->owner == nullptr) continue;
    mailbox->loop->post([mailbox] {
      if (mailbox->owner != nullptr) mailbox->owner->told_idle();
    });
  }
  idle_.notify_all();
}

DescriptorOutput::DescriptorOutput(int fd) : state_(std::make_shared<State>(fd)) {}

DescriptorOutput::~DescriptorOutput() { state_->wait_until_idle(); }

Ref<io::Sink> DescriptorOutput::open(Loop& loop) { return make_ref<DescriptorSink>(loop, state_); }

int DescriptorOutput::descriptor() const { return state_->fd(); }

void DescriptorOutput::write(std::string_view text) {
  const std::lock_guard lock(state_->mutex);
  state_->append_host_text(text);
}

Task<void> DescriptorOutput::drain(Loop& loop) {
  const Ref<io::Sink> sink = open(loop);
  CO_TRY(sink->flush());
  co_return co_await io::wait_for(loop, *sink);
}

std::shared_ptr<Output> no_output() { return std::make_shared<NoOutput>(); }

std::shared_ptr<Output> output_to_lines(std::function<void(std::string_view line)> line) {
  return std::make_shared<LineOutput>(std::move(line));
}

}  // namespace wasmcloud::wasi::cli
