#pragma once

#include "base/error.h"
#include "base/loop.h"
#include "base/ref.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace wasmcloud::http::detail {

/// A connected stream as a connection uses it: one read under way, writes at once. Plain sockets
/// and TLS above them look the same.
class Transport {
 public:
  /// Whom a transport tells; kept alive while an operation is under way.
  class Owner : public Counted {
   public:
    /// `error` is an errno, or 0; no bytes without an error is the end.
    virtual void on_read(int error, size_t size) = 0;
    virtual void on_writable() = 0;
    /// The handshake is done, where there is one. One that fails is told by `on_read`.
    virtual void on_secured() {}
  };

  virtual ~Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  /// Before the first operation, and only while none is under way.
  void set_owner(Owner& owner) { owner_ = &owner; }
  /// Nobody is told of what may still go on.
  void clear_owner() { owner_ = nullptr; }

  /// Reads into `memory`, which must stay; `on_read` follows, never from within this call.
  virtual void start_read(std::span<std::byte> memory) = 0;
  /// What is taken now: its size, 0 if nothing, or a negative errno. What was not taken must come
  /// first in the next call.
  virtual ssize_t write(std::span<const iovec> parts) = 0;
  /// `on_writable` follows.
  virtual void wait_writable() = 0;
  /// Bytes that were received and wait.
  virtual size_t readable() const = 0;
  virtual void shutdown_write() = 0;
  /// What is under way ends with an error. The peer is told of an abort by a reset.
  enum class Close : uint8_t { Orderly, Abort };
  virtual void close(Close how) = 0;
  virtual bool is_open() const = 0;
  virtual std::string peer() const = 0;

  /// What the first operation does too, for whom it matters when: `on_secured`, or `on_read` with
  /// an error, follows. Without TLS, nothing.
  virtual void start_handshake() {}
  virtual bool is_secure() const { return false; }
  /// What ALPN chose: "h2", "http/1.1"; empty without TLS, or if the peer named nothing.
  virtual std::string_view protocol() const { return {}; }
  /// What an error of `on_read` or `write` means. Errc::Closed, with the errno as its number; from
  /// TLS also Denied (a certificate was not accepted), Refused (the peer said no; the number is its
  /// alert) and Malformed (what came is no TLS, or breaks its rules).
  virtual Error explain(int error) const;

 protected:
  Transport() = default;
  Owner* owner_ = nullptr;
};

/// Takes a connected socket over.
std::unique_ptr<Transport> make_socket_transport(Loop& loop, int socket);

/// For a socket that is about to listen on `address` or connect to it, if that is loopback. Behind
/// it is no network whose capacity is to be found out, but BBR, where the system prefers that,
/// would pace what is sent by timers. Accepted connections inherit it.
void avoid_pacing(int socket, const sockaddr& address);

/// "127.0.0.1:80", "[::1]:80" of a socket's own or its peer's address.
std::string local_address(int socket);
std::string peer_address(int socket);

}  // namespace wasmcloud::http::detail
