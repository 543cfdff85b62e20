#include "oci/cache.h"

#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"
#include "oci/manifest.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <filesystem>

namespace wasmcloud::oci {
namespace fs = std::filesystem;
namespace {

constexpr uint64_t kMaxSmallFile = uint64_t{4} << 20;

std::string file_name(std::string text) {
  std::ranges::replace_if(text, [](char c) { return c == '/' || c == ':' || c == '@'; }, '_');
  return text;
}

/// The last part of the repository with tag and digest.
std::string component_file(const Reference& reference) {
  const std::string text = reference.text();
  return file_name(text.substr(text.rfind('/') + 1)) + ".wasm";
}

std::optional<CachedComponent> read_folder(const std::string& folder, const Reference& reference) {
  Result<std::string> digest = read_file(folder + "/digest", kMaxSmallFile);
  Result<std::string> manifest = read_file(folder + "/manifest.json", kMaxSmallFile);
  if (!digest || !manifest) return std::nullopt;
  CachedComponent cached{
      .component = {}, .manifest = std::move(*manifest), .digest = std::string(trim(*digest))};
  if (digest_of(cached.manifest) != cached.digest) return std::nullopt;
  if (!reference.digest.empty() && reference.digest != cached.digest) return std::nullopt;
  const auto parsed = parse_manifest(cached.manifest);
  if (!parsed || parsed->layers.empty()) return std::nullopt;
  const Descriptor& layer = parsed->layers.front();
  Result<std::string> component =
      read_file(fmt::format("{}/{}", folder, component_file(reference)), layer.size);
  if (!component || digest_of(*component) != layer.digest) return std::nullopt;
  cached.component = Bytes(std::move(*component));
  return cached;
}

/// Puts the folder `made` in the place of `target`, whether that is there or not.
Result<void> put_in_place(const std::string& made, const std::string& target) {
  // Twice, since another process may make or remove the target in between.
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (::rename(made.c_str(), target.c_str()) == 0) return {};
    if (errno != ENOTEMPTY && errno != EEXIST) break;
    if (::renameat2(AT_FDCWD, made.c_str(), AT_FDCWD, target.c_str(), RENAME_EXCHANGE) == 0)
      return {};
    if (errno == EINVAL || errno == ENOSYS) {
      // A file system without exchanging: there is a moment with none, never one with half.
      std::error_code ignored;
      fs::rename(target, made + ".old", ignored);
      if (::rename(made.c_str(), target.c_str()) == 0) {
        fs::remove_all(made + ".old", ignored);
        return {};
      }
    }
  }
  return fail_errno(errno, "writing " + target);
}

}  // namespace

std::string Cache::folder_of(const Reference& reference) const {
  const std::string text = reference.text();
  return fmt::format("{}/{}_{}", folder_, file_name(text), to_hex(sha256(text)).substr(0, 8));
}

std::optional<CachedComponent> Cache::find(const Reference& reference) const {
  const std::string folder = folder_of(reference);
  // Once more where the folder was replaced while it was read.
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (auto cached = read_folder(folder, reference)) return cached;
  }
  return std::nullopt;
}

Result<void> Cache::store(const Reference& reference, const CachedComponent& cached) const {
  static std::atomic<unsigned> serial = 0;
  const std::string target = folder_of(reference);
  const std::string made = fmt::format("{}/.new-{}-{}", folder_, ::getpid(), serial++);
  std::error_code error;
  fs::create_directories(made, error);
  if (error) return fail(Errc::Io, "cannot make {}: {}", made, error.message());
  const auto write_all = [&]() -> Result<void> {
    TRY(write_file(fmt::format("{}/{}", made, component_file(reference)), cached.component.text()));
    TRY(write_file(made + "/manifest.json", cached.manifest));
    TRY(write_file(made + "/digest", cached.digest));
    return put_in_place(made, target);
  };
  Result<void> done = write_all();
  // What was there before, after an exchange; or what was not finished.
  fs::remove_all(made, error);
  return done;
}

}  // namespace wasmcloud::oci
