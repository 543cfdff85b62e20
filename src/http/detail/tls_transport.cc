#include "http/detail/tls_transport.h"

#include "base/check.h"
#include "http/detail/byte_window.h"
#include "http/detail/record_cutter.h"
#include "http/detail/socket.h"
#include "http/detail/tls_bio.h"
#include "http/detail/tls_rules.h"

#include <boost/asio/post.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

namespace wasmcloud::http::detail {
namespace asio = boost::asio;

namespace {

/// OpenSSL decrypts what this receives and encrypts into what this sends: its BIO is the socket,
/// except that writing always succeeds. What the kernel does not take waits in `unsent_`, so that
/// OpenSSL never has half a record to be offered again.
class TlsTransport final : public Transport {
 public:
  TlsTransport(Loop& loop, int socket, Ssl ssl);
  ~TlsTransport() override { life_->transport = nullptr; }

  void refuse(std::string why) { set_error(EPROTO, Errc::Malformed, std::move(why)); }

  void start_read(std::span<std::byte> memory) override;
  ssize_t write(std::span<const iovec> parts) override;
  void wait_writable() override;
  size_t readable() const override;
  void shutdown_write() override;
  void close(Close how) override;
  bool is_open() const override { return socket_.is_open(); }
  std::string peer() const override { return peer_address(number_); }
  void start_handshake() override;
  bool is_secure() const override { return true; }
  std::string_view protocol() const override;
  Error explain(int error) const override;

  // What OpenSSL calls, by way of TlsBio.
  std::optional<size_t> receive(std::span<std::byte> into);
  bool send(std::span<const std::byte> bytes);
  void on_idle_message();

 private:
  /// Outlives the transport in the handlers of operations under way.
  struct Life final : Counted {
    explicit Life(TlsTransport& of) : transport(&of) {}
    TlsTransport* transport;
  };

  /// `step` on what is there. The owner lives until then.
  void post();
  /// `step` once something came.
  void arm();
  void arm_flush();
  void step();
  bool shake_hands();
  void deliver();
  void finish_read(size_t size);
  void on_received(boost::system::error_code error, size_t size);
  void on_flushable();
  void send_unsent();
  void say_end();
  void set_error(int error, Errc code, std::string why);
  void fail(int why);

  Socket socket_;
  int number_;  ///< -1 once closed, since it may soon be another connection's
  const Ssl ssl_;
  const Ref<Life> life_ = make_ref<Life>(*this);

  bool secured_ = false;
  bool ended_ = false;      ///< the peer said that it sends no more
  bool cut_off_ = false;    ///< nothing more comes, whatever the peer said
  bool end_said_ = false;   ///< by us
  bool shut_down_ = false;  ///< to be done when all is sent
  bool armed_ = false;
  bool posted_ = false;
  bool flushing_ = false;
  bool write_waits_ = false;

  int error_ = 0;
  Errc error_code_ = Errc::Closed;
  int alert_ = 0;
  std::string error_text_;

  // A read of the owner.
  bool reading_ = false;
  std::span<std::byte> memory_;

  /// Where an idle connection waits; small, since each has one. What comes beyond it OpenSSL
  /// receives into its own buffer.
  std::array<std::byte, size_t{4} * 1024> input_;
  size_t input_begin_ = 0;
  size_t input_end_ = 0;
  bool drained_ = false;  ///< the kernel had less than there was room for
  bool dry_ = false;      ///< OpenSSL has nothing to give without more from the kernel
  int idle_messages_ = 0;

