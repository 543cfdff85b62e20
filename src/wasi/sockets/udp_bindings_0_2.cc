#include "wasi/context.h"
#include "wasi/io/bindings_0_2.h"
#include "wasi/sockets/bindings_0_2.h"
#include "wasi/sockets/detail/convert_0_2.h"
#include "wasi/sockets/udp_socket.h"

namespace wasmcloud::wasi::sockets::v0_2 {
namespace {

using component::guest_error;
using wit::network::ErrorCode;
using wit::network::IpSocketAddress;
using wit::network::Network;
using Pollable = std::unique_ptr<wit::udp::Pollable>;

class IncomingHandle final : public wit::udp::IncomingDatagramStream {
 public:
  IncomingHandle(Loop& loop, Ref<IncomingDatagrams> stream)
      : loop_(loop), stream_(std::move(stream)) {}

  Result<std::expected<std::vector<wit::udp::IncomingDatagram>, ErrorCode>> receive(
      uint64_t max) override {
    auto received = stream_->receive(max);
    if (!received) return guest_error(to_wit(received.error()));
    std::vector<wit::udp::IncomingDatagram> out;
    out.reserve(received->size());
    for (Datagram& each : *received) {
      out.push_back({.data = std::move(each.data), .remote_address = to_wit(each.remote)});
    }
    return out;
  }
  Result<Pollable> subscribe() override { return io::v0_2::make_pollable(loop_, stream_); }

 private:
  Loop& loop_;
  Ref<IncomingDatagrams> stream_;
};

class OutgoingHandle final : public wit::udp::OutgoingDatagramStream {
 public:
  OutgoingHandle(Loop& loop, Ref<OutgoingDatagrams> stream)
      : loop_(loop), stream_(std::move(stream)) {}

  Result<std::expected<uint64_t, ErrorCode>> check_send() override {
    return told(stream_->check_send());
  }
  Result<std::expected<uint64_t, ErrorCode>> send(
      std::vector<wit::udp::OutgoingDatagram> datagrams) override {
    std::vector<OutgoingDatagrams::Item> items;
    items.reserve(datagrams.size());
    for (auto& each : datagrams) {
      items.push_back({.data = std::move(each.data),
                       .remote = each.remote_address.transform(
                           [](const IpSocketAddress& address) { return from_wit(address); })});
    }
    return told(TRY(stream_->send(items)));
  }
  Result<Pollable> subscribe() override { return io::v0_2::make_pollable(loop_, stream_); }

 private:
  Loop& loop_;
  Ref<OutgoingDatagrams> stream_;
};

class UdpSocketHandle final : public wit::udp::UdpSocket {
 public:
  UdpSocketHandle(Loop& loop, Ref<sockets::UdpSocket> socket)
      : loop_(loop), socket_(std::move(socket)) {}

  Result<std::expected<void, ErrorCode>> start_bind(Network&, IpSocketAddress local) override {
    return told(socket_->start_bind(from_wit(local)));
  }
  Result<std::expected<void, ErrorCode>> finish_bind() override {
    return told(socket_->finish_bind());
  }
  Result<std::expected<std::tuple<std::unique_ptr<wit::udp::IncomingDatagramStream>,
                                  std::unique_ptr<wit::udp::OutgoingDatagramStream>>,
                       ErrorCode>>
  stream(std::optional<IpSocketAddress> remote) override {
    const auto generation = socket_->associate(
        remote.transform([](const IpSocketAddress& address) { return from_wit(address); }));
    if (!generation) return guest_error(to_wit(generation.error()));
    return std::tuple<std::unique_ptr<wit::udp::IncomingDatagramStream>,
                      std::unique_ptr<wit::udp::OutgoingDatagramStream>>(
        std::make_unique<IncomingHandle>(loop_, make_ref<IncomingDatagrams>(socket_, *generation)),
        std::make_unique<OutgoingHandle>(loop_, make_ref<OutgoingDatagrams>(socket_, *generation)));
  }
  Result<std::expected<IpSocketAddress, ErrorCode>> local_address() override {
    return told(socket_->local_address());
  }
  Result<std::expected<IpSocketAddress, ErrorCode>> remote_address() override {
    return told(socket_->remote_address());
  }
  Result<wit::network::IpAddressFamily> address_family() override {
    return to_wit(socket_->family());
  }
  Result<std::expected<uint8_t, ErrorCode>> unicast_hop_limit() override {
    return told(socket_->hop_limit());
  }
  Result<std::expected<void, ErrorCode>> set_unicast_hop_limit(uint8_t value) override {
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
  Result<Pollable> subscribe() override { return io::v0_2::make_pollable(loop_, socket_); }

 private:
  Loop& loop_;
  Ref<sockets::UdpSocket> socket_;
};

}  // namespace

Result<std::expected<std::unique_ptr<wit::udp::UdpSocket>, ErrorCode>>
UdpCreateSocketInterface::create_udp_socket(wit::network::IpAddressFamily family) {
  auto socket = sockets::UdpSocket::create(context_.network(), from_wit(family));
  if (!socket) return guest_error(to_wit(socket.error()));
  return std::make_unique<UdpSocketHandle>(context_.loop(), std::move(*socket));
}

}  // namespace wasmcloud::wasi::sockets::v0_2
