#include "wasi/sockets/bindings_0_2.h"

#include "wasi/context.h"
#include "wasi/io/bindings_0_2.h"
#include "wasi/sockets/detail/convert_0_2.h"
#include "wasi/sockets/name_lookup.h"

namespace wasmcloud::wasi::sockets::v0_2 {
namespace {

using component::guest_error;
using wit::network::ErrorCode;

class NetworkHandle final : public wit::network::Network {};

class ResolveAddressStreamHandle final : public wit::ip_name_lookup::ResolveAddressStream {
 public:
  ResolveAddressStreamHandle(Loop& loop, Ref<NameLookup> lookup)
      : loop_(loop), lookup_(std::move(lookup)) {}

  Result<std::expected<std::optional<wit::network::IpAddress>, ErrorCode>> resolve_next_address()
      override {
    const auto next = lookup_->next();
    if (!next) return guest_error(to_wit(next.error()));
    return next->transform([](const Ip& ip) { return to_wit(ip); });
  }
  Result<std::unique_ptr<wit::ip_name_lookup::Pollable>> subscribe() override {
    return io::v0_2::make_pollable(loop_, lookup_);
  }

 private:
  Loop& loop_;
  Ref<NameLookup> lookup_;
};

}  // namespace

Result<std::optional<ErrorCode>> NetworkInterface::network_error_code(wit::network::Error& err) {
  const auto& handle = io::v0_2::ErrorHandle::of(err);
  if (handle.origin() != io::Origin::Sockets) return std::nullopt;
  return to_wit(from_errno(handle.error().number()));
}

Result<std::unique_ptr<wit::network::Network>> InstanceNetworkInterface::instance_network() {
  return std::make_unique<NetworkHandle>();
}

Result<std::expected<std::unique_ptr<wit::ip_name_lookup::ResolveAddressStream>, ErrorCode>>
IpNameLookupInterface::resolve_addresses(wit::network::Network&, std::string_view name) {
  auto lookup = NameLookup::start(context_.network(), name);
  // 0.2 has no word of its own for what is not allowed.
  if (lookup == refuse(sockets::ErrorCode::AccessDenied)) {
    return guest_error(ErrorCode::PermanentResolverFailure);
  }
  if (!lookup) return guest_error(to_wit(lookup.error()));
  return std::make_unique<ResolveAddressStreamHandle>(context_.loop(), std::move(*lookup));
}

}  // namespace wasmcloud::wasi::sockets::v0_2
