#pragma once

#include "bindings/wasi/sockets_0_2/instance_network.h"
#include "bindings/wasi/sockets_0_2/ip_name_lookup.h"
#include "bindings/wasi/sockets_0_2/network.h"
#include "bindings/wasi/sockets_0_2/tcp.h"
#include "bindings/wasi/sockets_0_2/tcp_create_socket.h"
#include "bindings/wasi/sockets_0_2/udp.h"
#include "bindings/wasi/sockets_0_2/udp_create_socket.h"

namespace wasmcloud::wasi {
class Context;
}

// wasi:sockets 0.2 over the sockets of this folder. An instance has one network, so a socket
// cannot be attached to another than the one it was bound by.
namespace wasmcloud::wasi::sockets::v0_2 {

namespace wit = wasmcloud::wit::wasi::sockets_0_2;

class NetworkInterface final : public wit::network::Interface {
 public:
  Result<std::optional<wit::network::ErrorCode>> network_error_code(
      wit::network::Error& err) override;
};

class InstanceNetworkInterface final : public wit::instance_network::Interface {
 public:
  Result<std::unique_ptr<wit::network::Network>> instance_network() override;
};

class TcpCreateSocketInterface final : public wit::tcp_create_socket::Interface {
 public:
  explicit TcpCreateSocketInterface(Context& context) : context_(context) {}
  Result<std::expected<std::unique_ptr<wit::tcp::TcpSocket>, wit::network::ErrorCode>>
  create_tcp_socket(wit::network::IpAddressFamily address_family) override;

 private:
  Context& context_;
};

class UdpCreateSocketInterface final : public wit::udp_create_socket::Interface {
 public:
  explicit UdpCreateSocketInterface(Context& context) : context_(context) {}
  Result<std::expected<std::unique_ptr<wit::udp::UdpSocket>, wit::network::ErrorCode>>
  create_udp_socket(wit::network::IpAddressFamily address_family) override;

 private:
  Context& context_;
};

class IpNameLookupInterface final : public wit::ip_name_lookup::Interface {
 public:
  explicit IpNameLookupInterface(Context& context) : context_(context) {}
  Result<std::expected<std::unique_ptr<wit::ip_name_lookup::ResolveAddressStream>,
                       wit::network::ErrorCode>>
  resolve_addresses(wit::network::Network& network, std::string_view name) override;

 private:
  Context& context_;
};

}  // namespace wasmcloud::wasi::sockets::v0_2
