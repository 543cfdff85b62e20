#include "plugins/keyvalue/file_store.h"

#include "base/file.h"
#include "plugins/file_names.h"

#include <algorithm>
#include <filesystem>

namespace wasmcloud::plugins::keyvalue {

namespace fs = std::filesystem;

Result<std::unique_ptr<FileStore>> FileStore::open(std::string root, StoreLimits limits) {
  return std::unique_ptr<FileStore>(new FileStore(TRY(StoreFolder::open(std::move(root))), limits));
}

Result<void> FileStore::check_bucket(std::string_view bucket) const {
  TRY(Store::check_bucket(bucket));
  TRY(to_file_name(bucket, "the bucket's name"));
  return {};
}

Result<std::string> FileStore::path_of(std::string_view bucket, std::string_view key) const {
  TRY(check_key(key));
  return fmt::format("{}/{}/{}", folder_->root(), TRY(to_file_name(bucket, "the bucket's name")),
                     TRY(to_file_name(key, "the key")));
}

Result<std::optional<Bytes>> FileStore::read(const std::string& path) const {
  auto content = read_file(path, limits_.value_bytes);
  if (content) return Bytes(std::move(*content));
  if (content.error().code() == Errc::NotFound) return std::nullopt;
  return fail(std::move(content).error());
}

Result<void> FileStore::write(std::string_view bucket, std::string_view key,
                              std::string_view value) {
  const std::string path = TRY(path_of(bucket, key));
  TRY(folder_->make_folder(fs::path(path).parent_path()));
  return write_file(path, value, Durable::Yes);
}

Result<std::optional<Bytes>> FileStore::get(std::string_view bucket, std::string_view key) const {
  return read(TRY(path_of(bucket, key)));
}

Result<void> FileStore::set(std::string_view bucket, std::string_view key,
                            std::span<const std::byte> value) {
  TRY(check_value(key, value.size()));
  const StoreFolder::Writing writing(*folder_);
  return write(bucket, key, {reinterpret_cast<const char*>(value.data()), value.size()});
}

Result<void> FileStore::remove(std::string_view bucket, std::string_view key) {
  const std::string path = TRY(path_of(bucket, key));
  const StoreFolder::Writing writing(*folder_);
  return folder_->remove_file(path);
}

Result<bool> FileStore::exists(std::string_view bucket, std::string_view key) const {
  return file_exists(TRY(path_of(bucket, key)));
}

Result<Store::Page> FileStore::list(std::string_view bucket, std::optional<uint64_t> cursor) const {
  const std::string folder =
      fmt::format("{}/{}", folder_->root(), TRY(to_file_name(bucket, "the bucket's name")));
  std::vector<std::string> keys;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (auto key = from_file_name(at->path().filename().string())) keys.push_back(std::move(*key));
    if (keys.size() > limits_.keys)
      return fail(Errc::Limit, "the bucket's limit of {} keys to list is reached", limits_.keys);
  }
  if (error && error != std::errc::no_such_file_or_directory)
    return fail(Errc::Io, "reading {}: {}", folder, error.message());
  std::ranges::sort(keys);
  Page page;
  const uint64_t from = cursor.value_or(0);
  for (uint64_t i = from; i < keys.size(); ++i) {
    if (page.keys.size() == kPageKeys) {
      page.cursor = i;
      break;
    }
    page.keys.push_back(std::move(keys[i]));
  }
  return page;
}

Result<uint64_t> FileStore::increment(std::string_view bucket, std::string_view key,
                                      uint64_t delta) {
  const std::string path = TRY(path_of(bucket, key));
  const StoreFolder::Writing writing(*folder_);
  const std::optional<Bytes> value = TRY(read(path));
  const uint64_t sum = TRY(sum_of(value ? &*value : nullptr, delta));
  TRY(write(bucket, key, fmt::format("{}", sum)));
  return sum;
}

Result<std::vector<std::optional<Bytes>>> FileStore::get_many(
    std::string_view bucket, std::span<const std::string> keys) const {
  TRY(check_batch(keys.size()));
  std::vector<std::optional<Bytes>> out;
  size_t bytes = 0;
  for (const std::string& key : keys) {
    out.push_back(TRY(get(bucket, key)));
    if (out.back()) bytes += out.back()->size();
    if (bytes > limits_.total_bytes)
      return fail(Errc::Limit, "the batch has more than {} bytes", limits_.total_bytes);
  }
  return out;
}

Result<void> FileStore::set_many(std::string_view bucket,
                                 std::span<const std::tuple<std::string, Bytes>> entries) {
  TRY(check_batch(entries.size()));
  for (const auto& [key, value] : entries) {
    TRY(check_value(key, value.size()));
    TRY(path_of(bucket, key));
  }
  const StoreFolder::Writing writing(*folder_);
  for (const auto& [key, value] : entries) TRY(write(bucket, key, value.text()));
  return {};
}

Result<void> FileStore::remove_many(std::string_view bucket, std::span<const std::string> keys) {
  TRY(check_batch(keys.size()));
  for (const std::string& key : keys) TRY(remove(bucket, key));
  return {};
}

}  // namespace wasmcloud::plugins::keyvalue