  ByteWindow unsent_;
  size_t held_ = 0;  ///< bytes of the owner that are encrypted, but not yet with the kernel
};

std::optional<size_t> TlsTransport::receive(std::span<std::byte> into) {
  if (error_ != 0) return 0;
  if (input_begin_ < input_end_) {
    const size_t size = std::min(into.size(), input_end_ - input_begin_);
    std::memcpy(into.data(), input_.data() + input_begin_, size);
    input_begin_ += size;
    return size;
  }
  if (cut_off_) return 0;
  while (!drained_) {
    const ssize_t received = ::recv(number_, into.data(), into.size(), MSG_DONTWAIT);
    if (received > 0) {
      const auto size = static_cast<size_t>(received);
      drained_ = size < into.size();
      return size;
    }
    if (received == 0) {
      cut_off_ = true;
      return 0;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) {
      set_error(errno, Errc::Closed, {});
      return 0;
    }
    drained_ = true;
  }
  return std::nullopt;
}

bool TlsTransport::send(std::span<const std::byte> bytes) {
  if (error_ != 0) return false;
  size_t sent = 0;
  if (unsent_.size() == 0) {
    const iovec part = {.iov_base = const_cast<std::byte*>(bytes.data()), .iov_len = bytes.size()};
    const ssize_t taken = send_now(number_, std::span(&part, 1));
    if (taken < 0) {
      set_error(static_cast<int>(-taken), Errc::Closed, {});
      return false;
    }
    sent = static_cast<size_t>(taken);
  }
  if (sent == bytes.size()) return true;
  const auto rest = bytes.subspan(sent);
  if (unsent_.size() + rest.size() > kMaxUnsent) {
    set_error(ENOBUFS, Errc::Closed, std::string(kTakesNothing));
    return false;
  }
  unsent_.add(rest);
  return true;
}

void TlsTransport::on_idle_message() {
  if (secured_ && ++idle_messages_ > kMaxIdleMessages)
    set_error(EPROTO, Errc::Malformed, std::string(kFloods));
}

TlsTransport::TlsTransport(Loop& loop, int socket, Ssl ssl)
    : socket_(adopt_socket(loop, socket)), number_(socket), ssl_(std::move(ssl)) {
  TlsBio<TlsTransport>::attach(ssl_.get(), *this);
}

void TlsTransport::set_error(int error, Errc code, std::string why) {
  if (error_ != 0) return;
  error_ = error;
  error_code_ = code;
  error_text_ = std::move(why);
}

/// After OpenSSL gave up; `why` is what SSL_get_error says.
void TlsTransport::fail(int why) {
  const bool is_http =
      ERR_GET_REASON(ERR_peek_error()) == SSL_R_HTTP_REQUEST && SSL_is_server(ssl_.get()) == 1;
  TlsFailure failure = take_failure(ssl_.get(), why, cut_off_, secured_);
  if (is_http && failure.code == Errc::Malformed) {
    // A person who forgot the "s" sees what is wrong; no alert would tell.
    constexpr std::string_view kAnswer =
        "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\n"
        "content-length: 34\r\nconnection: close\r\n\r\nthis port speaks HTTPS, not HTTP\r\n";
    const iovec part = {.iov_base = const_cast<char*>(kAnswer.data()), .iov_len = kAnswer.size()};
    static_cast<void>(send_now(number_, std::span(&part, 1)));
    failure.text = "the peer speaks HTTP without TLS";
  }
  if (error_ == 0) alert_ = failure.alert;
  set_error(failure.code == Errc::Closed ? ECONNRESET : EPROTO, failure.code,
            std::move(failure.text));
}

Error TlsTransport::explain(int error) const {
  if (error != error_ || error_text_.empty()) return Transport::explain(error);
  return Error(error_code_, error_text_).with_number(error_code_ == Errc::Refused ? alert_ : error);
}

std::string_view TlsTransport::protocol() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

void TlsTransport::post() {
  if (posted_) return;
  posted_ = true;
  asio::post(socket_.get_executor(), [life = life_, owner = Ref(owner_)] {
    TlsTransport* const self = life->transport;
    if (self == nullptr) return;
    self->posted_ = false;
    self->step();
  });
}

void TlsTransport::arm() {
  if (armed_) return;
  armed_ = true;
  input_begin_ = input_end_ = 0;
  socket_.async_receive(
      asio::buffer(input_.data(), input_.size()),
      [life = life_, owner = Ref(owner_)](boost::system::error_code error, size_t size) {
        if (life->transport != nullptr) life->transport->on_received(error, size);
      });
}

void TlsTransport::on_received(boost::system::error_code error, size_t size) {
  armed_ = false;
  if (!error) {
    input_end_ = size;
    drained_ = size < input_.size();
  } else if (error == asio::error::eof) {
    cut_off_ = true;
  } else {
    set_error(error.value(), Errc::Closed, {});
  }
  step();
}

void TlsTransport::start_handshake() {
  if (!secured_ && !armed_) post();
}

/// Goes on with what was received.
void TlsTransport::step() {
  if (!socket_.is_open()) {
    set_error(ECANCELED, Errc::Cancelled, {});
    if (reading_) finish_read(0);
    return;
  }
  if (!secured_ && !shake_hands()) return;
  if (!socket_.is_open()) return step();
  deliver();
}

/// False if there is nothing more to do now.
bool TlsTransport::shake_hands() {
  const Ref<Life> life = life_;
  const Ref<Owner> owner(owner_);
  if (error_ == 0) {
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_.get());
    if (result == 1) {
      secured_ = true;
    } else {
      const int why = SSL_get_error(ssl_.get(), result);
      if (why == SSL_ERROR_WANT_READ && error_ == 0) {
        arm_flush();
        arm();
        return false;
      }
      fail(why);
    }
    arm_flush();
  }
  if (secured_) {
    if (owner) owner->on_secured();
  } else {
    // Also where no read was asked for: nothing else would tell.
    finish_read(0);
  }
  if (life->transport == nullptr) return false;
  if (unsent_.size() == 0 && std::exchange(write_waits_, false)) {
    owner->on_writable();
    if (life->transport == nullptr) return false;
  }
  return secured_;
}

void TlsTransport::start_read(std::span<std::byte> memory) {
  DCHECK(!reading_);
  reading_ = true;
  memory_ = memory;
  if (armed_) return;
  if (dry_ && !ended_ && error_ == 0) {
    arm();
  } else {
    post();
  }
}

void TlsTransport::deliver() {
  if (!reading_) return;
  dry_ = false;
  size_t size = 0;
  while (size < memory_.size() && error_ == 0 && !ended_) {
    ERR_clear_error();
    size_t got = 0;
    if (SSL_read_ex(ssl_.get(), memory_.data() + size, memory_.size() - size, &got) == 1) {
      size += got;
      idle_messages_ = 0;
      continue;
    }
    const int why = SSL_get_error(ssl_.get(), 0);
    if (why == SSL_ERROR_WANT_READ && error_ == 0) {
      dry_ = true;
      break;
    }
    if (why == SSL_ERROR_ZERO_RETURN) {
      ended_ = true;
    } else {
      fail(why);
    }
  }
  // Reading may have made OpenSSL answer something.
  arm_flush();
  if (size > 0 || ended_ || error_ != 0) return finish_read(size);
  arm();
}

/// The last thing that its caller does: the owner may end this transport.
void TlsTransport::finish_read(size_t size) {
  reading_ = false;
  const Ref<Owner> owner(owner_);
  if (owner) owner->on_read(size == 0 ? error_ : 0, size);
}

ssize_t TlsTransport::write(std::span<const iovec> parts) {
  if (!socket_.is_open()) return -EPIPE;
  if (!secured_ && error_ == 0) {
    start_handshake();
    return 0;
  }
  send_unsent();
  if (error_ != 0) return -error_;
  if (unsent_.size() > 0) return 0;
  RecordCutter cutter(parts);
  size_t taken = std::exchange(held_, 0);
  cutter.skip(taken);
  for (auto record = cutter.next(); !record.empty(); record = cutter.next()) {
    ERR_clear_error();
    size_t written = 0;
    if (SSL_write_ex(ssl_.get(), record.data(), record.size(), &written) != 1) {
      fail(SSL_get_error(ssl_.get(), 0));
      return taken > 0 ? static_cast<ssize_t>(taken) : -error_;
    }
    if (unsent_.size() > 0) {
      held_ = written;
      arm_flush();
      break;
    }
    taken += written;
  }
  return static_cast<ssize_t>(taken);
}

void TlsTransport::wait_writable() {
  write_waits_ = true;
  if (unsent_.size() > 0) {
    arm_flush();
  } else if (secured_ || error_ != 0) {
    // There is nothing to wait for, such as after an error; as with sockets, it is told later.
    asio::post(socket_.get_executor(), [life = life_, owner = Ref(owner_)] {
      if (life->transport != nullptr) life->transport->on_flushable();
    });
  }
}

void TlsTransport::send_unsent() {
  if (unsent_.size() == 0 || error_ != 0) return;
  const auto bytes = unsent_.bytes();
  const iovec part = {.iov_base = const_cast<std::byte*>(bytes.data()), .iov_len = bytes.size()};
  const ssize_t sent = send_now(number_, std::span(&part, 1));
  if (sent < 0) return set_error(static_cast<int>(-sent), Errc::Closed, {});
  unsent_.remove(static_cast<size_t>(sent));
  // Given back: most connections never need it again.
  if (unsent_.size() == 0) unsent_ = {};
}

void TlsTransport::arm_flush() {
  if (unsent_.size() == 0 || flushing_ || !socket_.is_open()) return;
  flushing_ = true;
  socket_.async_wait(Socket::wait_write,
                     [life = life_, owner = Ref(owner_)](boost::system::error_code error) {
                       TlsTransport* const self = life->transport;
                       if (error || self == nullptr) return;
                       self->flushing_ = false;
                       self->on_flushable();
                     });
}

void TlsTransport::on_flushable() {
  if (!socket_.is_open()) return;
  send_unsent();
  if (unsent_.size() > 0 && error_ == 0) return arm_flush();
  if (std::exchange(shut_down_, false)) {
    boost::system::error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
  }
  if (!std::exchange(write_waits_, false)) return;
  const Ref<Owner> owner(owner_);
  owner->on_writable();
}

size_t TlsTransport::readable() const {
  const size_t decrypted = SSL_has_pending(ssl_.get()) == 1 ? 1 : 0;
  return decrypted + (input_end_ - input_begin_) + received_bytes(number_);
}

/// close_notify, if it may still be said.
void TlsTransport::say_end() {
  if (!secured_ || error_ != 0 || std::exchange(end_said_, true)) return;
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

void TlsTransport::shutdown_write() {
  if (!socket_.is_open()) return;
  say_end();
  shut_down_ = true;
  send_unsent();
  if (unsent_.size() > 0 && error_ == 0) return arm_flush();
  shut_down_ = false;
  boost::system::error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
}

void TlsTransport::close(Close how) {
  if (!socket_.is_open()) return;
  if (how == Close::Orderly) {
    say_end();
    send_unsent();
  }
  write_waits_ = false;
  // Before there is a secure channel nothing can be taken for whole, and the alert that says what
  // was wrong should arrive.
  close_socket(socket_, secured_ ? how : Close::Orderly);
  number_ = -1;
}

}  // namespace

std::unique_ptr<Transport> make_tls_transport(Loop& loop, int socket, const TlsContext& context,
                                              const std::string& server_name,
                                              std::span<const std::string_view> protocols) {
  ERR_clear_error();
  Ssl ssl(SSL_new(context.native()));
  CHECK(ssl != nullptr);
  bool valid = true;
  if (context.side() == TlsContext::Side::Server) {
    SSL_set_accept_state(ssl.get());
  } else {
    SSL_set_connect_state(ssl.get());
    valid = expect_name(ssl.get(), server_name);
    if (!protocols.empty()) {
      std::string wire;
      for (const std::string_view each : protocols) {
        CHECK(!each.empty() && each.size() < 256);
        wire += static_cast<char>(each.size());
        wire += each;
      }
      CHECK(SSL_set_alpn_protos(ssl.get(), reinterpret_cast<const unsigned char*>(wire.data()),
                                static_cast<unsigned>(wire.size())) == 0);
    }
    ERR_clear_error();
  }
  auto transport = std::make_unique<TlsTransport>(loop, socket, std::move(ssl));
  if (!valid) transport->refuse(no_such_name(server_name));
  return transport;
}

}  // namespace wasmcloud::http::detail
