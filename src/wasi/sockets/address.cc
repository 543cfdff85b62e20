#include "wasi/sockets/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <span>

namespace wasmcloud::wasi::sockets {
namespace {

struct Range {
  Family family;
  std::array<uint8_t, 16> prefix;
  unsigned bits;
};

constexpr std::array kSpecial{
    Range{Family::V4, {0}, 8},                        // "this network", unspecified
    Range{Family::V4, {127}, 8},                      // loopback
    Range{Family::V4, {169, 254}, 16},                // link-local, metadata of clouds
    Range{Family::V4, {192, 0, 2}, 24},               // documentation
    Range{Family::V4, {198, 51, 100}, 24},            // documentation
    Range{Family::V4, {203, 0, 113}, 24},             // documentation
    Range{Family::V4, {224}, 4},                      // multicast
    Range{Family::V4, {240}, 4},                      // reserved, broadcast
    Range{Family::V6, {}, 127},                       // unspecified, loopback
    Range{Family::V6, {0xfe, 0x80}, 10},              // link-local
    Range{Family::V6, {0xff}, 8},                     // multicast
    Range{Family::V6, {0x20, 0x01, 0x0d, 0xb8}, 32},  // documentation
    Range{
        Family::V6, {0xfd, 0, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0x54}, 128},  // metadata
};

bool lies_in(const Ip& ip, const Range& range) {
  if (ip.family != range.family) return false;
  for (unsigned bit = 0; bit < range.bits; bit += 8) {
    const unsigned left = std::min(8U, range.bits - bit);
    const auto mask = static_cast<uint8_t>(0xff00U >> left);
    if (((ip.bytes[bit / 8] ^ range.prefix[bit / 8]) & mask) != 0) return false;
  }
  return true;
}

bool all_zero(std::span<const uint8_t> bytes) {
  return std::ranges::all_of(bytes, [](uint8_t byte) { return byte == 0; });
}

}  // namespace

std::optional<Ip> Ip::parse(std::string_view text) {
  const std::string terminated(text);
  Ip ip;
  if (::inet_pton(AF_INET, terminated.c_str(), ip.bytes.data()) == 1) return ip;
  ip.family = Family::V6;
  if (::inet_pton(AF_INET6, terminated.c_str(), ip.bytes.data()) == 1) return ip;
  return std::nullopt;
}

bool Ip::is_unspecified() const { return all_zero(bytes); }
bool Ip::is_loopback() const {
  if (family == Family::V4) return bytes[0] == 127;
  return all_zero(std::span(bytes).first(15)) && bytes[15] == 1;
}
bool Ip::is_multicast() const {
  return family == Family::V4 ? (bytes[0] & 0xf0U) == 0xe0 : bytes[0] == 0xff;
}
bool Ip::is_broadcast() const { return *this == v4(255, 255, 255, 255); }
bool Ip::is_v4_mapped() const {
  return family == Family::V6 && all_zero(std::span(bytes).first(10)) && bytes[10] == 0xff &&
         bytes[11] == 0xff;
}
Ip Ip::unmapped() const {
  return is_v4_mapped() ? v4(bytes[12], bytes[13], bytes[14], bytes[15]) : *this;
}
bool Ip::is_special() const {
  const Ip plain = unmapped();
  return std::ranges::any_of(kSpecial, [&](const Range& range) { return lies_in(plain, range); });
}

std::string Ip::text() const {
  std::array<char, INET6_ADDRSTRLEN> out{};
  ::inet_ntop(family == Family::V4 ? AF_INET : AF_INET6, bytes.data(), out.data(), out.size());
  return out.data();
}

SystemAddress to_system(const Endpoint& endpoint) {
  SystemAddress out;
  if (endpoint.ip.family == Family::V4) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(endpoint.port);
    std::memcpy(&v4.sin_addr, endpoint.ip.bytes.data(), sizeof(v4.sin_addr));
    std::memcpy(&out.storage, &v4, sizeof(v4));
    out.size = sizeof(v4);
  } else {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(endpoint.port);
    v6.sin6_flowinfo = htonl(endpoint.flow_info);
    v6.sin6_scope_id = endpoint.scope_id;
    std::memcpy(&v6.sin6_addr, endpoint.ip.bytes.data(), sizeof(v6.sin6_addr));
    std::memcpy(&out.storage, &v6, sizeof(v6));
    out.size = sizeof(v6);
  }
  return out;
}

std::optional<Endpoint> from_system(const SystemAddress& address) {
  Endpoint out;
  if (address.storage.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address.storage, sizeof(v4));
    out.port = ntohs(v4.sin_port);
    std::memcpy(out.ip.bytes.data(), &v4.sin_addr, sizeof(v4.sin_addr));
    return out;
  }
  if (address.storage.ss_family != AF_INET6) return std::nullopt;
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address.storage, sizeof(v6));
  out.ip.family = Family::V6;
  out.port = ntohs(v6.sin6_port);
  out.flow_info = ntohl(v6.sin6_flowinfo);
  out.scope_id = v6.sin6_scope_id;
  std::memcpy(out.ip.bytes.data(), &v6.sin6_addr, sizeof(v6.sin6_addr));
  return out;
}

}  // namespace wasmcloud::wasi::sockets
