#pragma once

#include "component/abi/compound.h"
#include "component/guest_resource.h"

#include <concepts>

/// How resources that guests implement cross the boundary.
namespace wasmcloud::component::abi {

GuestResource::Home take_resource(Lift& in, uint32_t handle, const HostResourceType& name,
                                  uint32_t& representation);
uint32_t give_resource(Lower& out, const GuestResource* resource, const HostResourceType& name);
uint32_t lend_resource(Lower& out, const GuestResource* resource, const HostResourceType& name);

/// own<R>
template <std::derived_from<GuestResource> R>
struct Type<std::unique_ptr<R>> {
  static constexpr uint32_t kSize = 4;
  static constexpr uint32_t kAlign = 4;
  static constexpr uint32_t kFlat = 1;
  static constexpr bool kPlain = false;
  static constexpr TypeDescription kDescription{TypeDescription::Kind::OwnOfGuest, {}, &R::kType};
  static void lift(Lift& in, const RawValue* flat, std::unique_ptr<R>& out) {
    set(in, flat->u32, out);
  }
  static void load(Lift& in, uint32_t at, std::unique_ptr<R>& out) {
    set(in, in.get<uint32_t>(at), out);
  }
  static void lower(Lower& out, std::unique_ptr<R>& value, RawValue* flat) {
    flat->u32 = give_resource(out, value.get(), R::kType);
    value.reset();
  }
  static void store(Lower& out, std::unique_ptr<R>& value, uint32_t at) {
    out.put<uint32_t>(at, give_resource(out, value.get(), R::kType));
    value.reset();
  }

 private:
  static void set(Lift& in, uint32_t handle, std::unique_ptr<R>& out) {
    uint32_t representation = 0;
    const GuestResource::Home home = take_resource(in, handle, R::kType, representation);
    if (home.type != nullptr) out = std::make_unique<R>(home, representation);
  }
};

/// borrow<R>, for arguments: results have none.
template <std::derived_from<GuestResource> R>
struct Type<R*> {
  static constexpr uint32_t kSize = 4;
  static constexpr uint32_t kAlign = 4;
  static constexpr uint32_t kFlat = 1;
  static constexpr bool kPlain = false;
  static constexpr TypeDescription kDescription{
      TypeDescription::Kind::BorrowOfGuest, {}, &R::kType};
  static void lower(Lower& out, R*& value, RawValue* flat) {
    flat->u32 = lend_resource(out, value, R::kType);
  }
  static void store(Lower& out, R*& value, uint32_t at) {
    out.put<uint32_t>(at, lend_resource(out, value, R::kType));
  }
};

}  // namespace wasmcloud::component::abi
