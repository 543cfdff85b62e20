#pragma once

#include "wasi/io/sink.h"
#include "wasi/io/source.h"
#include "wasi/sockets/descriptor.h"
#include "wasi/sockets/network.h"

namespace wasmcloud::wasi::sockets {

/// What arrives on a connection. Nothing is read ahead: bytes stay in the kernel, and so does the
/// peer's pressure, until the guest asks.
class TcpSource final : public io::Source {
 public:
  explicit TcpSource(Ref<Descriptor> socket) : socket_(std::move(socket)) {}

  bool is_ready() override;
  void listen(Signal::Listener& listener) override;
  Result<Bytes> read(size_t max) override;
  Result<size_t> read_into(std::span<std::byte> into) override;
  io::Origin origin() const override { return io::Origin::Sockets; }
  /// Nothing more is read.
  void shut_down();

 private:
  Ref<Descriptor> socket_;
  bool ended_ = false;
};

/// What is sent on a connection. One `write` may be taken whole that the kernel takes in part; the
/// rest (at most 64 KiB) waits here, and no more is permitted until it is gone. `write_some` takes
/// what the kernel does, so nothing waits.
class TcpSink final : public io::Sink {
 public:
  TcpSink(const Network& network, Ref<Descriptor> socket)
      : tasks_(network.tasks), socket_(std::move(socket)) {}

  bool is_ready() override;
  void listen(Signal::Listener& listener) override;
  Result<size_t> check_write() override;
  Result<void> write(std::span<const std::byte> bytes) override;
  Result<void> write(Bytes bytes) override;
  Result<size_t> write_some(std::span<const std::byte> bytes) override;
  Result<void> flush() override;
  void dropped() override;
  io::Origin origin() const override { return io::Origin::Sockets; }
  /// Ends the sending side, after what was written.
  void shut_down();

 private:
  static Task<void> send_rest(Ref<TcpSink> self);
  /// Sends what the kernel takes, and returns the rest.
  std::span<const std::byte> send_now(std::span<const std::byte> bytes);
  void send_some() { rest_.remove_prefix(rest_.size() - send_now(rest_.span()).size()); }
  void send_rest_later();
  void fail_with(int number);

  TaskGroup& tasks_;
  Ref<Descriptor> socket_;
  Bytes rest_;
  Signal dropping_;  ///< the stream was dropped or shut down
  std::optional<Error> failed_;
  bool closed_ = false;  ///< no more is taken
  bool dropped_ = false;
  bool sending_ = false;  ///< `send_rest` runs
};

}  // namespace wasmcloud::wasi::sockets
