#include "plugins/store_folder.h"

#include "base/file.h"
#include "base/log.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <vector>

namespace wasmcloud::plugins {

namespace fs = std::filesystem;

Result<std::unique_ptr<StoreFolder>> StoreFolder::open(std::string root) {
  std::error_code error;
  fs::create_directories(root, error);
  if (error) return fail(Errc::Io, "making the folder {}: {}", root, error.message());
  const std::string path = root + "/.lock";
  OwnedDescriptor lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666));
  if (!lock.is_open()) return fail_errno(errno, "opening " + path);
  std::unique_ptr<StoreFolder> folder(new StoreFolder(std::move(root), std::move(lock)));
  folder->remove_temporary_files();
  return folder;
}

StoreFolder::Writing::Writing(StoreFolder& folder)
    : lock_(folder.mutex_), file_(folder.lock_.get()) {
  while (::flock(file_, LOCK_EX) != 0 && errno == EINTR) {
  }
}

StoreFolder::Writing::~Writing() { ::flock(file_, LOCK_UN); }

/// Nobody writes now, so they are nobody's.
void StoreFolder::remove_temporary_files() {
  const Writing writing(*this);
  std::vector<fs::path> left;
  std::error_code error;
  for (fs::directory_iterator at(root_, error), end; !error && at != end; at.increment(error)) {
    std::error_code inner;
    if (!at->is_directory(inner) || at->is_symlink(inner)) continue;
    for (fs::directory_iterator file(at->path(), inner); !inner && file != end;
         file.increment(inner)) {
      if (file->path().extension() == ".tmp") left.push_back(file->path());
    }
  }
  for (const fs::path& path : left) fs::remove(path, error);
  if (!left.empty())
    log::info("removed {} files below {} that were not written to their end", left.size(), root_);
}

Result<bool> StoreFolder::make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), 0777) != 0) {
    if (errno == EEXIST) return false;
    return fail_errno(errno, "making the folder " + path);
  }
  TRY(sync_folder(root_));
  return true;
}

Result<void> StoreFolder::remove_folder(const std::string& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error) return fail(Errc::Io, "removing the folder {}: {}", path, error.message());
  return sync_folder(root_);
}

Result<void> StoreFolder::remove_file(const std::string& path) {
  if (::unlink(path.c_str()) != 0) {
    if (errno == ENOENT) return {};
    return fail_errno(errno, "removing " + path);
  }
  return sync_folder(path.substr(0, path.rfind('/')));
}

}  // namespace wasmcloud::plugins
