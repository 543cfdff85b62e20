#pragma once

#include "component/host_resource.h"

#include <cstdint>
#include <string>

namespace wasmcloud::component {

/// Stands for "no slot".
inline constexpr uint32_t kNoSlot = ~uint32_t{0};

/// A resource type defined by a guest, at run time: one for each definition of each component
/// instance of a prepared component. Its identity is its address.
struct GuestResourceType {
  std::string name;               ///< for messages
  uint32_t instance = 0;          ///< the component instance that implements it
  uint32_t destructor = kNoSlot;  ///< slot of the core function
};

/// The run-time identity of a resource type: a host's or a guest's.
class ResourceType {
 public:
  constexpr ResourceType() = default;
  constexpr ResourceType(const HostResourceType& type) : address_(&type), host_(true) {}
  constexpr ResourceType(const GuestResourceType& type) : address_(&type), host_(false) {}

  bool is_host() const { return host_; }
  bool is_none() const { return address_ == nullptr; }
  const HostResourceType* host() const {
    return host_ ? static_cast<const HostResourceType*>(address_) : nullptr;
  }
  const GuestResourceType* guest() const {
    return host_ ? nullptr : static_cast<const GuestResourceType*>(address_);
  }
  const void* address() const { return address_; }
  std::string name() const;
  friend bool operator==(const ResourceType& a, const ResourceType& b) {
    return a.address_ == b.address_;
  }

 private:
  const void* address_ = nullptr;
  bool host_ = false;
};

class TableItem;

/// What a handle stands for: a guest's number or a host's object; or else no resource.
union Representation {
  uint32_t number;
  HostResource* object;
  TableItem* item;
};

/// What a task owes: the borrow handles that its instance got as arguments and has not dropped.
struct BorrowScope {
  uint32_t open = 0;
};

}  // namespace wasmcloud::component
