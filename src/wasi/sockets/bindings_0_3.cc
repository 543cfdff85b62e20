#include "wasi/sockets/bindings_0_3.h"

#include "wasi/context.h"
#include "wasi/sockets/detail/convert_0_3.h"
#include "wasi/sockets/name_lookup.h"

namespace wasmcloud::wasi::sockets::v0_3 {

using component::guest_error;

Task<std::expected<std::vector<wit::types::IpAddress>, wit::ip_name_lookup::ErrorCode>>
IpNameLookupInterface::resolve_addresses(std::string name) {
  const auto lookup = NameLookup::start(context_.network(), name);
  if (!lookup) co_return guest_error(to_lookup_code(lookup.error()));
  CO_TRY(co_await io::wait_for(context_.loop(), **lookup));
  const auto& found = (*lookup)->addresses();
  if (!found) co_return guest_error(to_lookup_code(found.error()));
  std::vector<wit::types::IpAddress> addresses;
  for (const Ip& ip : *found) addresses.push_back(to_wit(ip));
  co_return addresses;
}

}  // namespace wasmcloud::wasi::sockets::v0_3
