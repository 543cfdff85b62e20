#pragma once

#include "base/loop.h"
#include "component/canonical_context.h"
#include "component/handle_table.h"

#include <vector>

namespace wasmcloud::component {

/// A guest that is nothing but a buffer and a realloc that hands out its end, in a new place each
/// time, so that spans that were kept are found by AddressSanitizer.
class FakeContext final : public CanonicalContext {
 public:
  struct Realloc {
    uint32_t old;
    uint32_t old_size;
    uint32_t align;
    uint32_t size;
    friend bool operator==(const Realloc&, const Realloc&) = default;
  };

  explicit FakeContext(StringEncoding encoding = StringEncoding::Utf8, HostState* host = nullptr)
      : FakeContext(std::make_unique<HandleTable>(), encoding, host) {}

  ~FakeContext() { end_lends(); }

  std::vector<std::byte> bytes_of_guest = std::vector<std::byte>(64);
  std::vector<Realloc> calls;
  /// What realloc answers instead, if set.
  std::optional<uint32_t> answer;
  Loop loop_of_guest;
  HandleTable& table() { return *table_; }

  template <class T>
  void poke(uint32_t at, T value) {
    std::memcpy(bytes_of_guest.data() + at, &value, sizeof(T));
  }
  template <class T>
  T peek(uint32_t at) const {
    T value;
    std::memcpy(&value, bytes_of_guest.data() + at, sizeof(T));
    return value;
  }
  void poke_text(uint32_t at, std::string_view text) {
    std::memcpy(bytes_of_guest.data() + at, text.data(), text.size());
  }

 private:
  FakeContext(std::unique_ptr<HandleTable> table, StringEncoding encoding, HostState* host)
      : CanonicalContext(*table, encoding, 0, host, nullptr), table_(std::move(table)) {}

  std::span<std::byte> current_memory() override { return bytes_of_guest; }
  Result<uint32_t> call_realloc(uint32_t old, uint32_t old_size, uint32_t align,
                                uint32_t size) override {
    calls.push_back({old, old_size, align, size});
    if (answer) return *answer;
    const auto at = static_cast<uint32_t>((bytes_of_guest.size() + align - 1) / align * align);
    std::vector<std::byte> moved(at + size);
    std::copy(bytes_of_guest.begin(), bytes_of_guest.end(), moved.begin());
    if (old_size != 0)
      std::memcpy(moved.data() + at, bytes_of_guest.data() + old, std::min(old_size, size));
    bytes_of_guest = std::move(moved);
    return at;
  }
  Result<void> run(Task<void> task) override { return run_to_end(loop_of_guest, std::move(task)); }

  std::unique_ptr<HandleTable> table_;
};

}  // namespace wasmcloud::component
