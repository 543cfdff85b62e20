#include "base/watch.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <dirent.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <set>
#include <unordered_map>

namespace wasmcloud {
namespace asio = boost::asio;
namespace {

// IN_CREATE is for folders and links; a file's content is there at IN_CLOSE_WRITE. Not IN_MODIFY: a
// log that is kept open would be a change with every line.
constexpr uint32_t kEvents = IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO |
                             IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR |
                             IN_DONT_FOLLOW | IN_EXCL_UNLINK;

std::string child_of(std::string_view folder, std::string_view name) {
  return folder.empty() ? std::string(name) : fmt::format("{}/{}", folder, name);
}

/// The entries of a folder; nothing if it cannot be read, since it may just have gone.
std::vector<std::pair<std::string, FileKind>> list(const std::string& folder) {
  std::vector<std::pair<std::string, FileKind>> out;
  DIR* stream = ::opendir(folder.c_str());
  if (stream == nullptr) return out;
  while (const dirent* entry =
             ::readdir(stream)) {  // NOLINT(concurrency-mt-unsafe): the stream is ours
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    bool directory = entry->d_type == DT_DIR;
    if (entry->d_type == DT_UNKNOWN) {
      struct stat status = {};
      directory = ::lstat(child_of(folder, name).c_str(), &status) == 0 && S_ISDIR(status.st_mode);
    }
    out.emplace_back(name, directory ? FileKind::Directory : FileKind::File);
  }
  ::closedir(stream);
  return out;
}

}  // namespace

struct FileWatch::Impl {
  Impl(Loop& on, std::string at, Filter filter, int fd)
      : loop(on), root(std::move(at)), skip(std::move(filter)), stream(on.executor(), fd) {}

  std::string absolute(std::string_view path) const {
    if (path.starts_with('/')) return std::string(path);
    return path.empty() ? root : child_of(root, path);
  }

  bool is_asked_for(const std::string& folder, std::string_view name) const {
    if (others.empty()) return false;
    const std::string above = absolute(folder);
    return others.contains(above) || others.contains(child_of(above, name));
  }

  Result<void> watch_others() {
    for (const std::string& path : others) {
      struct stat status = {};
      const bool is_folder = ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
      const std::string folder = is_folder ? path : path.substr(0, path.rfind('/'));
      // Of a folder that is watched already there would be two names.
      if (std::ranges::any_of(folders,
                              [&](const auto& each) { return absolute(each.second) == folder; }))
        continue;
      const Result<void> watched = watch(folder);
      if (watched || watched.error().code() == Errc::NotFound ||
          watched.error().code() == Errc::Denied)
        continue;
      return fail(watched.error().copy());
    }
    return {};
  }

  /// Watches `path` and all folders below; with `report`, the files found count as changed.
  Result<void> add(const std::string& path, bool report) {
    std::vector<std::string> todo{path};
    while (!todo.empty()) {
      const std::string folder = std::move(todo.back());
      todo.pop_back();
      if (const Result<void> watched = watch(folder); !watched) {
        // A folder below may be gone again, or closed to us; that must not end the watching.
        const Errc code = watched.error().code();
        if (folder.empty() || (code != Errc::NotFound && code != Errc::Denied))
          return fail(watched.error().copy());
        continue;
      }
      // Watched first, listed second: what is made in between is seen at least once.
      for (auto& [name, kind] : list(absolute(folder))) {
        std::string child = child_of(folder, name);
        if (skip(child, kind)) continue;
        if (kind == FileKind::Directory) {
          todo.push_back(std::move(child));
        } else if (report) {
          changed.insert(std::move(child));
        }
      }
    }
    return {};
  }

  Result<void> watch(const std::string& folder) {
    const std::string path = absolute(folder);
    const int id = ::inotify_add_watch(stream.native_handle(), path.c_str(), kEvents);
    if (id >= 0) {
      folders[id] = folder;
      return {};
    }
    if (errno == ENOSPC)
      return fail(
          Errc::Limit,
          "watching {}: the system allows no more watches; raise it with "
          "'sysctl fs.inotify.max_user_watches=524288', or list large folders in .gitignore",
          path);
    if (errno == ENOTDIR) return fail(Errc::NotFound, "watching {}: it is no folder", path);
    return fail_errno(errno, "watching " + path);
  }

  void forget_below(const std::string& folder) {
    for (auto at = folders.begin(); at != folders.end();) {
      const std::string& path = at->second;
      const bool below = path == folder || (path.starts_with(folder) && path[folder.size()] == '/');
      if (!below) {
        ++at;
        continue;
      }
      ::inotify_rm_watch(stream.native_handle(), at->first);
      at = folders.erase(at);
    }
  }

