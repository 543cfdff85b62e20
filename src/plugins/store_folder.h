#pragma once

#include "base/descriptor.h"
#include "base/error.h"

#include <memory>
#include <mutex>
#include <string>

namespace wasmcloud::plugins {

/// The folder that a store keeps its files in, below folders of one level: buckets, containers.
/// What is written there is whole at any time, and on disk when the call has returned.
///
/// Thread: any. Blocks.
class StoreFolder {
 public:
  /// Makes the folder, and removes what a crash has left behind. Errors: Errc::Denied, Errc::Io.
  static Result<std::unique_ptr<StoreFolder>> open(std::string root);
  StoreFolder(const StoreFolder&) = delete;
  StoreFolder& operator=(const StoreFolder&) = delete;

  const std::string& root() const { return root_; }

  /// Excludes all other writers while it lives, also those of other processes.
  class Writing {
   public:
    explicit Writing(StoreFolder& folder);
    ~Writing();
    Writing(const Writing&) = delete;
    Writing& operator=(const Writing&) = delete;

   private:
    std::lock_guard<std::mutex> lock_;
    int file_;
  };

  // To be called while one writes.
  /// A folder below the root. False if it is there already.
  Result<bool> make_folder(const std::string& path);
  /// The folder and all in it; no error if it is not there.
  Result<void> remove_folder(const std::string& path);
  Result<void> remove_file(const std::string& path);

 private:
  StoreFolder(std::string root, OwnedDescriptor lock)
      : root_(std::move(root)), lock_(std::move(lock)) {}
  void remove_temporary_files();

  const std::string root_;
  const OwnedDescriptor lock_;  ///< the file that excludes other processes
  std::mutex mutex_;            // a lock of the system's excludes no threads of one descriptor
};

}  // namespace wasmcloud::plugins
