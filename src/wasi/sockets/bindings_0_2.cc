#include "wasi/sockets/bindings_0_2.h"

#include "component/guest_result.h"

namespace wasmcloud::wasi::sockets::v0_2 {
namespace {

using component::guest_error;
using wit::network::ErrorCode;

class NetworkHandle final : public wit::network::Network {};

}  // namespace

Result<std::optional<ErrorCode>> NetworkInterface::network_error_code(wit::network::Error&) {
  // No stream comes from a socket.
  return std::nullopt;
}

Result<std::unique_ptr<wit::network::Network>> InstanceNetworkInterface::instance_network() {
  return std::make_unique<NetworkHandle>();
}

Result<std::expected<std::unique_ptr<wit::tcp::TcpSocket>, ErrorCode>>
TcpCreateSocketInterface::create_tcp_socket(wit::network::IpAddressFamily) {
  return guest_error(ErrorCode::AccessDenied);
}

Result<std::expected<std::unique_ptr<wit::udp::UdpSocket>, ErrorCode>>
UdpCreateSocketInterface::create_udp_socket(wit::network::IpAddressFamily) {
  return guest_error(ErrorCode::AccessDenied);
}

Result<std::expected<std::unique_ptr<wit::ip_name_lookup::ResolveAddressStream>, ErrorCode>>
IpNameLookupInterface::resolve_addresses(wit::network::Network&, std::string_view) {
  return guest_error(ErrorCode::AccessDenied);
}

}  // namespace wasmcloud::wasi::sockets::v0_2
