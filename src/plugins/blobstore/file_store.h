#pragma once

#include "plugins/blobstore/store.h"

#include <memory>
#include <string>

namespace wasmcloud::plugins::blobstore {

/// Containers as folders below one folder, and a file for each object. Data outlives the process;
/// an object is put in its place as a whole. Names are encoded, so none leads out of its folder.
/// When something was made is when it was last written.
///
/// Thread: any. Files are read and written on the spot: it is for developers, whose objects are in
/// the kernel's memory.
class FileStore final : public Store {
 public:
  /// Makes the folder. Errors: Errc::Io.
  static Result<std::unique_ptr<FileStore>> open(std::string root, StoreLimits limits = {});

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
  FileStore(std::string root, StoreLimits limits) : Store(limits), root_(std::move(root)) {}
  Result<std::string> path_of(std::string_view container) const;
  /// Errors: besides, Errc::NotFound where the container is not there.
  Result<std::string> path_of(std::string_view container, std::string_view object) const;

  const std::string root_;
};

}  // namespace wasmcloud::plugins::blobstore
