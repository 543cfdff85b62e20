#include "component/abi/guest_resources.h"

#include "component/handle_table.h"

namespace wasmcloud::component::abi {
namespace {

/// Where `resource` goes to; must be where it came from.
Result<GuestResource::Home> home_for(CanonicalContext& context, const GuestResource* resource,
                                     const HostResourceType& name) {
  if (resource == nullptr) {
    return fail(Errc::Invalid, "there is no {} of {}", name.name, name.interface);
  }
  const GuestResource::Home home = TRY(context.home_of(name));
  if (resource->home() != home) {
    return fail(Errc::Invalid, "the {} of {} belongs to another instance", name.name,
                name.interface);
  }
  return home;
}

Result<uint32_t> give(CanonicalContext& context, const GuestResource* resource,
                      const HostResourceType& name) {
  const GuestResource::Home home = TRY(home_for(context, resource, name));
  return context.handles().add_own(*home.type, {.number = resource->representation()});
}

// Canonical ABI, "lower_borrow": whoever implements a resource gets its representation.
Result<uint32_t> lend(CanonicalContext& context, const GuestResource* resource,
                      const HostResourceType& name) {
  const GuestResource::Home home = TRY(home_for(context, resource, name));
  if (context.implements(*home.type)) return resource->representation();
  return context.handles().add_borrow(*home.type, {.number = resource->representation()},
                                      context.borrows());
}

/// The handle, or 0 and an error.
uint32_t keep_error(Lower& out, Result<uint32_t> handle) {
  if (handle) return *handle;
  out.set_error(std::move(handle).error());
  return 0;
}

}  // namespace

GuestResource::Home take_resource(Lift& in, uint32_t handle, const HostResourceType& name,
                                  uint32_t& representation) {
  if (in.failed()) return {};
  auto home = in.context().home_of(name);
  if (!home) {
    in.set_error(std::move(home).error());
    return {};
  }
  auto taken = in.context().handles().remove_own(handle, *home->type);
  if (!taken) {
    in.set_error(std::move(taken).error());
    return {};
  }
  representation = taken->number;
  return *home;
}

uint32_t give_resource(Lower& out, const GuestResource* resource, const HostResourceType& name) {
  return out.failed() ? 0 : keep_error(out, give(out.context(), resource, name));
}

uint32_t lend_resource(Lower& out, const GuestResource* resource, const HostResourceType& name) {
  return out.failed() ? 0 : keep_error(out, lend(out.context(), resource, name));
}

}  // namespace wasmcloud::component::abi
