#pragma once

#include "base/loop.h"
#include "wasi/budget.h"
#include "wasi/filesystem/file_system.h"
#include "wasi/io/sink.h"

namespace wasmcloud::wasi {
class Context;
}

namespace wasmcloud::wasi::filesystem {

/// A directory being read for one instance; counts as an open file.
class DirectoryEntries {
 public:
  DirectoryEntries(Loop& loop, std::shared_ptr<DirectoryReader> reader, Share share)
      : loop_(&loop), reader_(std::move(reader)), share_(std::move(share)) {}

  /// Some more; empty at the end. Errors: as `DirectoryReader::next`.
  Task<std::vector<DirectoryEntry>> next() {
    return loop_->offload([reader = reader_] { return reader->next(); });
  }

 private:
  Loop* loop_;
  std::shared_ptr<DirectoryReader> reader_;  // shared with the blocking pool
  Share share_;
};

/// An open file or directory of one instance, without WIT types: the handles of both WASI
/// generations stand on it. What may block runs on the blocking pool.
///
/// Errors: as those of the functions in file_system.h; ENOMEM beyond the instance's quota of open
/// files. Thread: the loop's.
class Descriptor {
 public:
  Descriptor(Context& context, FilePtr file, Share share = {})
      : context_(&context), file_(std::move(file)), share_(std::move(share)) {}

  Type type() const { return file_->type(); }
  const Access& access() const { return file_->access(); }

  // Streams hold the file open by themselves, and count as open files.
  Result<Ref<io::Source>> read_via_stream(uint64_t offset) const;
  Result<Ref<io::Sink>> write_via_stream(uint64_t offset) const;
  Result<Ref<io::Sink>> append_via_stream() const;
  /// The task may outlive this.
  Task<DirectoryEntries> read_directory() const;

  Task<std::pair<Bytes, bool>> read(uint64_t length, uint64_t offset) const;
  Task<uint64_t> write(Bytes bytes, uint64_t offset) const;
  Task<void> advise(uint64_t offset, uint64_t length, Advice advice) const;
  Task<void> sync() const;
  Task<void> sync_data() const;
  Task<void> set_size(uint64_t size) const;
  Task<void> set_times(NewTime accessed, NewTime modified) const;
  Task<Stat> stat() const;
  Task<Identity> identity() const;
  Task<bool> is_same_object(const Descriptor& other) const;

  // Beneath this directory.
  Task<Descriptor> open_at(Follow follow, std::string path, OpenFlags flags, Access access) const;
  Task<Stat> stat_at(Follow follow, std::string path) const;
  Task<Identity> identity_at(Follow follow, std::string path) const;
  Task<void> set_times_at(Follow follow, std::string path, NewTime accessed,
                          NewTime modified) const;
  Task<void> create_directory_at(std::string path) const;
  Task<void> remove_directory_at(std::string path) const;
  Task<void> unlink_file_at(std::string path) const;
  Task<void> rename_at(std::string old_path, const Descriptor& to, std::string new_path) const;
  /// Errors besides: EINVAL for a link that should be followed.
  Task<void> link_at(Follow follow, std::string old_path, const Descriptor& to,
                     std::string new_path) const;
  Task<void> symlink_at(std::string target, std::string path) const;
  Task<std::string> readlink_at(std::string path) const;

 private:
  static Task<DirectoryEntries> open_entries(Loop& loop, FilePtr file, Result<Share> share);
  Loop& loop() const;
  /// What one more open file takes of the instance's budget.
  Result<Share> take_share() const;
  Result<Share> take_share_to_write() const;

  Context* context_;
  FilePtr file_;
  Share share_;
};

}  // namespace wasmcloud::wasi::filesystem
