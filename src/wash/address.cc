#include "wash/address.h"

#include "http/authority.h"

#include <arpa/inet.h>

#include <charconv>

namespace wasmcloud::wash {

std::string Address::text() const { return http::join_authority(ip, port); }

std::string Address::url(std::string_view scheme) const {
  Address shown = *this;
  if (ip == "0.0.0.0") shown.ip = "127.0.0.1";
  if (ip == "::") shown.ip = "::1";
  return fmt::format("{}://{}", scheme, shown.text());
}

Result<Address> parse_address(std::string_view text) {
  const auto invalid = [text] {
    return fail(
        Errc::Invalid,
        "'{}' is no address to listen on; expected IP:PORT, such as 127.0.0.1:8000 or [::1]:8000",
        text);
  };
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return invalid();
  Address address;
  std::string_view ip = text.substr(0, colon);
  if (ip.starts_with('[') && ip.ends_with(']')) {
    address.is_ipv6 = true;
    ip = ip.substr(1, ip.size() - 2);
  }
  address.ip = ip;
  in6_addr parsed;
  if (::inet_pton(address.is_ipv6 ? AF_INET6 : AF_INET, address.ip.c_str(), &parsed) != 1)
    return invalid();
  const std::string_view port = text.substr(colon + 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (error != std::errc() || end != port.data() + port.size() || port.empty()) return invalid();
  return address;
}

}  // namespace wasmcloud::wash
