#pragma once

#include "plugins/blobstore/store.h"
#include "plugins/store_folder.h"

#include <memory>
#include <string>

namespace wasmcloud::plugins::blobstore {

/// Containers as folders below one folder, and a file for each object. An object is put in its
/// place as a whole, and on disk when the call returns. Names are encoded, so none leads out of its
/// folder. When something was made is when it was last written.
///
/// Thread: any.
class FileStore final : public Store {
 public:
  /// Makes the folder. Errors: Errc::Io.
  static Result<std::unique_ptr<FileStore>> open(std::string root, StoreLimits limits = {});

  Runs runs() const override { return Runs::Beside; }
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
  FileStore(std::unique_ptr<StoreFolder> folder, StoreLimits limits)
      : Store(limits), folder_(std::move(folder)) {}
  Result<std::string> path_of(std::string_view container) const;
  /// Errors: besides, Errc::NotFound where the container is not there.
  Result<std::string> path_of(std::string_view container, std::string_view object) const;

  const std::unique_ptr<StoreFolder> folder_;
};

}  // namespace wasmcloud::plugins::blobstore
