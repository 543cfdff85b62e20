#include "engine/code_cache.h"

#include "base/descriptor.h"
#include "base/digest.h"
#include "base/log.h"
#include "engine/engine.h"
#include "engine/module.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <vector>

namespace wasmcloud::engine {
namespace {

/// An entry: this line, the SHA-256 of all that follows, the native code.
constexpr std::string_view kMagic = "wasmcloud native code 1\n";
constexpr size_t kHeaderBytes = kMagic.size() + sizeof(Sha256Digest);
constexpr std::string_view kSuffix = ".native";
constexpr std::string_view kTemporarySuffix = ".part";
constexpr uint64_t kMaxEntryBytes = uint64_t{2} << 30;
/// A temporary file that old belongs to a writer that died.
constexpr time_t kAbandonedSeconds = 3600;

/// Others can neither write here nor swap what is here.
Result<void> check_owner(const struct stat& status, const std::string& path) {
  if (status.st_uid != ::geteuid()) {
    return fail(Errc::Denied, "{} belongs to another user; the code cache must be this user's own",
                path);
  }
  if ((status.st_mode & 077) != 0) {
    return fail(Errc::Denied, "{} is open to others (mode {:o}); the code cache must have mode 700",
                path, status.st_mode & 07777);
  }
  return {};
}

/// The whole entry, or nothing if it is not a private file of ours.
std::vector<std::byte> read_entry(int folder, const std::string& name) {
  const OwnedDescriptor file(
      ::openat(folder, name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file.is_open()) return {};
  struct stat status{};
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
  if (!check_owner(status, name)) return {};
  if (status.st_size < 0 || static_cast<uint64_t>(status.st_size) > kMaxEntryBytes) return {};
  std::vector<std::byte> bytes(static_cast<size_t>(status.st_size));
  size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t count = ::read(file.get(), bytes.data() + have, bytes.size() - have);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return {};
    have += static_cast<size_t>(count);
  }
  // What was used last is the last to go.
  ::futimens(file.get(), nullptr);
  return bytes;
}

}  // namespace

struct CodeCache::Impl {
  CodeCacheOptions options;
  OwnedDescriptor folder;

  static std::string name_for(const Engine& engine, std::span<const std::byte> wasm) {
    const Sha256Digest content = sha256(wasm);
    return to_hex(Sha256().add(content).add(engine.compatibility()).finish()) +
           std::string(kSuffix);
  }
  void evict() const;
};

CodeCache::CodeCache(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
CodeCache::~CodeCache() = default;

Result<std::unique_ptr<CodeCache>> CodeCache::open(const CodeCacheOptions& options) {
  namespace fs = std::filesystem;
  const fs::path path = options.folder;
  std::error_code error;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), error);
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return fail_errno(errno, fmt::format("making the code cache {}", options.folder));
  }
  OwnedDescriptor folder(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY | O_NOFOLLOW));
  if (!folder.is_open()) {
    if (errno == ELOOP || errno == ENOTDIR) {
      return fail(Errc::Denied, "{} is not a folder (a link is not followed)", options.folder);
    }
    return fail_errno(errno, fmt::format("opening the code cache {}", options.folder));
  }
  struct stat status{};
  if (::fstat(folder.get(), &status) != 0) {
    return fail_errno(errno, fmt::format("opening the code cache {}", options.folder));
  }
  TRY(check_owner(status, options.folder));
  auto impl = std::make_unique<Impl>(Impl{.options = options, .folder = std::move(folder)});
  return std::unique_ptr<CodeCache>(new CodeCache(std::move(impl)));
}