  Result<void> handle(const inotify_event& event, std::string_view name) {
    if ((event.mask & IN_Q_OVERFLOW) != 0) {
      changed.insert(std::string());
      return add({}, false);
    }
    const auto found = folders.find(event.wd);
    if (found == folders.end()) return {};
    const std::string folder = found->second;
    if ((event.mask & (IN_DELETE_SELF | IN_MOVE_SELF)) != 0) {
      if (folder.empty()) return fail(Errc::NotFound, "the watched folder {} is gone", root);
      return {};
    }
    if ((event.mask & IN_IGNORED) != 0) {
      folders.erase(found);
      return {};
    }
    const bool directory = (event.mask & IN_ISDIR) != 0;
    std::string path = child_of(folder, name);
    if (name.empty()) return {};
    const bool is_outside = folder.starts_with('/');
    const bool is_skipped =
        is_outside || skip(path, directory ? FileKind::Directory : FileKind::File);
    if (is_skipped) {
      if (directory || !is_asked_for(folder, name)) return {};
      if ((event.mask & IN_CREATE) != 0) born.insert(path);
      changed.insert(std::move(path));
      return {};
    }
    if ((event.mask & IN_CREATE) != 0) born.insert(path);
    if (!directory) {
      changed.insert(std::move(path));
      return {};
    }
    if ((event.mask & (IN_DELETE | IN_MOVED_FROM)) != 0) {
      forget_below(path);
      changed.insert(std::move(path));
    } else if ((event.mask & (IN_CREATE | IN_MOVED_TO)) != 0) {
      return add(path, true);
    }
    return {};
  }

  /// Takes what the kernel holds; it is never blocked by that.
  Result<void> read_events() {
    alignas(inotify_event) std::array<char, 16384> buffer;
    for (;;) {
      const ssize_t got = ::read(stream.native_handle(), buffer.data(), buffer.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0 && errno == EAGAIN) return {};
      if (got < 0) return fail_errno(errno, "watching " + root);
      for (size_t at = 0; at < static_cast<size_t>(got);) {
        inotify_event event;
        std::memcpy(&event, buffer.data() + at, sizeof event);
        // The name is padded with zeros.
        const char* name = buffer.data() + at + sizeof event;
        TRY(handle(event, std::string_view(name, event.len == 0 ? 0 : ::strnlen(name, event.len))));
        at += sizeof event + event.len;
      }
    }
  }

  std::vector<std::string> take() {
    std::vector<std::string> out;
    struct stat status = {};
    for (const std::string& path : changed) {
      // Made and gone since the last time: temporary files of editors, folders that tools make
      // aside and rename.
      if (born.contains(path) && ::lstat(absolute(path).c_str(), &status) != 0) continue;
      out.push_back(path);
    }
    changed.clear();
    born.clear();
    return out;
  }

  Task<void> readable() {
    using Stream = decltype(stream);
    const auto [error] = co_await stream.async_wait(Stream::wait_read, asio::as_tuple(kAwait));
    if (error == asio::error::operation_aborted)
      co_return fail(Errc::Cancelled, "the watching was stopped");
    if (error) co_return fail(Errc::Io, "watching {}: {}", root, error.message());
    co_return Result<void>();
  }

  Loop& loop;
  std::string root;
  Filter skip;
  asio::posix::basic_stream_descriptor<Executor> stream;
  std::unordered_map<int, std::string> folders;
  std::set<std::string, std::less<>> others;  ///< of `also`
  std::set<std::string> changed;
  std::set<std::string> born;  ///< of `changed`, those that were made since the last `take`
};

FileWatch::FileWatch(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
FileWatch::~FileWatch() = default;

Result<std::unique_ptr<FileWatch>> FileWatch::tree(Loop& loop, std::string root, Filter skip) {
  const int fd = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (fd < 0 && errno == EMFILE)
    return fail(Errc::Limit,
                "watching {}: no more watchers are allowed; raise it with 'sysctl "
                "fs.inotify.max_user_instances=1024'",
                root);
  if (fd < 0) return fail_errno(errno, "watching " + root);
  auto impl = std::make_unique<Impl>(loop, std::move(root), std::move(skip), fd);
  TRY(impl->add({}, false));
  return std::unique_ptr<FileWatch>(new FileWatch(std::move(impl)));
}

Result<void> FileWatch::also(const std::vector<std::string>& paths) {
  impl_->others = {paths.begin(), paths.end()};
  return impl_->watch_others();
}

Task<std::vector<std::string>> FileWatch::next(Clock::duration quiet) {
  for (;;) {
    CO_TRY(impl_->read_events());
    while (impl_->changed.empty()) {
      CO_TRY(co_await impl_->readable());
      CO_TRY(impl_->read_events());
    }
    // Something that writes all the time must not hold the rest up for ever.
    const Clock::time_point latest = Clock::now() + 10 * quiet;
    while (Clock::now() < latest) {
      const Result<void> more =
          co_await with_deadline(impl_->loop, quiet, "quiet", impl_->readable());
      if (!more && more.error().code() == Errc::Timeout) break;
      if (!more) co_return fail(more.error().copy());
      CO_TRY(impl_->read_events());
    }
    std::vector<std::string> changed = impl_->take();
    if (!changed.empty()) co_return std::move(changed);
  }
}

std::vector<std::string> FileWatch::pending() {
  static_cast<void>(impl_->read_events());
  return impl_->take();
}

}  // namespace wasmcloud
