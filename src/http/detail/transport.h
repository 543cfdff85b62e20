#pragma once

#include "base/loop.h"
#include "base/ref.h"

#include <sys/uio.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace wasmcloud::http::detail {

/// A connected stream socket as a connection uses it: one read under way, writes at once. What TLS
/// will stand in for.
class Transport {
 public:
  /// Whom a transport tells; kept alive while an operation is under way.
  class Owner : public Counted {
   public:
    /// `error` is an errno, or 0; no bytes without an error is the end.
    virtual void on_read(int error, size_t size) = 0;
    virtual void on_writable() = 0;
  };

  /// Takes the socket over.
  Transport(Loop& loop, int socket, Owner& owner);
  ~Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  /// Reads into `memory`, which must stay; `on_read` follows, never from within this call.
  void start_read(std::span<std::byte> memory);
  /// What the kernel takes now: its size, 0 if nothing, or a negative errno.
  ssize_t write(std::span<const iovec> parts);
  /// `on_writable` follows.
  void wait_writable();
  /// Bytes that wait in the kernel.
  size_t readable() const;
  void shutdown_write();
  /// What is under way ends with an error. The peer is told of an abort by a reset.
  enum class Close : uint8_t { Orderly, Abort };
  void close(Close how);
  bool is_open() const;
  std::string peer() const;

 private:
  struct Socket;
  Owner& owner_;
  std::unique_ptr<Socket> socket_;
};

/// "127.0.0.1:80", "[::1]:80" of a socket's own or its peer's address.
std::string local_address(int socket);
std::string peer_address(int socket);

}  // namespace wasmcloud::http::detail
