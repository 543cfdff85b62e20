#pragma once

#include "plugins/keyvalue/store.h"
#include "plugins/store_folder.h"

#include <memory>
#include <string>

namespace wasmcloud::plugins::keyvalue {

/// Buckets as folders below one folder, and a file for each key. Each key is written as a whole:
/// who reads, also after a crash, finds the old or the new value; and what a call has written is on
/// disk when it returns. Names are encoded, so no key leads out of its folder. Numbers are kept as
/// decimal text.
///
/// Writes exclude one another, also those of other stores and processes with the same folder.
/// Thread: any.
class FileStore final : public Store {
 public:
  /// Makes the folder. Errors: Errc::Denied, Errc::Io.
  static Result<std::unique_ptr<FileStore>> open(std::string root, StoreLimits limits = {});

  Runs runs() const override { return Runs::Beside; }
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
  FileStore(std::unique_ptr<StoreFolder> folder, StoreLimits limits)
      : Store(limits), folder_(std::move(folder)) {}

  Result<std::string> path_of(std::string_view bucket, std::string_view key) const;
  Result<void> write(std::string_view bucket, std::string_view key, std::string_view value);
  Result<std::optional<Bytes>> read(const std::string& path) const;

  const std::unique_ptr<StoreFolder> folder_;
};

}  // namespace wasmcloud::plugins::keyvalue
