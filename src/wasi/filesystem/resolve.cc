#include "wasi/filesystem/resolve.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

namespace wasmcloud::wasi::filesystem {

namespace {

std::atomic<bool> g_walk = [] {
  // Sandboxes answer EPERM to what they do not know, which a real openat2 does not say of this.
  open_how how{};
  how.flags = O_PATH | O_CLOEXEC;
  const long fd = syscall(SYS_openat2, AT_FDCWD, "/", &how, sizeof how);
  if (fd >= 0) ::close(static_cast<int>(fd));
  return fd < 0 && (errno == ENOSYS || errno == EPERM || errno == EACCES);
}();

}  // namespace

Resolver resolver() {
  return g_walk.load(std::memory_order_relaxed) ? Resolver::Walk : Resolver::Kernel;
}

void use_resolver(Resolver resolver) {
  g_walk.store(resolver == Resolver::Walk, std::memory_order_relaxed);
}

Result<OwnedDescriptor> open_beneath(int directory, std::string_view path, int flags,
                                     unsigned mode) {
  if (path.find('\0') != std::string_view::npos) {
    return fail_errno(EINVAL, "opening a path with a zero byte");
  }
  if (resolver() == Resolver::Walk) return walk_beneath(directory, path, flags, mode);
  const std::string name(path);
  open_how how{};
  how.flags = static_cast<uint64_t>(flags | O_CLOEXEC);
  how.mode = mode;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  // The kernel gives up on `..` when something was renamed meanwhile, anywhere on the machine; it
  // says EAGAIN, and a few more attempts are enough unless somebody does nothing else.
  for (int attempt = 0;; ++attempt) {
    const long fd = syscall(SYS_openat2, directory, name.c_str(), &how, sizeof how);
    if (fd >= 0) return OwnedDescriptor(static_cast<int>(fd));
    if (errno == EINTR || (errno == EAGAIN && attempt < 100)) continue;
    if (errno == EAGAIN) return walk_beneath(directory, path, flags, mode);
    // The way led out, or through a magic link; what the file system itself says differs.
    const int error = errno == EXDEV ? EPERM : errno;
    return fail_errno(error, "opening a path beneath a directory");
  }
}

Result<Parent> Parent::resolve(int directory, std::string_view path, int no_name) {
  if (path.empty()) return fail_errno(ENOENT, "resolving an empty path");
  Parent parent;
  while (path.ends_with('/')) {
    path.remove_suffix(1);
    parent.slash_after = true;
  }
  const size_t slash = path.rfind('/');
  parent.name = path.substr(slash == path.npos ? 0 : slash + 1);
  if (parent.name.empty() || parent.name == "." || parent.name == "..") {
    // Whether the path leads out matters more than that it has no name; of slashes alone it does.
    TRY(open_beneath(directory, path.empty() ? "/" : path, O_PATH));
    return fail_errno(no_name, "resolving a path that ends in a dot");
  }
  if (parent.name.find('\0') != std::string::npos) {
    return fail_errno(EINVAL, "resolving a path with a zero byte");
  }
  const std::string_view before =
      slash == path.npos ? std::string_view(".") : path.substr(0, slash == 0 ? 1 : slash);
  parent.directory = TRY(open_beneath(directory, before, O_PATH | O_DIRECTORY));
  if (parent.slash_after) {
    // A link with a slash after it is what it leads to; that matters only where it leads out.
    const auto target =
        open_beneath(parent.directory.get(), parent.name + "/", O_PATH | O_DIRECTORY);
    if (!target && target.error().number() == EPERM) {
      TRY(open_beneath(directory, fmt::format("{}/{}/", before, parent.name), O_PATH));
    }
  }
  return parent;
}

Result<void> Parent::check_slash() const {
  if (!slash_after) return {};
  struct stat status{};
  if (::fstatat(directory.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    return fail_errno(errno, "looking at a path");
  }
  if (!S_ISDIR(status.st_mode)) return fail_errno(ENOTDIR, "looking at a path");
  return {};
}

}  // namespace wasmcloud::wasi::filesystem
