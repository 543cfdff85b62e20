#include "base/utf8.h"
#include "wasi/filesystem/detail/convert.h"
#include "wasi/filesystem/file_system.h"
#include "wasi/filesystem/resolve.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace wasmcloud::wasi::filesystem {
namespace {

/// Directory entries are read, and given to the guest, in portions of this many.
constexpr size_t kEntriesAtOnce = 256;

std::unexpected<Error> last_error(std::string_view doing) { return fail_errno(errno, doing); }

Result<void> check_directory(const OpenFile& file) {
  if (!file.is_directory()) return fail_errno(ENOTDIR, "using a file as a directory");
  return {};
}

Result<void> check_mutable(const OpenFile& directory) {
  TRY(check_directory(directory));
  if (!directory.access().in_mutable_tree) return fail_errno(EROFS, "changing a directory");
  return {};
}

Result<OwnedDescriptor> look_up(const OpenFile& directory, Follow follow, std::string_view path) {
  TRY(check_directory(directory));
  return open_beneath(directory.fd(), path, O_PATH | (follow == Follow::No ? O_NOFOLLOW : 0));
}

}  // namespace

Result<FilePtr> open_preopen(const std::string& host_path, Access access) {
  OwnedDescriptor fd(::open(host_path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0) return last_error(fmt::format("opening directory '{}'", host_path));
  return std::make_shared<const OpenFile>(fd.release(), Type::Directory, access);
}

Result<FilePtr> open_at(const OpenFile& directory, Follow follow, std::string_view path,
                        OpenFlags flags, Access access) {
  TRY(check_directory(directory));
  const bool may_change = directory.access().in_mutable_tree;
  if (!may_change && (flags.create || flags.truncate || access.write || access.mutate_directory)) {
    return fail_errno(EROFS, "opening a file for a change");
  }
  // Older kernels make a regular file of this.
  if (flags.create && flags.directory) return fail_errno(EINVAL, "opening");
  // Nobody waits for the other end of a fifo, and no terminal becomes ours.
  int how = O_NONBLOCK | O_NOCTTY;
  if (access.write) {
    how |= access.read ? O_RDWR : O_WRONLY;
  } else {
    how |= O_RDONLY;
  }
  if (follow == Follow::No) how |= O_NOFOLLOW;
  if (flags.create) how |= O_CREAT;
  if (flags.exclusive) how |= O_EXCL;
  if (flags.truncate) how |= O_TRUNC;
  if (flags.directory) how |= O_DIRECTORY;
  if (access.file_integrity_sync) how |= O_SYNC;
  if (access.data_integrity_sync) how |= O_DSYNC;
  OwnedDescriptor fd = TRY(open_beneath(directory.fd(), path, how, flags.create ? 0666 : 0));
  const Type type = TRY(detail::stat_of(fd.get())).type;
  // A directory passes on what its own may: preview 1 has no way to ask for it.
  access.in_mutable_tree = may_change;
  access.mutate_directory = access.mutate_directory && type == Type::Directory;
  if (type == Type::Directory) access.read = directory.access().read;
  return std::make_shared<const OpenFile>(fd.release(), type, access);
}

Result<Stat> stat_at(const OpenFile& directory, Follow follow, std::string_view path) {
  return detail::stat_of(TRY(look_up(directory, follow, path)).get());
}

Result<Identity> identity_at(const OpenFile& directory, Follow follow, std::string_view path) {
  return detail::identity_of(TRY(look_up(directory, follow, path)).get());
}

Result<void> set_times_at(const OpenFile& directory, Follow follow, std::string_view path,
                          NewTime accessed, NewTime modified) {
  TRY(check_mutable(directory));
  const auto times = TRY(detail::to_timespecs(accessed, modified));
  const OwnedDescriptor fd = TRY(look_up(directory, follow, path));
  if (::utimensat(fd.get(), "", times.data(), AT_EMPTY_PATH) != 0) {
    return last_error("setting times");
  }
  return {};
}

Result<void> create_directory_at(const OpenFile& directory, std::string_view path) {
  TRY(check_mutable(directory));
  const Parent parent = TRY(Parent::resolve(directory.fd(), path, EEXIST));
  if (::mkdirat(parent.directory.get(), parent.name.c_str(), 0777) != 0) {
    return last_error("making a directory");
  }
  return {};
}

Result<void> remove_directory_at(const OpenFile& directory, std::string_view path) {
  TRY(check_mutable(directory));
  const Parent parent = TRY(Parent::resolve(directory.fd(), path, EINVAL));
  if (::unlinkat(parent.directory.get(), parent.name.c_str(), AT_REMOVEDIR) != 0) {
    return last_error("removing a directory");
  }
  return {};
}

Result<void> unlink_file_at(const OpenFile& directory, std::string_view path) {
  TRY(check_mutable(directory));
  const Parent parent = TRY(Parent::resolve(directory.fd(), path, EISDIR));
  TRY(parent.check_slash());
  if (::unlinkat(parent.directory.get(), parent.name.c_str(), 0) != 0) {
    return last_error("removing a file");
  }
  return {};
}

Result<void> rename_at(const OpenFile& from, std::string_view old_path, const OpenFile& to,
                       std::string_view new_path) {
  TRY(check_mutable(from));
  TRY(check_mutable(to));
  const Parent before = TRY(Parent::resolve(from.fd(), old_path, EBUSY));
  const Parent after = TRY(Parent::resolve(to.fd(), new_path, EBUSY));
  TRY(before.check_slash());
  if (after.slash_after && !before.slash_after) {
    const Parent as_directory{.directory = OwnedDescriptor(::dup(before.directory.get())),
                              .name = before.name,
                              .slash_after = true};
    TRY(as_directory.check_slash());
  }
  if (::renameat(before.directory.get(), before.name.c_str(), after.directory.get(),
                 after.name.c_str()) != 0) {
    return last_error("renaming");
  }
  return {};
}

Result<void> link_at(const OpenFile& from, std::string_view old_path, const OpenFile& to,
                     std::string_view new_path) {
  TRY(check_mutable(from));
  TRY(check_mutable(to));
  const Parent before = TRY(Parent::resolve(from.fd(), old_path, EPERM));
  const Parent after = TRY(Parent::resolve(to.fd(), new_path, EEXIST));
  TRY(before.check_slash());
  if (after.slash_after) return fail_errno(ENOENT, "making a link");
  if (::linkat(before.directory.get(), before.name.c_str(), after.directory.get(),
               after.name.c_str(), 0) != 0) {
    return last_error("making a link");
  }
  return {};
}

Result<void> symlink_at(const OpenFile& directory, std::string_view target, std::string_view path) {
  TRY(check_mutable(directory));
  if (target.starts_with('/')) return fail_errno(EPERM, "making a link to an absolute path");
  if (target.find('\0') != target.npos) return fail_errno(EINVAL, "making a link");
  const Parent parent = TRY(Parent::resolve(directory.fd(), path, EEXIST));
  if (parent.slash_after) return fail_errno(ENOENT, "making a link");
  if (::symlinkat(std::string(target).c_str(), parent.directory.get(), parent.name.c_str()) != 0) {
    return last_error("making a link");
  }
  return {};
}

Result<std::string> readlink_at(const OpenFile& directory, std::string_view path) {
  TRY(check_directory(directory));
  const Parent parent = TRY(Parent::resolve(directory.fd(), path, EINVAL));
  TRY(parent.check_slash());
  std::string target(256, '\0');
  while (true) {
    const ssize_t size =
        ::readlinkat(parent.directory.get(), parent.name.c_str(), target.data(), target.size());
    if (size < 0) return last_error("reading a link");
    if (static_cast<size_t>(size) < target.size()) {
      target.resize(static_cast<size_t>(size));
      break;
    }
    target.resize(target.size() * 2);
  }
  if (target.starts_with('/')) return fail_errno(EPERM, "reading a link to an absolute path");
  if (!is_utf8(target)) return fail_errno(EILSEQ, "reading a link");
  return target;
}

Result<std::shared_ptr<DirectoryReader>> DirectoryReader::open(const OpenFile& directory) {
  TRY(check_directory(directory));
  if (!directory.access().read) return fail_errno(EBADF, "reading a directory");
  // A description of its own, and with it a position of its own.
  OwnedDescriptor fd(::openat(directory.fd(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0) return last_error("reading a directory");
  DIR* const stream = ::fdopendir(fd.get());
  if (stream == nullptr) return last_error("reading a directory");
  fd.release();
  return std::make_shared<DirectoryReader>(stream);
}

DirectoryReader::~DirectoryReader() { ::closedir(stream_); }

Result<std::vector<DirectoryEntry>> DirectoryReader::next() {
  std::vector<DirectoryEntry> entries;
  if (std::exchange(unreadable_, false)) return fail_errno(EILSEQ, "reading a directory");
  while (entries.size() < kEntriesAtOnce) {
    errno = 0;
    // One thread at a time has a reader, so readdir is safe.
    const dirent* const entry = ::readdir(stream_);  // NOLINT(concurrency-mt-unsafe): see above
    if (entry == nullptr) {
      if (errno != 0) return last_error("reading a directory");
      break;
    }
    const std::string_view name(entry->d_name);
    if (name == "." || name == "..") continue;
    if (!is_utf8(name)) {
      if (entries.empty()) return fail_errno(EILSEQ, "reading a directory");
      unreadable_ = true;
      break;
    }
    Type type = detail::type_of_entry(entry->d_type);
    if (entry->d_type == DT_UNKNOWN) {
      struct stat status{};
      if (::fstatat(::dirfd(stream_), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0) {
        type = detail::type_of(status.st_mode);
      }
    }
    entries.push_back({.type = type, .name = std::string(name)});
  }
  return entries;
}

}  // namespace wasmcloud::wasi::filesystem
