#include "wasi/context.h"
#include "wasi/sockets/bindings_0_3.h"
#include "wasi/sockets/detail/convert_0_3.h"
#include "wasi/sockets/udp_socket.h"

namespace wasmcloud::wasi::sockets::v0_3 {
namespace {

using component::guest_error;
using wit::types::IpSocketAddress;

class UdpSocketHandle final : public wit::types::UdpSocket {
 public:
  UdpSocketHandle(Loop& loop, Ref<sockets::UdpSocket> socket)
      : loop_(loop), socket_(std::move(socket)) {}

  Result<Told<void>> bind(IpSocketAddress local_address) override {
    const auto local = from_wit(local_address);
    if (auto started = socket_->start_bind(local); !started) return told(started);
    return told(socket_->finish_bind());
  }
  Result<Told<void>> connect(IpSocketAddress remote_address) override {
    if (auto bound = socket_->bind_if_unbound(); !bound) return told(bound);
    const auto associated = socket_->associate(from_wit(remote_address));
    if (!associated) return guest_error(to_wit(associated.error()));
    return component::ok();
  }
  Result<Told<void>> disconnect() override {
    if (auto peer = socket_->remote_address(); !peer) return guest_error(to_wit(peer.error()));
    const auto associated = socket_->associate(std::nullopt);
    if (!associated) return guest_error(to_wit(associated.error()));
    return component::ok();
  }
  Task<Told<void>> send(Bytes data, std::optional<IpSocketAddress> remote_address) override {
    const std::optional<Endpoint> remote =
        remote_address.transform([](const IpSocketAddress& address) { return from_wit(address); });
    if (auto bound = socket_->bind_if_unbound(); !bound) co_return told(bound);
    while (true) {
      const auto sent = socket_->send(data.span(), remote);
      if (!sent) co_return guest_error(to_wit(sent.error()));
      if (*sent) co_return component::ok();
      const auto room = make_ref<OutgoingDatagrams>(socket_, socket_->generation());
      CO_TRY(co_await io::wait_for(loop_, *room));
    }
  }
  Task<Told<std::tuple<Bytes, IpSocketAddress>>> receive() override {
    if (auto bound = socket_->local_address(); !bound) {
      co_return guest_error(to_wit(bound.error()));
    }
    while (true) {
      auto received = socket_->receive(1);
      if (!received) co_return guest_error(to_wit(received.error()));
      if (!received->empty()) {
        Datagram& datagram = received->front();
        co_return std::tuple<Bytes, IpSocketAddress>(std::move(datagram.data),
                                                     to_wit(datagram.remote));
      }
      const auto more = make_ref<IncomingDatagrams>(socket_, socket_->generation());
      CO_TRY(co_await io::wait_for(loop_, *more));
    }
  }
  Result<Told<IpSocketAddress>> get_local_address() override {
    return told(socket_->local_address());
  }
  Result<Told<IpSocketAddress>> get_remote_address() override {
    return told(socket_->remote_address());
  }
  Result<wit::types::IpAddressFamily> get_address_family() override {
    return to_wit(socket_->family());
  }
  Result<Told<uint8_t>> get_unicast_hop_limit() override { return told(socket_->hop_limit()); }
  Result<Told<void>> set_unicast_hop_limit(uint8_t value) override {
    return told(socket_->set_hop_limit(value));
  }
  Result<Told<uint64_t>> get_receive_buffer_size() override {
    return told(socket_->receive_buffer_size());
  }
  Result<Told<void>> set_receive_buffer_size(uint64_t value) override {
    return told(socket_->set_receive_buffer_size(value));
  }
  Result<Told<uint64_t>> get_send_buffer_size() override {
    return told(socket_->send_buffer_size());
  }
  Result<Told<void>> set_send_buffer_size(uint64_t value) override {
    return told(socket_->set_send_buffer_size(value));
  }

 private:
  Loop& loop_;
  Ref<sockets::UdpSocket> socket_;
};

}  // namespace

Result<std::expected<std::unique_ptr<wit::types::UdpSocket>, wit::types::ErrorCode>>
TypesInterface::udp_socket_create(wit::types::IpAddressFamily address_family) {
  auto socket = sockets::UdpSocket::create(context_.network(), from_wit(address_family));
  if (!socket) return guest_error(to_wit(socket.error()));
  return std::make_unique<UdpSocketHandle>(context_.loop(), std::move(*socket));
}

}  // namespace wasmcloud::wasi::sockets::v0_3
