#pragma once

#include "plugins/keyvalue/store.h"

#include <memory>
#include <mutex>
#include <string>

namespace wasmcloud::plugins::keyvalue {

/// Buckets as folders below one folder, and a file for each key. Data outlives the process. Each
/// key is written as a whole: who reads, also after a crash of the process, finds the old or the
/// new value; what the kernel has not written yet is lost with the machine's power. Names are
/// encoded, so no key leads out of its folder. Numbers are kept as decimal text.
///
/// Writes exclude one another, also those of other stores and processes with the same folder.
/// Thread: any. Files are read and written on the spot: it is for developers, whose values are
/// small and in the kernel's memory, where a hop to another thread takes longer than the call.
class FileStore final : public Store {
 public:
  /// Makes the folder. Errors: Errc::Denied, Errc::Io.
  static Result<std::unique_ptr<FileStore>> open(std::string root, StoreLimits limits = {});
  ~FileStore() override;

  Result<void> check_bucket(std::string_view bucket) const override;
  Result<std::optional<Bytes>> get(std::string_view bucket, std::string_view key) const override;
  Result<void> set(std::string_view bucket, std::string_view key,
                   std::span<const std::byte> value) override;
  Result<void> remove(std::string_view bucket, std::string_view key) override;
  Result<bool> exists(std::string_view bucket, std::string_view key) const override;
  Result<Page> list(std::string_view bucket, std::optional<uint64_t> cursor) const override;
  Result<uint64_t> increment(std::string_view bucket, std::string_view key,
                             uint64_t delta) override;
  Result<std::vector<std::optional<Bytes>>> get_many(
      std::string_view bucket, std::span<const std::string> keys) const override;
  /// One key after the other: where one fails, those before are written.
  Result<void> set_many(std::string_view bucket,
                        std::span<const std::tuple<std::string, Bytes>> entries) override;
  Result<void> remove_many(std::string_view bucket, std::span<const std::string> keys) override;

 private:
  FileStore(std::string root, int lock, StoreLimits limits)
      : Store(limits), root_(std::move(root)), lock_(lock) {}

  class Writing;
  Result<std::string> path_of(std::string_view bucket, std::string_view key) const;
  Result<void> write(std::string_view bucket, std::string_view key, std::string_view value);
  Result<std::optional<Bytes>> read(const std::string& path) const;

  const std::string root_;
  const int lock_;    ///< the file that excludes other processes
  std::mutex mutex_;  // a lock of the system's excludes no threads of one descriptor
};

}  // namespace wasmcloud::plugins::keyvalue
