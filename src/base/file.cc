#include "base/file.h"

#include "base/descriptor.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>

namespace wasmcloud {
Result<std::string> read_file(const std::string& path, uint64_t max_bytes) {
  const std::string doing = "reading " + path;
  const OwnedDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return fail_errno(errno, doing);
  struct stat status = {};
  if (::fstat(file.get(), &status) != 0) return fail_errno(errno, doing);
  if (S_ISDIR(status.st_mode)) return fail(Errc::Invalid, "{}: it is a directory", doing);
  if (S_ISREG(status.st_mode) && static_cast<uint64_t>(status.st_size) > max_bytes)
    return fail(Errc::Limit, "{}: it has {} bytes, and the limit is {}", doing, status.st_size,
                max_bytes);

  std::string content;
  // The size is a hint only: it is 0 for pipes, and the file may be growing.
  size_t room = static_cast<size_t>(status.st_size) + 1;
  for (;;) {
    const size_t have = content.size();
    content.resize(have + room);
    const ssize_t got = ::read(file.get(), content.data() + have, room);
    if (got < 0) {
      const int error = errno;
      content.resize(have);
      if (error == EINTR) continue;
      return fail_errno(error, doing);
    }
    content.resize(have + static_cast<size_t>(got));
    if (content.size() > max_bytes)
      return fail(Errc::Limit, "{}: it has more than the allowed {} bytes", doing, max_bytes);
    if (got == 0) return content;
    room = std::max<size_t>(room - static_cast<size_t>(got), 4096);
  }
}

namespace {

std::string folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

Result<void> sync_folder(const std::string& path) {
  const OwnedDescriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.is_open() || ::fsync(folder.get()) != 0)
    return fail_errno(errno, "writing the folder " + path + " to disk");
  return {};
}

Result<void> write_file(const std::string& path, std::string_view content, Durable durable) {
  static std::atomic<unsigned> serial = 0;
  const std::string doing = "writing " + path;
  const std::string temporary = fmt::format("{}.{}.{}.tmp", path, ::getpid(), serial++);
  OwnedDescriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!file.is_open()) return fail_errno(errno, doing);
  int error = write_all(file.get(), content);
  // Its bytes before its name, or the name might lead to nothing.
  if (error == 0 && durable == Durable::Yes && ::fsync(file.get()) != 0) error = errno;
  if (error == 0) error = file.close();
  if (error == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) error = errno;
  if (error != 0) {
    ::unlink(temporary.c_str());
    return fail_errno(error, doing);
  }
  if (durable == Durable::No) return {};
  return sync_folder(folder_of(path));
}

bool file_exists(const std::string& path) {
  struct stat status = {};
  return ::stat(path.c_str(), &status) == 0;
}

}  // namespace wasmcloud
