#pragma once

#include "base/error.h"
#include "component/resource_type.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace wasmcloud::component {

/// The handle table of one component instance (canonical ABI, "Tables"). Index 0 is never used; the
/// index freed last is used first.
class HandleTable {
 public:
  static constexpr uint32_t kMaxEntries = (1u << 28) - 1;

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
    ResourceType type = {};
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