std::shared_ptr<const Module> CodeCache::load(const std::shared_ptr<Engine>& engine,
                                              std::span<const std::byte> wasm) const {
  const std::string name = Impl::name_for(*engine, wasm);
  const std::vector<std::byte> entry = read_entry(impl_->folder.get(), name);
  if (entry.empty()) return nullptr;
  const std::span<const std::byte> bytes = entry;
  if (bytes.size() < kHeaderBytes || std::memcmp(bytes.data(), kMagic.data(), kMagic.size()) != 0) {
    log::debug("entry {} of the code cache is not one of ours", name);
    return nullptr;
  }
  Sha256Digest expected;
  std::memcpy(expected.data(), bytes.data() + kMagic.size(), expected.size());
  const auto code = bytes.subspan(kHeaderBytes);
  // The name is part of what is signed, so that an entry cannot stand in for another.
  if (Sha256().add(name).add(code).finish() != expected) {
    log::warn("entry {} of the code cache is corrupt; compiling again", name);
    return nullptr;
  }
  auto module = Module::deserialize(engine, code);
  if (!module) {
    log::debug("entry {} of the code cache does not load: {}", name, module.error().message());
    return nullptr;
  }
  return std::move(*module);
}

Result<void> CodeCache::store(const Module& module, std::span<const std::byte> wasm) const {
  static std::atomic<unsigned> serial = 0;
  const std::string name = Impl::name_for(*module.engine(), wasm);
  const std::vector<std::byte> code = TRY(module.serialize());
  const Sha256Digest digest = Sha256().add(name).add(code).finish();

  const int folder = impl_->folder.get();
  const std::string temporary =
      fmt::format("{}.{}.{}{}", name, ::getpid(), serial++, kTemporarySuffix);
  OwnedDescriptor file(::openat(folder, temporary.c_str(),
                                O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.is_open()) return fail_errno(errno, "storing native code");
  int error = write_all(file.get(), kMagic);
  if (error == 0) error = write_all(file.get(), std::as_bytes(std::span(digest)));
  if (error == 0) error = write_all(file.get(), code);
  // No fsync: what a crash leaves half written fails its digest.
  if (error == 0) error = file.close();
  if (error == 0 && ::renameat(folder, temporary.c_str(), folder, name.c_str()) != 0) error = errno;
  if (error != 0) {
    ::unlinkat(folder, temporary.c_str(), 0);
    return fail_errno(error, "storing native code");
  }
  impl_->evict();
  return {};
}

void CodeCache::Impl::evict() const {
  struct Entry {
    std::string name;
    uint64_t bytes;
    timespec used;
  };
  // A descriptor of its own: the position in a folder is shared by copies of one.
  OwnedDescriptor listed(::openat(folder.get(), ".", O_RDONLY | O_CLOEXEC | O_DIRECTORY));
  if (!listed.is_open()) return;
  DIR* list = ::fdopendir(listed.get());
  if (list == nullptr) return;
  listed.release();  // closedir closes it
  std::vector<Entry> entries;
  uint64_t total = 0;
  const time_t now = ::time(nullptr);
  while (const dirent* item = ::readdir(list)) {  // NOLINT(concurrency-mt-unsafe): own stream
    std::string name = item->d_name;
    struct stat status{};
    if (::fstatat(folder.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (name.ends_with(kTemporarySuffix)) {
      if (now - status.st_mtime > kAbandonedSeconds) ::unlinkat(folder.get(), name.c_str(), 0);
    } else if (name.ends_with(kSuffix) && S_ISREG(status.st_mode)) {
      const auto bytes = static_cast<uint64_t>(status.st_size);
      total += bytes;
      entries.push_back({.name = std::move(name), .bytes = bytes, .used = status.st_mtim});
    }
  }
  ::closedir(list);
  if (total <= options.max_bytes) return;
  std::ranges::sort(entries, [](const Entry& a, const Entry& b) {
    return std::pair(a.used.tv_sec, a.used.tv_nsec) < std::pair(b.used.tv_sec, b.used.tv_nsec);
  });
  for (const Entry& entry : entries) {
    if (total <= options.max_bytes) break;
    // Another process may have been faster; it is gone all the same.
    ::unlinkat(folder.get(), entry.name.c_str(), 0);
    total -= entry.bytes;
  }
}

Result<std::shared_ptr<const Module>> CodeCache::load_or_compile(
    const std::shared_ptr<Engine>& engine, std::span<const std::byte> wasm) const {
  if (auto module = load(engine, wasm)) return module;
  auto module = TRY(Module::compile(engine, wasm));
  if (auto stored = store(*module, wasm); !stored) {
    log::warn("native code was not cached: {}", stored.error().message());
  }
  return module;
}

}  // namespace wasmcloud::engine
