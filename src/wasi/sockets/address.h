#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wasmcloud::wasi::sockets {

enum class Family : uint8_t { V4, V6 };

/// An IP address in network byte order; the first four bytes where it is of IPv4.
struct Ip {
  Family family = Family::V4;
  std::array<uint8_t, 16> bytes{};

  static Ip v4(uint8_t a, uint8_t b, uint8_t c, uint8_t d) { return {Family::V4, {a, b, c, d}}; }
  /// Text without a port or brackets.
  static std::optional<Ip> parse(std::string_view text);
  bool operator==(const Ip&) const = default;

  bool is_unspecified() const;
  bool is_loopback() const;
  bool is_multicast() const;
  bool is_broadcast() const;
  /// ::ffff:a.b.c.d, which WASI never lets through: it would reach IPv4 from an IPv6 socket.
  bool is_v4_mapped() const;
  /// The IPv4 address inside a mapped one; itself otherwise.
  Ip unmapped() const;
  /// Loopback, link-local, unspecified, multicast, broadcast, documentation and reserved ranges and
  /// the clouds' metadata addresses: what no "any address" covers.
  bool is_special() const;
  std::string text() const;
};

struct Endpoint {
  Ip ip;
  uint16_t port = 0;
  uint32_t flow_info = 0;
  uint32_t scope_id = 0;
  bool operator==(const Endpoint&) const = default;
};

/// As system calls take it.
struct SystemAddress {
  sockaddr_storage storage{};
  socklen_t size = sizeof(sockaddr_storage);

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

SystemAddress to_system(const Endpoint& endpoint);
/// Nothing for a family that is neither IPv4 nor IPv6.
std::optional<Endpoint> from_system(const SystemAddress& address);

}  // namespace wasmcloud::wasi::sockets
