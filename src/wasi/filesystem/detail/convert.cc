#include "wasi/filesystem/detail/convert.h"

#include <fcntl.h>

#include <cerrno>

namespace wasmcloud::wasi::filesystem::detail {
namespace {

clocks::WallTime to_wall_time(const timespec& time) {
  return {.seconds = time.tv_sec, .nanoseconds = static_cast<uint32_t>(time.tv_nsec)};
}

Result<timespec> to_timespec(const NewTime& time) {
  switch (time.kind) {
    case NewTime::Kind::Keep:
      return timespec{.tv_sec = 0, .tv_nsec = UTIME_OMIT};
    case NewTime::Kind::Now:
      return timespec{.tv_sec = 0, .tv_nsec = UTIME_NOW};
    case NewTime::Kind::Given:
      break;
  }
  if (time.time.nanoseconds >= clocks::kNanoseconds) return fail_errno(EINVAL, "setting times");
  return timespec{.tv_sec = time.time.seconds, .tv_nsec = static_cast<long>(time.time.nanoseconds)};
}

}  // namespace

Type type_of(mode_t mode) {
  if (S_ISREG(mode)) return Type::RegularFile;
  if (S_ISDIR(mode)) return Type::Directory;
  if (S_ISLNK(mode)) return Type::SymbolicLink;
  if (S_ISCHR(mode)) return Type::CharacterDevice;
  if (S_ISBLK(mode)) return Type::BlockDevice;
  if (S_ISFIFO(mode)) return Type::Fifo;
  if (S_ISSOCK(mode)) return Type::Socket;
  return Type::Unknown;
}

Type type_of_entry(unsigned char type) { return type_of(DTTOIF(type)); }

Result<Stat> stat_of(int fd) {
  struct stat status{};
  if (::fstat(fd, &status) != 0) return fail_errno(errno, "looking at a file");
  return Stat{.type = type_of(status.st_mode),
              .link_count = status.st_nlink,
              .size = static_cast<uint64_t>(status.st_size),
              .accessed = to_wall_time(status.st_atim),
              .modified = to_wall_time(status.st_mtim),
              .changed = to_wall_time(status.st_ctim)};
}

Result<Identity> identity_of(int fd) {
  struct stat status{};
  if (::fstat(fd, &status) != 0) return fail_errno(errno, "looking at a file");
  return Identity{.device = status.st_dev, .inode = status.st_ino};
}

Result<std::array<timespec, 2>> to_timespecs(const NewTime& accessed, const NewTime& modified) {
  return std::array<timespec, 2>{TRY(to_timespec(accessed)), TRY(to_timespec(modified))};
}

}  // namespace wasmcloud::wasi::filesystem::detail
