#pragma once

#include "base/bytes.h"
#include "base/error.h"
#include "plugins/beside.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace wasmcloud::plugins::keyvalue {

/// What one store holds at most; errors name the limit.
struct StoreLimits {
  size_t bucket_name_bytes = 255;
  size_t key_bytes = 1024;
  size_t value_bytes = size_t{8} << 20;
  size_t keys = 100'000;
  size_t total_bytes = size_t{64} << 20;  ///< keys, values, and some for each entry
  size_t batch_keys = 10'000;             ///< of one call
};

/// Buckets of keys, wherever they are kept. A bucket is there from its first key on.
///
/// Errors of all: Errc::Limit, naming the limit; those of where the data is. Thread: any. They
/// block where `runs()` says so.
class Store {
 public:
  virtual Runs runs() const { return Runs::Here; }

  static constexpr size_t kPageKeys = 100;
  struct Page {
    std::vector<std::string> keys;   ///< sorted
    std::optional<uint64_t> cursor;  ///< for the next page, if there is one
  };

  explicit Store(StoreLimits limits) : limits_(limits) {}
  virtual ~Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  virtual Result<void> check_bucket(std::string_view bucket) const;
  virtual Result<std::optional<Bytes>> get(std::string_view bucket, std::string_view key) const = 0;
  virtual Result<void> set(std::string_view bucket, std::string_view key,
                           std::span<const std::byte> value) = 0;
  virtual Result<void> remove(std::string_view bucket, std::string_view key) = 0;
  virtual Result<bool> exists(std::string_view bucket, std::string_view key) const = 0;
  /// From the `cursor`th key on.
  virtual Result<Page> list(std::string_view bucket, std::optional<uint64_t> cursor) const = 0;
  /// Adds to a number, 0 if it is not there; the sum ends at the highest. Numbers of 8 bytes,
  /// little-endian, and in decimal text are read. Errors: Errc::Invalid if the value is neither.
  virtual Result<uint64_t> increment(std::string_view bucket, std::string_view key,
                                     uint64_t delta) = 0;
  virtual Result<std::vector<std::optional<Bytes>>> get_many(
      std::string_view bucket, std::span<const std::string> keys) const = 0;
  virtual Result<void> set_many(std::string_view bucket,
                                std::span<const std::tuple<std::string, Bytes>> entries) = 0;
  virtual Result<void> remove_many(std::string_view bucket, std::span<const std::string> keys) = 0;

 protected:
  Result<void> check_key(std::string_view key) const;
  Result<void> check_value(std::string_view key, size_t bytes) const;
  Result<void> check_batch(size_t keys) const;
  /// What `increment` makes of a value, or of none.
  static Result<uint64_t> sum_of(const Bytes* value, uint64_t delta);

  const StoreLimits limits_;
};

}  // namespace wasmcloud::plugins::keyvalue
