#pragma once

#include "base/error.h"
#include "component/canonical_context.h"
#include "component/host_resource.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace wasmcloud::component {

/// A resource type defined by a guest, at run time: one for each definition of each component
/// instance of a prepared component. Its identity is its address.
struct GuestResourceType {
  std::string name;           ///< for messages
  uint32_t instance = 0;      ///< the component instance that implements it
  uint32_t destructor = ~0u;  ///< slot of the core function, or none
};

/// The run-time identity of a resource type: a host's or a guest's.
class ResourceType {
 public:
  constexpr ResourceType() = default;
  constexpr ResourceType(const HostResourceType& type) : address_(&type), host_(true) {}
  constexpr ResourceType(const GuestResourceType& type) : address_(&type), host_(false) {}

  bool is_host() const { return host_; }
  const HostResourceType* host() const {
    return host_ ? static_cast<const HostResourceType*>(address_) : nullptr;
  }
  const GuestResourceType* guest() const {
    return host_ ? nullptr : static_cast<const GuestResourceType*>(address_);
  }
  std::string name() const;
  friend bool operator==(const ResourceType& a, const ResourceType& b) {
    return a.address_ == b.address_;
  }

 private:
  const void* address_ = nullptr;
  bool host_ = false;
};

/// The handle table of one component instance (canonical ABI, "Tables"). Index 0 is never used; the
/// index freed last is used first.
class HandleTable {
 public:
  static constexpr uint32_t kMaxEntries = (1u << 28) - 1;

  /// What a handle stands for: a guest's number or a host's object.
  union Representation {
    uint32_t number;
    HostResource* object;
  };

  /// What `drop` found. The caller runs the destructor, if there is one to run.
  struct Dropped {
    Representation representation;
    bool owned;
  };

  HandleTable() = default;
  HandleTable(const HandleTable&) = delete;
  HandleTable& operator=(const HandleTable&) = delete;
  /// Host objects that are still owned are destroyed; guests' destructors do not run.
  ~HandleTable();

  Result<uint32_t> add_own(ResourceType type, Representation representation);
  /// `scope` must outlive the entry.
  Result<uint32_t> add_borrow(ResourceType type, Representation representation, BorrowScope& scope);

  /// resource.rep, and the object behind any handle.
  Result<Representation> representation(uint32_t index, ResourceType type) const;
  /// Lifts an own handle.
  Result<Representation> remove_own(uint32_t index, ResourceType type);
  /// Lifts a borrow: counts a lend that `end_lend` takes back.
  Result<Representation> begin_lend(uint32_t index, ResourceType type);
  void end_lend(uint32_t index);
  /// resource.drop: the entry is gone.
  Result<Dropped> drop(uint32_t index, ResourceType type);

  /// Live entries.
  uint32_t size() const { return live_; }
  /// Errc::Limit from `add_*` above this many live entries.
  void set_limit(uint32_t entries) { limit_ = entries; }

 private:
  enum class Kind : uint8_t { Free, Own, Borrow };
  struct Entry {
    Kind kind = Kind::Free;
    uint32_t lends = 0;  ///< of a free entry: the next free index
    ResourceType type{};
    Representation representation{};
    BorrowScope* scope = nullptr;
  };

  Result<uint32_t> add(Entry entry);
  Result<const Entry*> find(uint32_t index, ResourceType type) const;
  void free(uint32_t index);

  std::vector<Entry> entries_;  ///< entry i has index i + 1
  uint32_t first_free_ = 0;
  uint32_t live_ = 0;
  uint32_t limit_ = kMaxEntries;
};

}  // namespace wasmcloud::component
