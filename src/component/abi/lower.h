#pragma once

#include "component/abi/first_error.h"
#include "component/abi/lift.h"

namespace wasmcloud::component::abi {

/// Where a lowered string or list begins, and its length as the guest sees it.
struct Block {
  uint32_t at = 0;
  uint32_t length = 0;
};

/// Writes one call's values into a guest. Blocks are allocated depth first: a list's own before its
/// elements'. After an error the guest is not called again.
class Lower : public FirstError {
 public:
  explicit Lower(CanonicalContext& context) : context_(context), memory_(context.memory()) {}

  CanonicalContext& context() { return context_; }

  /// A scalar to a place that was checked. Nothing is written after an error, for which the guest
  /// may have left memory in any state.
  template <class T>
  void put(uint32_t at, T value) {
    if (failed()) [[unlikely]]
      return;
    std::memcpy(memory_.data() + at, &value, sizeof(T));
  }
  void put_bytes(uint32_t at, std::span<const std::byte> bytes) {
    if (!bytes.empty() && !failed()) std::memcpy(memory_.data() + at, bytes.data(), bytes.size());
  }

  /// Whether a place that the guest named for a result is in memory and aligned; else sets an
  /// error.
  bool check(uint32_t at, uint64_t size, uint32_t align);
  /// A new block; none after an error, which may be this one.
  std::optional<uint32_t> allocate(uint32_t size, uint32_t align);
  /// A new block for a list.
  std::optional<uint32_t> allocate_list(size_t length, uint32_t size, uint32_t align);

  Block list_of_bytes(std::span<const std::byte> bytes);
  Block string(std::string_view text);

  uint32_t give(std::unique_ptr<HostResource> object, const HostResourceType& type);
  uint32_t give_readable(std::shared_ptr<SharedCopy> shared);
  uint32_t lend(HostResource* object, const HostResourceType& type);

 private:
  std::optional<uint32_t> reallocate(uint32_t old, uint32_t old_size, uint32_t align,
                                     uint32_t size);
  Block utf16(std::string_view text);
  /// Writes `text` into the block of `worst` bytes at `at`, after shrinking it to what is needed.
  Block shrunk_utf16(uint32_t at, uint32_t worst, std::string_view text);
  Block latin1_utf16(std::string_view text);

  CanonicalContext& context_;
  std::span<std::byte> memory_;
};

}  // namespace wasmcloud::component::abi
