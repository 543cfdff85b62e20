#pragma once

#include "base/bytes.h"
#include "base/error.h"
#include "wasi/clocks/wall_clock.h"

#include <dirent.h>

namespace wasmcloud::wasi::filesystem {

/// What a descriptor may be used for.
struct Access {
  bool read = false;
  bool write = false;
  /// Directories: whether a guest asked for changing entries, and so is told that it may.
  bool mutate_directory = false;
  /// What was opened lies in a tree that may be changed: entries of a directory may be made,
  /// changed and removed, and files opened for writing. Passed on from a directory to what is
  /// opened in it, whatever else was asked for.
  bool in_mutable_tree = false;
  bool file_integrity_sync = false;
  bool data_integrity_sync = false;

  static Access read_only() { return {.read = true}; }
  static Access read_write() {
    return {.read = true, .write = true, .mutate_directory = true, .in_mutable_tree = true};
  }
};

enum class Follow : uint8_t { No, Yes };
enum class Advice : uint8_t { Normal, Sequential, Random, WillNeed, DontNeed, NoReuse };

struct OpenFlags {
  bool create = false;
  bool directory = false;
  bool exclusive = false;
  bool truncate = false;
};

enum class Type : uint8_t {
  Unknown,
  BlockDevice,
  CharacterDevice,
  Directory,
  Fifo,
  SymbolicLink,
  RegularFile,
  Socket,
};

struct Stat {
  Type type = Type::Unknown;
  uint64_t link_count = 0;
  uint64_t size = 0;
  clocks::WallTime accessed;
  clocks::WallTime modified;
  clocks::WallTime changed;
};

/// A timestamp to set: none, the present moment, or a given one.
struct NewTime {
  enum class Kind : uint8_t { Keep, Now, Given };
  Kind kind = Kind::Keep;
  clocks::WallTime time{};
};

struct Identity {
  uint64_t device = 0;
  uint64_t inode = 0;
  bool operator==(const Identity&) const = default;
};

/// An open file or directory. Immutable; closes its descriptor when the last owner is gone.
///
/// All functions of this layer block and belong on the blocking pool. Errors carry the errno in
/// `Error::number()`; paths that lead out of a directory give EPERM, and changes beneath a
/// directory that may not be mutated give EROFS.
///
/// Thread: any.
class OpenFile {
 public:
  OpenFile(int fd, Type type, Access access) : fd_(fd), type_(type), access_(access) {}
  ~OpenFile();
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  int fd() const { return fd_; }
  Type type() const { return type_; }
  const Access& access() const { return access_; }
  bool is_directory() const { return type_ == Type::Directory; }

  Result<Stat> stat() const;
  Result<Identity> identity() const;
  Result<void> set_times(NewTime accessed, NewTime modified) const;

  // Files.
  /// Up to `size` bytes (fewer only at the end) and whether the end was reached.
  Result<std::pair<Bytes, bool>> read(uint64_t size, uint64_t offset) const;
  Result<uint64_t> write(std::span<const std::byte> bytes, uint64_t offset) const;
  Result<void> append(std::span<const std::byte> bytes) const;
  Result<void> set_size(uint64_t size) const;
  Result<void> sync() const;
  Result<void> sync_data() const;
  Result<void> advise(uint64_t offset, uint64_t length, Advice advice) const;

 private:
  int fd_;
  Type type_;
  Access access_;
};

/// Shared by the guest's handles and the work under way on the blocking pool.
using FilePtr = std::shared_ptr<const OpenFile>;

/// Opens a directory of the host for a guest; symlinks in `host_path` are followed, as the host's
/// own configuration is trusted. Errors: NotFound, Io, ...
Result<FilePtr> open_preopen(const std::string& host_path, Access access);

// Beneath a directory. No `path` leads out of it: neither `..`, nor an absolute path, nor a
// symbolic or magic link, nor any of these put in place meanwhile (openat2 with RESOLVE_BENEATH and
// RESOLVE_NO_MAGICLINKS; the last step of other calls goes to the resolved parent and follows
// nothing).
Result<FilePtr> open_at(const OpenFile& directory, Follow follow, std::string_view path,
                        OpenFlags flags, Access access);
Result<Stat> stat_at(const OpenFile& directory, Follow follow, std::string_view path);
Result<Identity> identity_at(const OpenFile& directory, Follow follow, std::string_view path);
Result<void> set_times_at(const OpenFile& directory, Follow follow, std::string_view path,
                          NewTime accessed, NewTime modified);
Result<void> create_directory_at(const OpenFile& directory, std::string_view path);
Result<void> remove_directory_at(const OpenFile& directory, std::string_view path);
Result<void> unlink_file_at(const OpenFile& directory, std::string_view path);
Result<void> rename_at(const OpenFile& from, std::string_view old_path, const OpenFile& to,
                       std::string_view new_path);
/// A hard link; links are never followed.
Result<void> link_at(const OpenFile& from, std::string_view old_path, const OpenFile& to,
                     std::string_view new_path);
/// Errors: EPERM for an absolute target.
Result<void> symlink_at(const OpenFile& directory, std::string_view target, std::string_view path);
/// Errors: EPERM if the target is absolute, which would tell of the host's layout.
Result<std::string> readlink_at(const OpenFile& directory, std::string_view path);

struct DirectoryEntry {
  Type type = Type::Unknown;
  std::string name;
};

/// Reads a directory from its start, some entries at a time, without `.` and `..`.
///
/// Thread: any, one at a time.
class DirectoryReader {
 public:
  static Result<std::shared_ptr<DirectoryReader>> open(const OpenFile& directory);
  explicit DirectoryReader(DIR* stream) : stream_(stream) {}
  ~DirectoryReader();
  DirectoryReader(const DirectoryReader&) = delete;
  DirectoryReader& operator=(const DirectoryReader&) = delete;

  /// Empty at the end. Errors: EILSEQ for a name that is not UTF-8; reading can go on after it.
  Result<std::vector<DirectoryEntry>> next();

 private:
  DIR* stream_;
  bool unreadable_ = false;
};

/// The most one read returns, whatever the guest asks for.
inline constexpr uint64_t kMaxRead = uint64_t{1} << 20;

}  // namespace wasmcloud::wasi::filesystem
