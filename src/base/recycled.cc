#include "base/recycled.h"

#include <array>
#include <cstdint>
#include <new>

namespace wasmcloud {
namespace {

#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || \
    __has_feature(thread_sanitizer)
constexpr bool kKeeps = false;
#else
constexpr bool kKeeps = true;
#endif

constexpr size_t kStep = 64;
constexpr size_t kShelves = 32;
/// Of each size: 16 of all are half a MiB a thread.
constexpr uint32_t kKept = 16;

struct Block {
  Block* next;
};

/// What is kept of one size.
struct Shelf {
  Block* first = nullptr;
  uint32_t count = 0;
};

constinit thread_local std::array<Shelf, kShelves> t_shelves;

constexpr size_t shelf_of(size_t bytes) { return bytes == 0 ? 0 : (bytes - 1) / kStep; }
constexpr size_t size_on(size_t shelf) { return (shelf + 1) * kStep; }

/// Gives back what a thread keeps when that ends. What comes behind it is not kept.
struct Clearance {
  Clearance() = default;
  ~Clearance() {
    for (size_t i = 0; i < kShelves; ++i) {
      Shelf& shelf = t_shelves[i];
      while (shelf.first != nullptr) {
        Block* const block = shelf.first;
        shelf.first = block->next;
        ::operator delete(block, size_on(i));
      }
      shelf.count = kKept;
    }
  }
  Clearance(const Clearance&) = delete;
  Clearance& operator=(const Clearance&) = delete;
  void begin() {}
};

thread_local Clearance t_clearance;

}  // namespace

void* take_memory(size_t bytes) {
  const size_t at = shelf_of(bytes);
  if (!kKeeps || at >= kShelves) return ::operator new(bytes);
  Shelf& shelf = t_shelves[at];
  Block* const block = shelf.first;
  if (block == nullptr) return ::operator new(size_on(at));
  shelf.first = block->next;
  --shelf.count;
  return block;
}

void give_memory(void* memory, size_t bytes) noexcept {
  const size_t at = shelf_of(bytes);
  if (!kKeeps || at >= kShelves) return ::operator delete(memory, bytes);
  Shelf& shelf = t_shelves[at];
  if (shelf.count == 0) t_clearance.begin();
  if (shelf.count == kKept) return ::operator delete(memory, size_on(at));
  shelf.first = new (memory) Block{.next = shelf.first};
  ++shelf.count;
}

}  // namespace wasmcloud
