#pragma once

#include "base/error.h"
#include "base/recycled.h"
#include "component/resource_type.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace wasmcloud::component {

/// What a table holds besides resources (canonical ABI, "Table"): what tasks wait for or with.
class TableItem : public Recycled {
 public:
  enum class Kind : uint8_t {
    Subtask,
    ReadableStream,
    WritableStream,
    ReadableFuture,
    WritableFuture,
    WaitableSet,
    ErrorContext,
  };

  explicit TableItem(Kind kind) : kind_(kind) {}
  TableItem(const TableItem&) = delete;
  TableItem& operator=(const TableItem&) = delete;
  virtual ~TableItem() = default;

  Kind kind() const { return kind_; }

 private:
  Kind kind_;
};
/// As in messages: "a readable stream".
std::string_view name_of(TableItem::Kind kind);

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

  // --- entries that are no resources

  Result<uint32_t> add_item(std::unique_ptr<TableItem> item);
  /// Errors: Errc::Trap for an index without an entry, and for a resource, where `wanted` should
  /// be.
  Result<TableItem*> item(uint32_t index, std::string_view wanted) const;
  /// Errors: Errc::Trap for anything but a `kind`.
  Result<TableItem*> item(uint32_t index, TableItem::Kind kind) const;
  /// Takes out what `item` found.
  std::unique_ptr<TableItem> remove_item(uint32_t index);

  template <class F>
  void for_each_item(F visit) const {
    for (const Entry& entry : entries_) {
      if (entry.kind == Kind::Item) visit(*entry.representation.item);
    }
  }

  /// Live entries.
  uint32_t size() const { return live_; }
  /// Errc::Limit from `add_*` above this many live entries.
  void set_limit(uint32_t entries) { limit_ = entries; }

 private:
  enum class Kind : uint8_t { Free, Own, Borrow, Item };
  struct Entry {
    Kind kind = Kind::Free;
    uint32_t lends = 0;  ///< of a free entry: the next free index
    ResourceType type = {};
    Representation representation{};
    BorrowScope* scope = nullptr;
  };

  Result<uint32_t> add(Entry entry);
  Result<const Entry*> at(uint32_t index) const;
  Result<const Entry*> find(uint32_t index, ResourceType type) const;
  void free(uint32_t index);

  std::vector<Entry> entries_;  ///< entry i has index i + 1
  uint32_t first_free_ = 0;
  uint32_t live_ = 0;
  uint32_t limit_ = kMaxEntries;
};

/// The item at `index`, which must be of `kind`: an `Item`. Errors: Errc::Trap.
template <class Item>
Result<Item*> find_item(HandleTable& table, uint32_t index, TableItem::Kind kind) {
  return static_cast<Item*>(TRY(table.item(index, kind)));
}

}  // namespace wasmcloud::component
