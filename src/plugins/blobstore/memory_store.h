#pragma once

#include "plugins/blobstore/store.h"

#include <map>
#include <mutex>

namespace wasmcloud::plugins::blobstore {

/// Containers in memory, gone with the store. Each call is atomic.
///
/// Thread: any. A mutex, since guests cannot wait in these calls; nothing long happens under it.
class MemoryStore final : public Store {
 public:
  explicit MemoryStore(StoreLimits limits = {}) : Store(limits) {}

  Result<void> create(std::string_view container) override;
  Result<bool> exists(std::string_view container) const override;
  Result<void> remove(std::string_view container) override;
  Result<uint64_t> created_at(std::string_view container) const override;
  Result<std::vector<std::string>> list(std::string_view container) const override;
  Result<Bytes> get(std::string_view container, std::string_view object) const override;
  Result<void> put(std::string_view container, std::string_view object,
                   std::string_view content) override;
  Result<void> remove(std::string_view container, std::string_view object) override;
  Result<ObjectInfo> info(std::string_view container, std::string_view object) const override;

 private:
  struct Object {
    Bytes content;
    uint64_t created_at = 0;
  };
  struct Container {
    uint64_t created_at = 0;
    std::map<std::string, Object, std::less<>> objects;
  };

  // Beneath the mutex:
  Result<const Container*> find(std::string_view container) const;
  Result<const Object*> find(std::string_view container, std::string_view object) const;
  void drop(Container& container, std::string_view object);

  mutable std::mutex mutex_;
  std::map<std::string, Container, std::less<>> containers_;
  size_t objects_ = 0;  ///< containers count as one, too
  size_t bytes_ = 0;
};

}  // namespace wasmcloud::plugins::blobstore
