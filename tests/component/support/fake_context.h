#pragma once

#include "component/canonical_context.h"
#include "component/handle_table.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace wasmcloud::component {

struct FakeHandles {
  HandleTable table;
};

/// A context over a plain buffer, with a `realloc` that never frees. Coroutines run only if they do
/// not wait.
class FakeContext : private FakeHandles, public CanonicalContext {
 public:
  virtual ~FakeContext() = default;
  explicit FakeContext(size_t memory_bytes = 65536, StringEncoding encoding = StringEncoding::Utf8)
      : CanonicalContext(FakeHandles::table, encoding, kNoSlot, nullptr, nullptr),
        bytes_(memory_bytes) {}

  std::vector<std::byte>& buffer() { return bytes_; }
  struct Allocation {
    uint32_t old, old_size, align, new_size;
    friend bool operator==(const Allocation&, const Allocation&) = default;
  };
  /// Every call of `realloc` so far.
  const std::vector<Allocation>& allocations() const { return allocations_; }

 protected:
  std::span<std::byte> current_memory() override { return bytes_; }
  Result<uint32_t> call_realloc(uint32_t old, uint32_t old_size, uint32_t align,
                                uint32_t new_size) override {
    allocations_.push_back({old, old_size, align, new_size});
    next_ = (next_ + align - 1) / align * align;
    const uint32_t block = next_;
    next_ += new_size;
    // Growing moves, as a guest's memory may.
    if (next_ > bytes_.size()) bytes_.resize(next_ * 2);
    std::copy_n(bytes_.begin() + old, std::min(old_size, new_size), bytes_.begin() + block);
    return block;
  }
  Result<void> run(Task<void>) override {
    return fail(Errc::Unsupported, "a fake context runs no coroutines");
  }

 private:
  std::vector<std::byte> bytes_;
  uint32_t next_ = 16;
  std::vector<Allocation> allocations_;
};

}  // namespace wasmcloud::component
