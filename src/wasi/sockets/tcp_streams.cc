#include "wasi/sockets/tcp_streams.h"

#include <sys/socket.h>

#include <cerrno>
#include <system_error>

namespace wasmcloud::wasi::sockets {
namespace {

/// What one read takes from the kernel, and one write is permitted.
constexpr size_t kPiece = size_t{64} << 10;
/// How long bytes are still offered to the peer once the guest has dropped its stream.
constexpr auto kLinger = std::chrono::seconds(5);

/// Not `fail_errno`: a reset is no end of a stream, which is what Errc::Closed means there.
Error broken(int number, std::string_view doing) {
  const std::string why = std::generic_category().message(number);
  return Error(Errc::Io, fmt::format("{}: {}", doing, why)).with_number(number);
}

/// The sink waits with a waitable of its own, since its pollables mean something else: room for
/// more, which there is not while a rest is being sent.
class Writable final : public io::Waitable {
 public:
  explicit Writable(Descriptor& socket) : socket_(socket) {}
  bool is_ready() override { return socket_.is_ready(Descriptor::Direction::Write); }
  void listen(Signal::Listener& listener) override {
    socket_.listen(Descriptor::Direction::Write, listener);
  }

 private:
  Descriptor& socket_;
};

}  // namespace

bool TcpSource::is_ready() { return ended_ || socket_->is_ready(Descriptor::Direction::Read); }

void TcpSource::listen(Signal::Listener& listener) {
  socket_->listen(Descriptor::Direction::Read, listener);
}

Result<Bytes> TcpSource::read(size_t max) {
  Result<size_t> got = 0;
  Bytes bytes = Bytes::filled(std::min(max, kPiece), [&](std::span<std::byte> into) {
    got = read_into(into);
    return got.value_or(0);
  });
  if (max == 0) got = read_into({});
  TRY(std::move(got));
  return bytes;
}

Result<size_t> TcpSource::read_into(std::span<std::byte> into) {
  if (ended_) return fail(Errc::Closed, "the connection's end");
  if (into.empty()) return 0;
  ssize_t got = -1;
  do {
    got = ::recv(socket_->fd(), into.data(), into.size(), 0);
  } while (got < 0 && errno == EINTR);
  if (got > 0) return static_cast<size_t>(got);
  if (got < 0 && errno == EAGAIN) return 0;
  ended_ = true;
  if (got == 0) return fail(Errc::Closed, "the connection's end");
  return fail(broken(errno, "receiving"));
}

void TcpSource::shut_down() {
  ended_ = true;
  ::shutdown(socket_->fd(), SHUT_RD);
  socket_->notify();
}

bool TcpSink::is_ready() {
  if (closed_ || failed_) return true;
  return !sending_ && socket_->is_ready(Descriptor::Direction::Write);
}

void TcpSink::listen(Signal::Listener& listener) {
  // While a rest is sent, the end of that is the news.
  if (!sending_) {
    socket_->listen(Descriptor::Direction::Write, listener);
  } else {
    io::Sink::listen(listener);
  }
}

Result<size_t> TcpSink::check_write() {
  if (failed_) {
    closed_ = true;
    Error error = std::move(*failed_);
    failed_.reset();
    return fail(std::move(error));
  }
  if (closed_) return fail(Errc::Closed, "the sending side is shut down");
  return is_ready() ? kPiece : size_t{0};
}

Result<void> TcpSink::write(std::span<const std::byte> bytes) {
  // What the kernel takes at once need not be kept.
  if (failed_ || closed_ || !rest_.empty()) return write(Bytes::copy_of(bytes));
  rest_ = Bytes::copy_of(send_now(bytes));
  send_rest_later();
  return {};
}

Result<void> TcpSink::write(Bytes bytes) {
  if (failed_ || closed_) {
    TRY(check_write());
    return {};
  }
  // write-zeroes comes in pieces within one permit; a rest then grows, but not past the permit.
  if (!rest_.empty()) {
    std::vector<std::byte> joined(rest_.span().begin(), rest_.span().end());
    joined.insert(joined.end(), bytes.span().begin(), bytes.span().end());
    rest_ = Bytes(std::move(joined));
    return {};
  }
  rest_ = std::move(bytes);
  send_some();
  send_rest_later();
  return {};
}

Result<size_t> TcpSink::write_some(std::span<const std::byte> bytes) {
  TRY(flush());
  if (sending_) return size_t{0};
  const size_t left = send_now(bytes).size();
  // Where the connection broke, nobody has use for what was sent before.
  TRY(flush());
  return bytes.size() - left;
}

void TcpSink::send_rest_later() {
  if (rest_.empty() || std::exchange(sending_, true)) return;
  tasks_.spawn(send_rest, Ref<TcpSink>(this));
}

Result<void> TcpSink::flush() {
  if (failed_ || closed_) TRY(check_write());
  return {};
}

std::span<const std::byte> TcpSink::send_now(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_->fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes = bytes.subspan(static_cast<size_t>(sent));
    } else if (errno == EAGAIN) {
      break;
    } else if (errno != EINTR) {
      fail_with(errno);
      return {};
    }
  }
  return bytes;
}

void TcpSink::fail_with(int number) {
  rest_ = Bytes();
  if (number == EPIPE) {
    closed_ = true;
    return;
  }
  failed_ = broken(number, "sending");
}

Task<void> TcpSink::send_rest(Ref<TcpSink> self) {
  Loop& loop = self->socket_->loop();
  std::optional<Clock::time_point> give_up;
  // Until there is room again too: that is what those who wait for the sink are told.
  while (!self->rest_.empty() || !(self->failed_ || self->closed_ || self->dropped_ ||
                                   self->socket_->is_ready(Descriptor::Direction::Write))) {
    if (self->dropped_ && !give_up) give_up = Clock::now() + kLinger;
    Event changed(loop);
    Signal::Listener dropping(changed);
    Signal::Listener writable(changed);
    dropping.listen(self->dropping_);
    auto room = make_ref<Writable>(*self->socket_);
    room->listen(writable);
    if (!room->is_ready()) {
      if (give_up) {
        if (!co_await with_deadline(loop, *give_up - Clock::now(), "sending", changed.wait())) {
          self->rest_ = Bytes();
          break;
        }
      } else if (!co_await changed.wait()) {
        self->fail_with(ECANCELED);
        break;
      }
    }
    self->send_some();
  }
  if (self->closed_) ::shutdown(self->socket_->fd(), SHUT_WR);
  self->sending_ = false;
  self->notify();
  self->socket_->notify();
  co_return Result<void>();
}

void TcpSink::dropped() {
  dropped_ = true;
  dropping_.notify();
}

void TcpSink::shut_down() {
  if (std::exchange(closed_, true)) return;
  if (!sending_) ::shutdown(socket_->fd(), SHUT_WR);
  dropping_.notify();
  notify();
  socket_->notify();
}

}  // namespace wasmcloud::wasi::sockets
