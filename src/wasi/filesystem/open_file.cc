#include "wasi/filesystem/detail/convert.h"
#include "wasi/filesystem/file_system.h"

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <limits>

namespace wasmcloud::wasi::filesystem {
namespace {

constexpr uint64_t kMaxOffset = static_cast<uint64_t>(std::numeric_limits<off_t>::max());

std::unexpected<Error> last_error(std::string_view doing) { return fail_errno(errno, doing); }

}  // namespace

OpenFile::~OpenFile() { ::close(fd_); }

Result<Stat> OpenFile::stat() const { return detail::stat_of(fd_); }

Result<Identity> OpenFile::identity() const { return detail::identity_of(fd_); }

Result<void> OpenFile::set_times(NewTime accessed, NewTime modified) const {
  // Even a file opened for reading alone may get new times.
  if (!access_.in_mutable_tree) return fail_errno(EROFS, "setting times");
  const auto times = TRY(detail::to_timespecs(accessed, modified));
  if (::futimens(fd_, times.data()) != 0) return last_error("setting times");
  return {};
}

Result<std::pair<Bytes, bool>> OpenFile::read(uint64_t size, uint64_t offset) const {
  if (is_directory()) return fail_errno(EISDIR, "reading a directory");
  if (!access_.read) return fail_errno(EBADF, "reading");
  size = std::min(size, kMaxRead);
  if (offset > kMaxOffset - size) return std::pair(Bytes(), true);
  int error = 0;
  size_t got = 0;
  Bytes bytes = Bytes::filled(size, [&](std::span<std::byte> into) {
    while (got < into.size()) {
      const ssize_t count =
          ::pread(fd_, into.data() + got, into.size() - got, static_cast<off_t>(offset + got));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) error = errno;
      if (count <= 0) break;
      got += static_cast<size_t>(count);
      // A device or a pipe gives what it has.
      if (type_ != Type::RegularFile) break;
    }
    return got;
  });
  if (error != 0 && got == 0) return fail_errno(error, "reading");
  return std::pair(std::move(bytes), got < size && error == 0);
}

Result<uint64_t> OpenFile::write(std::span<const std::byte> bytes, uint64_t offset) const {
  if (is_directory()) return fail_errno(EISDIR, "writing to a directory");
  if (!access_.write) return fail_errno(EBADF, "writing");
  if (offset > kMaxOffset - bytes.size()) return fail_errno(EFBIG, "writing");
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count =
        ::pwrite(fd_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      if (done > 0) break;
      return last_error("writing");
    }
    done += static_cast<size_t>(count);
  }
  return done;
}

Result<void> OpenFile::append(std::span<const std::byte> bytes) const {
  if (is_directory()) return fail_errno(EISDIR, "writing to a directory");
  if (!access_.write) return fail_errno(EBADF, "writing");
  while (!bytes.empty()) {
    // RWF_APPEND finds the end and writes in one step, whoever else appends.
    const iovec part{.iov_base = const_cast<std::byte*>(bytes.data()), .iov_len = bytes.size()};
    const ssize_t count = ::pwritev2(fd_, &part, 1, 0, RWF_APPEND);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return last_error("appending");
    bytes = bytes.subspan(static_cast<size_t>(count));
  }
  return {};
}

Result<void> OpenFile::set_size(uint64_t size) const {
  if (!access_.write) return fail_errno(EBADF, "setting the size");
  if (size > kMaxOffset) return fail_errno(EINVAL, "setting the size");
  while (::ftruncate(fd_, static_cast<off_t>(size)) != 0) {
    if (errno != EINTR) return last_error("setting the size");
  }
  return {};
}

Result<void> OpenFile::sync() const {
  if (::fsync(fd_) != 0 && errno != EINVAL) return last_error("syncing");
  return {};
}

Result<void> OpenFile::sync_data() const {
  if (::fdatasync(fd_) != 0 && errno != EINVAL) return last_error("syncing");
  return {};
}

Result<void> OpenFile::advise(uint64_t offset, uint64_t length, Advice advice) const {
  if (is_directory()) return fail_errno(EBADF, "advising on a directory");
  if (offset > kMaxOffset || length > kMaxOffset) return fail_errno(EINVAL, "advising");
  int kind = POSIX_FADV_NORMAL;
  switch (advice) {
    case Advice::Normal:
      break;
    case Advice::Sequential:
      kind = POSIX_FADV_SEQUENTIAL;
      break;
    case Advice::Random:
      kind = POSIX_FADV_RANDOM;
      break;
    case Advice::WillNeed:
      kind = POSIX_FADV_WILLNEED;
      break;
    case Advice::DontNeed:
      kind = POSIX_FADV_DONTNEED;
      break;
    case Advice::NoReuse:
      kind = POSIX_FADV_NOREUSE;
      break;
  }
  const int error =
      ::posix_fadvise(fd_, static_cast<off_t>(offset), static_cast<off_t>(length), kind);
  if (error != 0) return fail_errno(error, "advising");
  return {};
}

}  // namespace wasmcloud::wasi::filesystem
