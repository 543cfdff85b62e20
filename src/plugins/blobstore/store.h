#pragma once

#include "base/bytes.h"
#include "base/error.h"
#include "plugins/beside.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wasmcloud::plugins::blobstore {

struct ObjectInfo {
  uint64_t created_at = 0;  ///< seconds since 1970
  uint64_t size = 0;
};

/// What one store holds at most; errors name the limit.
struct StoreLimits {
  size_t name_bytes = 1024;
  size_t object_bytes = size_t{64} << 20;
  size_t objects = 100'000;                ///< of all containers
  size_t total_bytes = size_t{256} << 20;  ///< in memory
};

/// Containers of objects, wherever they are kept. An object is written and read as a whole.
///
/// Errors of all: Errc::NotFound for containers and objects that are not there; Errc::Limit; those
/// of where the data is. Thread: any. They block where `runs()` says so.
class Store {
 public:
  virtual Runs runs() const { return Runs::Here; }

  explicit Store(StoreLimits limits) : limits_(limits) {}
  virtual ~Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  const StoreLimits& limits() const { return limits_; }

  /// Errors: Errc::Exists.
  virtual Result<void> create(std::string_view container) = 0;
  virtual Result<bool> exists(std::string_view container) const = 0;
  /// With all its objects; one that is not there is no error.
  virtual Result<void> remove(std::string_view container) = 0;
  virtual Result<uint64_t> created_at(std::string_view container) const = 0;
  /// Sorted.
  virtual Result<std::vector<std::string>> list(std::string_view container) const = 0;
  virtual Result<Bytes> get(std::string_view container, std::string_view object) const = 0;
  virtual Result<void> put(std::string_view container, std::string_view object,
                           std::string_view content) = 0;
  /// One that is not there is no error.
  virtual Result<void> remove(std::string_view container, std::string_view object) = 0;
  /// Errc::NotFound where it is not there.
  virtual Result<ObjectInfo> info(std::string_view container, std::string_view object) const = 0;

 protected:
  Result<void> check_name(std::string_view name, std::string_view what) const;
  Result<void> check_size(size_t bytes) const;
  static std::unexpected<Error> no_container(std::string_view name);
  static std::unexpected<Error> no_object(std::string_view container, std::string_view name);

 private:
  const StoreLimits limits_;
};

}  // namespace wasmcloud::plugins::blobstore
