#pragma once

#include "plugins/keyvalue/store.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wasmcloud::plugins::keyvalue {

/// Buckets of keys in memory. A bucket is there from its first key to its last. Each call is
/// atomic.
///
/// Thread: any. A mutex, since guests cannot wait in these calls; nothing long happens under it.
class MemoryStore final : public Store {
 public:
  static constexpr size_t kEntryBytes = 64;

  explicit MemoryStore(StoreLimits limits = {}) : Store(limits) {}

  Result<std::optional<Bytes>> get(std::string_view bucket, std::string_view key) const override;
  Result<void> set(std::string_view bucket, std::string_view key,
                   std::span<const std::byte> value) override;
  Result<void> remove(std::string_view bucket, std::string_view key) override;
  Result<bool> exists(std::string_view bucket, std::string_view key) const override;
  Result<Page> list(std::string_view bucket, std::optional<uint64_t> cursor) const override;
  /// Numbers are kept as 8 bytes, little-endian.
  Result<uint64_t> increment(std::string_view bucket, std::string_view key,
                             uint64_t delta) override;
  Result<std::vector<std::optional<Bytes>>> get_many(
      std::string_view bucket, std::span<const std::string> keys) const override;
  /// All or nothing.
  Result<void> set_many(std::string_view bucket,
                        std::span<const std::tuple<std::string, Bytes>> entries) override;
  Result<void> remove_many(std::string_view bucket, std::span<const std::string> keys) override;

 private:
  using Entries = std::map<std::string, Bytes, std::less<>>;

  // Beneath the mutex:
  const Bytes* find(std::string_view bucket, std::string_view key) const;
  Result<void> put(std::string_view bucket, std::string_view key, Bytes value);
  void drop(std::string_view bucket, std::string_view key);

  mutable std::mutex mutex_;
  std::map<std::string, Entries, std::less<>> buckets_;
  size_t keys_ = 0;
  size_t bytes_ = 0;
};

}  // namespace wasmcloud::plugins::keyvalue
