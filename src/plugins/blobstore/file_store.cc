#include "plugins/blobstore/file_store.h"

#include "base/file.h"
#include "plugins/file_names.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

namespace wasmcloud::plugins::blobstore {

namespace fs = std::filesystem;

Result<std::unique_ptr<FileStore>> FileStore::open(std::string root, StoreLimits limits) {
  return std::unique_ptr<FileStore>(new FileStore(TRY(StoreFolder::open(std::move(root))), limits));
}

Result<std::string> FileStore::path_of(std::string_view container) const {
  return fmt::format("{}/{}", folder_->root(),
                     TRY(to_file_name(container, "the container's name")));
}

Result<std::string> FileStore::path_of(std::string_view container, std::string_view object) const {
  const std::string folder = TRY(path_of(container));
  if (!file_exists(folder)) return no_container(container);
  return fmt::format("{}/{}", folder, TRY(to_file_name(object, "the object's name")));
}

Result<void> FileStore::create(std::string_view container) {
  const std::string path = TRY(path_of(container));
  const StoreFolder::Writing writing(*folder_);
  if (TRY(folder_->make_folder(path))) return {};
  return fail(Errc::Exists, "container '{}' already exists", container);
}

Result<bool> FileStore::exists(std::string_view container) const {
  return file_exists(TRY(path_of(container)));
}

Result<void> FileStore::remove(std::string_view container) {
  const std::string path = TRY(path_of(container));
  const StoreFolder::Writing writing(*folder_);
  return folder_->remove_folder(path);
}

Result<uint64_t> FileStore::created_at(std::string_view container) const {
  struct stat status = {};
  if (::stat(TRY(path_of(container)).c_str(), &status) != 0) return no_container(container);
  return static_cast<uint64_t>(status.st_mtim.tv_sec);
}

Result<std::vector<std::string>> FileStore::list(std::string_view container) const {
  const std::string folder = TRY(path_of(container));
  if (!file_exists(folder)) return no_container(container);
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (auto name = from_file_name(at->path().filename().string())) names.push_back(*name);
    if (names.size() > limits().objects)
      return fail(Errc::Limit, "the limit of {} objects to list is reached", limits().objects);
  }
  if (error) return fail(Errc::Io, "reading the container '{}': {}", container, error.message());
  std::ranges::sort(names);
  return names;
}

Result<Bytes> FileStore::get(std::string_view container, std::string_view object) const {
  auto content = read_file(TRY(path_of(container, object)), limits().object_bytes);
  if (content) return Bytes(std::move(*content));
  if (content.error().code() == Errc::NotFound) return no_object(container, object);
  return fail(std::move(content).error());
}

Result<void> FileStore::put(std::string_view container, std::string_view object,
                            std::string_view content) {
  TRY(check_size(content.size()));
  const StoreFolder::Writing writing(*folder_);
  return write_file(TRY(path_of(container, object)), content, Durable::Yes);
}

Result<void> FileStore::remove(std::string_view container, std::string_view object) {
  const StoreFolder::Writing writing(*folder_);
  return folder_->remove_file(TRY(path_of(container, object)));
}

Result<ObjectInfo> FileStore::info(std::string_view container, std::string_view object) const {
  struct stat status = {};
  if (::stat(TRY(path_of(container, object)).c_str(), &status) != 0)
    return no_object(container, object);
  return ObjectInfo{.created_at = static_cast<uint64_t>(status.st_mtim.tv_sec),
                    .size = static_cast<uint64_t>(status.st_size)};
}

}  // namespace wasmcloud::plugins::blobstore
