#include "wasi/context.h"
#include "wasi/io/bindings_0_2.h"
#include "wasi/sockets/bindings_0_2.h"
#include "wasi/sockets/detail/convert_0_2.h"
#include "wasi/sockets/tcp_socket.h"

namespace wasmcloud::wasi::sockets::v0_2 {
namespace {

using component::guest_error;
using wit::network::ErrorCode;
using wit::network::IpSocketAddress;
using wit::network::Network;
using InputStream = std::unique_ptr<wit::tcp::InputStream>;
using OutputStream = std::unique_ptr<wit::tcp::OutputStream>;

std::tuple<InputStream, OutputStream> streams_of(Loop& loop, TcpSocket::Connection connection) {
  return {io::v0_2::make_input_stream(loop, std::move(connection.input)),
          io::v0_2::make_output_stream(loop, std::move(connection.output))};
}

class TcpSocketHandle final : public wit::tcp::TcpSocket {
 public:
  TcpSocketHandle(Loop& loop, Ref<sockets::TcpSocket> socket)
      : loop_(loop), socket_(std::move(socket)) {}

  Result<std::expected<void, ErrorCode>> start_bind(Network&, IpSocketAddress local) override {
    return told(socket_->start_bind(from_wit(local)));
  }
  Result<std::expected<void, ErrorCode>> finish_bind() override {
    return told(socket_->finish_bind());
  }
  Result<std::expected<void, ErrorCode>> start_connect(Network&, IpSocketAddress remote) override {
    return told(socket_->start_connect(from_wit(remote)));
  }
  Result<std::expected<std::tuple<InputStream, OutputStream>, ErrorCode>> finish_connect()
      override {
    auto connection = socket_->finish_connect();
    if (!connection) return guest_error(to_wit(connection.error()));
    return streams_of(loop_, std::move(*connection));
  }
  Result<std::expected<void, ErrorCode>> start_listen() override {
    return told(socket_->start_listen());
  }
  Result<std::expected<void, ErrorCode>> finish_listen() override {
    return told(socket_->finish_listen());
  }
  Result<std::expected<std::tuple<std::unique_ptr<wit::tcp::TcpSocket>, InputStream, OutputStream>,
                       ErrorCode>>
  accept() override {
    auto accepted = socket_->accept();
    if (!accepted) return guest_error(to_wit(accepted.error()));
    auto [input, output] = streams_of(loop_, std::move(accepted->second));
    return std::tuple<std::unique_ptr<wit::tcp::TcpSocket>, InputStream, OutputStream>(
        std::make_unique<TcpSocketHandle>(loop_, std::move(accepted->first)), std::move(input),
        std::move(output));
  }
  Result<std::expected<IpSocketAddress, ErrorCode>> local_address() override {
    return told(socket_->local_address());
  }
  Result<std::expected<IpSocketAddress, ErrorCode>> remote_address() override {
    return told(socket_->remote_address());
  }
  Result<bool> is_listening() override { return socket_->is_listening(); }
  Result<wit::network::IpAddressFamily> address_family() override {
    return to_wit(socket_->family());
  }
  Result<std::expected<void, ErrorCode>> set_listen_backlog_size(uint64_t value) override {
    return told(socket_->set_backlog(value));
  }
  Result<std::expected<bool, ErrorCode>> keep_alive_enabled() override {
    return told(socket_->keep_alive());
  }
  Result<std::expected<void, ErrorCode>> set_keep_alive_enabled(bool value) override {
    return told(socket_->set_keep_alive(value));
  }
  Result<std::expected<uint64_t, ErrorCode>> keep_alive_idle_time() override {
    return told(socket_->keep_alive_idle());
  }
  Result<std::expected<void, ErrorCode>> set_keep_alive_idle_time(uint64_t value) override {
    return told(socket_->set_keep_alive_idle(value));
  }
  Result<std::expected<uint64_t, ErrorCode>> keep_alive_interval() override {
    return told(socket_->keep_alive_interval());
  }
  Result<std::expected<void, ErrorCode>> set_keep_alive_interval(uint64_t value) override {
    return told(socket_->set_keep_alive_interval(value));
  }
  Result<std::expected<uint32_t, ErrorCode>> keep_alive_count() override {
    return told(socket_->keep_alive_count());
  }
  Result<std::expected<void, ErrorCode>> set_keep_alive_count(uint32_t value) override {
    return told(socket_->set_keep_alive_count(value));
  }
  Result<std::expected<uint8_t, ErrorCode>> hop_limit() override {
    return told(socket_->hop_limit());
  }
  Result<std::expected<void, ErrorCode>> set_hop_limit(uint8_t value) override {
    return told(socket_->set_hop_limit(value));
  }
  Result<std::expected<uint64_t, ErrorCode>> receive_buffer_size() override {
    return told(socket_->receive_buffer_size());
  }
  Result<std::expected<void, ErrorCode>> set_receive_buffer_size(uint64_t value) override {
    return told(socket_->set_receive_buffer_size(value));
  }
  Result<std::expected<uint64_t, ErrorCode>> send_buffer_size() override {
    return told(socket_->send_buffer_size());
  }
  Result<std::expected<void, ErrorCode>> set_send_buffer_size(uint64_t value) override {
    return told(socket_->set_send_buffer_size(value));
  }
  Result<std::unique_ptr<wit::tcp::Pollable>> subscribe() override {
    return io::v0_2::make_pollable(loop_, socket_);
  }
  Result<std::expected<void, ErrorCode>> shutdown(wit::tcp::ShutdownType how) override {
    switch (how) {
      case wit::tcp::ShutdownType::Receive:
        return told(socket_->shutdown(Shutdown::Receive));
      case wit::tcp::ShutdownType::Send:
        return told(socket_->shutdown(Shutdown::Send));
      case wit::tcp::ShutdownType::Both:
        return told(socket_->shutdown(Shutdown::Both));
    }
    return guest_error(ErrorCode::InvalidArgument);
  }

 private:
  Loop& loop_;
  Ref<sockets::TcpSocket> socket_;
};

}  // namespace

Result<std::expected<std::unique_ptr<wit::tcp::TcpSocket>, ErrorCode>>
TcpCreateSocketInterface::create_tcp_socket(wit::network::IpAddressFamily family) {
  auto socket = sockets::TcpSocket::create(context_.network(), from_wit(family));
  if (!socket) return guest_error(to_wit(socket.error()));
  return std::make_unique<TcpSocketHandle>(context_.loop(), std::move(*socket));
}

}  // namespace wasmcloud::wasi::sockets::v0_2
