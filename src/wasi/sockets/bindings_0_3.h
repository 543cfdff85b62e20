#pragma once

#include "bindings/wasi/sockets_0_3/ip_name_lookup.h"
#include "bindings/wasi/sockets_0_3/types.h"

namespace wasmcloud::wasi {
class Context;
}

// wasi:sockets 0.3 over the sockets of this folder.
namespace wasmcloud::wasi::sockets::v0_3 {

namespace wit = wasmcloud::wit::wasi::sockets_0_3;

class TypesInterface final : public wit::types::Interface {
 public:
  explicit TypesInterface(Context& context) : context_(context) {}
  Result<std::expected<std::unique_ptr<wit::types::TcpSocket>, wit::types::ErrorCode>>
  tcp_socket_create(wit::types::IpAddressFamily address_family) override;
  Result<std::expected<std::unique_ptr<wit::types::UdpSocket>, wit::types::ErrorCode>>
  udp_socket_create(wit::types::IpAddressFamily address_family) override;

 private:
  Context& context_;
};

class IpNameLookupInterface final : public wit::ip_name_lookup::Interface {
 public:
  explicit IpNameLookupInterface(Context& context) : context_(context) {}
  Task<std::expected<std::vector<wit::types::IpAddress>, wit::ip_name_lookup::ErrorCode>>
  resolve_addresses(std::string name) override;

 private:
  Context& context_;
};

}  // namespace wasmcloud::wasi::sockets::v0_3
