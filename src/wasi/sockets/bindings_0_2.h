#pragma once

#include "bindings/wasi/sockets_0_2/instance_network.h"
#include "bindings/wasi/sockets_0_2/ip_name_lookup.h"
#include "bindings/wasi/sockets_0_2/network.h"
#include "bindings/wasi/sockets_0_2/tcp.h"
#include "bindings/wasi/sockets_0_2/tcp_create_socket.h"
#include "bindings/wasi/sockets_0_2/udp.h"
#include "bindings/wasi/sockets_0_2/udp_create_socket.h"

// Guests have no network yet: standard libraries import sockets whether they use them or not, so
// all of it links, and whoever opens a socket or looks up a name is told that it may not.
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
  Result<std::expected<std::unique_ptr<wit::tcp::TcpSocket>, wit::network::ErrorCode>>
  create_tcp_socket(wit::network::IpAddressFamily address_family) override;
};

class UdpCreateSocketInterface final : public wit::udp_create_socket::Interface {
 public:
  Result<std::expected<std::unique_ptr<wit::udp::UdpSocket>, wit::network::ErrorCode>>
  create_udp_socket(wit::network::IpAddressFamily address_family) override;
};

class IpNameLookupInterface final : public wit::ip_name_lookup::Interface {
 public:
  Result<std::expected<std::unique_ptr<wit::ip_name_lookup::ResolveAddressStream>,
                       wit::network::ErrorCode>>
  resolve_addresses(wit::network::Network& network, std::string_view name) override;
};

}  // namespace wasmcloud::wasi::sockets::v0_2
