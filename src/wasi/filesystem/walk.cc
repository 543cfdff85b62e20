#include "wasi/filesystem/resolve.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <vector>

namespace wasmcloud::wasi::filesystem {
namespace {

/// As Linux has it.
constexpr int kMaxLinks = 40;

std::unexpected<Error> walk_error(int number) {
  return fail_errno(number, "opening a path beneath a directory");
}

class Walk {
 public:
  Walk(int root, std::string path) : root_(root), rest_(std::move(path)) {}

  Result<OwnedDescriptor> run(int flags, unsigned mode) {
    TRY(check_rest());
    for (;;) {
      const size_t end = std::min(rest_.find('/'), rest_.size());
      const size_t next = std::min(rest_.find_first_not_of('/', end), rest_.size());
      const std::string name = rest_.substr(0, end);
      const bool slash_after = end < rest_.size();
      rest_.erase(0, next);
      if (name == "." || name == "..") {
        if (name == ".." && below_.empty()) return walk_error(EPERM);
        if (name == "..") below_.pop_back();
        if (rest_.empty()) return open_top(flags);
      } else if (rest_.empty()) {
        auto opened = TRY(open_last(name, slash_after, flags, mode));
        if (opened) return std::move(*opened);
      } else {
        TRY(enter(name));
      }
    }
  }

 private:
  int top() const { return below_.empty() ? root_ : below_.back().get(); }

  Result<void> check_rest() const {
    if (rest_.empty()) return walk_error(ENOENT);
    if (rest_.front() == '/') return walk_error(EPERM);
    if (rest_.size() >= PATH_MAX) return walk_error(ENAMETOOLONG);
    return {};
  }

  /// Puts the target of a link in front of the rest. A magic link's text is a path like any other.
  Result<void> follow(int directory, const char* name, bool slash_after) {
    std::array<char, PATH_MAX> target;
    const ssize_t size = ::readlinkat(directory, name, target.data(), target.size());
    if (size < 0) return walk_error(errno);
    if (++links_ > kMaxLinks) return walk_error(ELOOP);
    std::string path(target.data(), static_cast<size_t>(size));
    if (slash_after || !rest_.empty()) path += '/';
    rest_.insert(0, path);
    return check_rest();
  }

  Result<void> enter(const std::string& name) {
    OwnedDescriptor fd(::openat(top(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    struct stat status{};
    if (fd.get() < 0 || ::fstat(fd.get(), &status) != 0) return walk_error(errno);
    if (S_ISLNK(status.st_mode)) return follow(fd.get(), "", true);
    if (!S_ISDIR(status.st_mode)) return walk_error(ENOTDIR);
    if (below_.size() == kMaxWalkDepth) return walk_error(ENAMETOOLONG);
    below_.push_back(std::move(fd));
    return {};
  }

  Result<OwnedDescriptor> open_top(int flags) const {
    if ((flags & O_CREAT) != 0) return walk_error((flags & O_EXCL) != 0 ? EEXIST : EISDIR);
    OwnedDescriptor fd(::openat(top(), ".", (flags & ~O_NOFOLLOW) | O_CLOEXEC));
    if (fd.get() < 0) return walk_error(errno);
    return fd;
  }

  /// Nothing if it was a link, which is then in front of the rest.
  Result<std::optional<OwnedDescriptor>> open_last(const std::string& name, bool slash_after,
                                                   int flags, unsigned mode) {
    bool follows = (flags & O_NOFOLLOW) == 0;
    if (slash_after) {
      if ((flags & O_CREAT) != 0) return walk_error(EISDIR);
      flags |= O_DIRECTORY;
      follows = true;
    }
    if ((flags & O_CREAT) != 0 && (flags & O_EXCL) != 0) follows = false;
    int fd = -1;
    do {
      fd = ::openat(top(), name.c_str(), flags | O_NOFOLLOW | O_CLOEXEC, mode);
    } while (fd < 0 && errno == EINTR);
    const int error = fd < 0 ? errno : 0;
    OwnedDescriptor opened(fd);
    if (follows && (error == ELOOP || error == ENOTDIR || (flags & O_PATH) != 0)) {
      struct stat status{};
      const int looked = fd >= 0 ? ::fstat(fd, &status)
                                 : ::fstatat(top(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW);
      if (looked == 0 && S_ISLNK(status.st_mode)) {
        TRY(follow(fd >= 0 ? fd : top(), fd >= 0 ? "" : name.c_str(), slash_after));
        return std::nullopt;
      }
    }
    if (error != 0) return walk_error(error);
    return std::optional(std::move(opened));
  }

  int root_;
  std::vector<OwnedDescriptor> below_;  ///< the folders from the root to where we are
  std::string rest_;
  int links_ = 0;
};

}  // namespace

Result<OwnedDescriptor> walk_beneath(int directory, std::string_view path, int flags,
                                     unsigned mode) {
  return Walk(directory, std::string(path)).run(flags, mode);
}

}  // namespace wasmcloud::wasi::filesystem
