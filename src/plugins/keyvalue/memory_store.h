#pragma once

#include "base/bytes.h"
#include "base/error.h"

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

/// What one store holds at most; errors name the limit.
struct StoreLimits {
  size_t bucket_name_bytes = 255;
  size_t key_bytes = 1024;
  size_t value_bytes = size_t{8} << 20;
  size_t keys = 100'000;
  size_t total_bytes = size_t{64} << 20;  ///< keys, values, and `kEntryBytes` for each
  size_t batch_keys = 10'000;             ///< of one call
};

/// Buckets of keys in memory. A bucket is there from its first key to its last. Each call is
/// atomic.
///
/// Thread: any. A mutex, since guests cannot wait in these calls; nothing long happens under it.
class MemoryStore {
 public:
  static constexpr size_t kEntryBytes = 64;
  static constexpr size_t kPageKeys = 100;

  explicit MemoryStore(StoreLimits limits = {}) : limits_(limits) {}

  /// Errors of all: Errc::Limit, naming the limit.
  Result<void> check_bucket(std::string_view bucket) const;
  Result<std::optional<Bytes>> get(std::string_view bucket, std::string_view key) const;
  Result<void> set(std::string_view bucket, std::string_view key, std::span<const std::byte> value);
  Result<void> remove(std::string_view bucket, std::string_view key);
  Result<bool> exists(std::string_view bucket, std::string_view key) const;

  struct Page {
    std::vector<std::string> keys;   ///< sorted
    std::optional<uint64_t> cursor;  ///< for the next page, if there is one
  };
  /// From the `cursor`th key on.
  Result<Page> list(std::string_view bucket, std::optional<uint64_t> cursor) const;

  /// Adds to a number, 0 if it is not there; the sum ends at the highest. It is kept as 8 bytes,
  /// little-endian; decimal text is read too. Errors: Errc::Invalid if the value is neither.
  Result<uint64_t> increment(std::string_view bucket, std::string_view key, uint64_t delta);

  Result<std::vector<std::optional<Bytes>>> get_many(std::string_view bucket,
                                                     std::span<const std::string> keys) const;
  /// All or nothing.
  Result<void> set_many(std::string_view bucket,
                        std::span<const std::tuple<std::string, Bytes>> entries);
  Result<void> remove_many(std::string_view bucket, std::span<const std::string> keys);

 private:
  using Entries = std::map<std::string, Bytes, std::less<>>;

  Result<void> check_key(std::string_view key) const;
  Result<void> check_value(std::string_view key, size_t bytes) const;
  Result<void> check_batch(size_t keys) const;
  // Beneath the mutex:
  const Bytes* find(std::string_view bucket, std::string_view key) const;
  Result<void> put(std::string_view bucket, std::string_view key, Bytes value);
  void drop(std::string_view bucket, std::string_view key);

  StoreLimits limits_;
  mutable std::mutex mutex_;
  std::map<std::string, Entries, std::less<>> buckets_;
  size_t keys_ = 0;
  size_t bytes_ = 0;
};

}  // namespace wasmcloud::plugins::keyvalue
