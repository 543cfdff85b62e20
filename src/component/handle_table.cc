#include "component/handle_table.h"

#include "base/check.h"

#include <fmt/core.h>

#include <utility>

namespace wasmcloud::component {

std::string ResourceType::name() const {
  if (address_ == nullptr) return "no resource";
  if (const HostResourceType* type = host())
    return fmt::format("{}.{}", type->interface, type->name);
  return guest()->name;
}

std::string_view name_of(TableItem::Kind kind) {
  switch (kind) {
    case TableItem::Kind::Subtask:
      return "a subtask";
    case TableItem::Kind::ReadableStream:
      return "a readable stream";
    case TableItem::Kind::WritableStream:
      return "a writable stream";
    case TableItem::Kind::ReadableFuture:
      return "a readable future";
    case TableItem::Kind::WritableFuture:
      return "a writable future";
    case TableItem::Kind::WaitableSet:
      return "a waitable set";
    case TableItem::Kind::ErrorContext:
      return "an error context";
  }
  return "";
}

HandleTable::~HandleTable() {
  // What lies in a table may look at others of it, so nothing of it is found any more.
  for (Entry& entry : std::exchange(entries_, {})) {
    if (entry.kind == Kind::Own && entry.type.is_host()) delete entry.representation.object;
    if (entry.kind == Kind::Item) delete entry.representation.item;
  }
}

Result<uint32_t> HandleTable::add(Entry entry) {
  if (live_ >= limit_) {
    return fail(Errc::Limit, "the component instance's limit of {} handles is reached", limit_);
  }
  ++live_;
  if (first_free_ == 0) {
    entries_.push_back(entry);
    return static_cast<uint32_t>(entries_.size());
  }
  const uint32_t index = first_free_;
  Entry& place = entries_[index - 1];
  first_free_ = place.lends;
  place = entry;
  return index;
}

void HandleTable::free(uint32_t index) {
  Entry& entry = entries_[index - 1];
  entry = Entry{.kind = Kind::Free, .lends = first_free_};
  first_free_ = index;
  --live_;
}

Result<const HandleTable::Entry*> HandleTable::at(uint32_t index) const {
  if (index == 0 || index > entries_.size() || entries_[index - 1].kind == Kind::Free)
      [[unlikely]] {
    return fail(Errc::Trap, "unknown handle index {}", index);
  }
  return &entries_[index - 1];
}

Result<const HandleTable::Entry*> HandleTable::find(uint32_t index, ResourceType type) const {
  const Entry& entry = *TRY(at(index));
  if (entry.kind == Kind::Item || entry.type != type) [[unlikely]] {
    return fail(Errc::Trap, "handle index {} used with the wrong type, expected {}, found {}",
                index, type.name(),
                entry.kind == Kind::Item ? std::string(name_of(entry.representation.item->kind()))
                                         : entry.type.name());
  }
  return &entry;
}

Result<uint32_t> HandleTable::add_item(std::unique_ptr<TableItem> item) {
  const uint32_t index =
      TRY(add(Entry{.kind = Kind::Item, .representation = {.item = item.get()}}));
  item.release();
  return index;
}

Result<TableItem*> HandleTable::item(uint32_t index, std::string_view wanted) const {
  const Entry& entry = *TRY(at(index));
  if (entry.kind != Kind::Item) [[unlikely]] {
    return fail(Errc::Trap, "handle index {} used with the wrong type, expected {}, found {}",
                index, wanted, entry.type.name());
  }
  return entry.representation.item;
}

Result<TableItem*> HandleTable::item(uint32_t index, TableItem::Kind kind) const {
  // Most calls of built-ins come through here, and nearly all find what they want.
  if (index != 0 && index <= entries_.size()) [[likely]] {
    const Entry& entry = entries_[index - 1];
    if (entry.kind == Kind::Item && entry.representation.item->kind() == kind) [[likely]] {
      return entry.representation.item;
    }
  }
  TableItem* const found = TRY(item(index, name_of(kind)));
  if (found->kind() != kind) [[unlikely]] {
    return fail(Errc::Trap, "handle index {} used with the wrong type, expected {}, found {}",
                index, name_of(kind), name_of(found->kind()));
  }
  return found;
}

std::unique_ptr<TableItem> HandleTable::remove_item(uint32_t index) {
  std::unique_ptr<TableItem> found(entries_[index - 1].representation.item);
  free(index);
  return found;
}

Result<uint32_t> HandleTable::add_own(ResourceType type, Representation representation) {
  return add(Entry{.kind = Kind::Own, .type = type, .representation = representation});
}

Result<uint32_t> HandleTable::add_borrow(ResourceType type, Representation representation,
                                         BorrowScope& scope) {
  const uint32_t index = TRY(add(Entry{
      .kind = Kind::Borrow, .type = type, .representation = representation, .scope = &scope}));
  ++scope.open;
  return index;
}

Result<Representation> HandleTable::representation(uint32_t index, ResourceType type) const {
  return TRY(find(index, type))->representation;
}

Result<Representation> HandleTable::remove_own(uint32_t index, ResourceType type) {
  const Entry& entry = *TRY(find(index, type));
  if (entry.kind != Kind::Own) {
    return fail(Errc::Trap, "handle index {} is borrowed; only an owned {} can be given away",
                index, type.name());
  }
  if (entry.lends != 0) {
    return fail(Errc::Trap, "cannot remove owned resource while borrowed: handle index {}", index);
  }
  const Representation representation = entry.representation;
  free(index);
  return representation;
}

Result<Representation> HandleTable::begin_lend(uint32_t index, ResourceType type) {
  TRY(find(index, type));
  Entry& entry = entries_[index - 1];
  ++entry.lends;
  return entry.representation;
}

void HandleTable::end_lend(uint32_t index) {
  if (entries_.empty()) return;  // the table is going, and with it a call that was not over
  Entry& entry = entries_[index - 1];
  CHECK(entry.kind != Kind::Free && entry.lends != 0);
  --entry.lends;
}

Result<HandleTable::Dropped> HandleTable::drop(uint32_t index, ResourceType type) {
  const Entry& entry = *TRY(find(index, type));
  if (entry.lends != 0) {
    return fail(Errc::Trap, "cannot remove {} resource while borrowed: handle index {}",
                entry.kind == Kind::Own ? "owned" : "borrowed", index);
  }
  const Dropped dropped{.representation = entry.representation, .owned = entry.kind == Kind::Own};
  if (entry.kind == Kind::Borrow) --entry.scope->open;
  free(index);
  return dropped;
}

}  // namespace wasmcloud::component
