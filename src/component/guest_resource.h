#pragma once

#include "component/resource_type.h"

#include <cstdint>

namespace wasmcloud::component {

/// Base of the resources that guests implement, as the host holds them between calls: an own handle
/// outside of any table, of one instance. Bindings derive a class for each resource; what it does
/// is in their `Guest`.
///
/// Letting go of it does not run the guest's destructor, which may wait: `Instance::drop` does.
/// What is not dropped the guest keeps until its instance ends. Where it was borrowed by an async
/// call, it stays until that has resolved.
///
/// Thread: the instance's loop.
class GuestResource {
 public:
  /// Where one came from, or may go to: the type as one instance knows it.
  struct Home {
    const GuestResourceType* type = nullptr;
    const void* instance = nullptr;  ///< only compared
    friend bool operator==(const Home&, const Home&) = default;
  };

  GuestResource(const Home& home, uint32_t representation)
      : home_(home), representation_(representation) {}
  virtual ~GuestResource() = default;
  GuestResource(const GuestResource&) = delete;
  GuestResource& operator=(const GuestResource&) = delete;

  const Home& home() const { return home_; }
  uint32_t representation() const { return representation_; }

 private:
  Home home_;
  uint32_t representation_;
};

}  // namespace wasmcloud::component
