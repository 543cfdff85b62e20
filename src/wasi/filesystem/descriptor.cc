#include "wasi/filesystem/descriptor.h"

#include "wasi/context.h"
#include "wasi/filesystem/file_streams.h"

#include <cerrno>

namespace wasmcloud::wasi::filesystem {

Loop& Descriptor::loop() const { return context_->loop(); }

Result<Share> Descriptor::take_share() const {
  Share share(context_->file_budget());
  if (!share.resize(1)) return fail_errno(ENOMEM, "opening one more file");
  return share;
}

Result<Share> Descriptor::take_share_to_write() const {
  if (file_->is_directory()) return fail_errno(EISDIR, "writing to a directory");
  if (!access().write) return fail_errno(EBADF, "writing to a file that is open for reading");
  return take_share();
}

Result<Ref<io::Source>> Descriptor::read_via_stream(uint64_t offset) const {
  if (file_->is_directory()) return fail_errno(EISDIR, "reading a directory");
  if (!access().read) return fail_errno(EBADF, "reading a file that is open for writing");
  return read_stream(loop(), context_->tasks(), file_, offset, TRY(take_share()));
}

Result<Ref<io::Sink>> Descriptor::write_via_stream(uint64_t offset) const {
  return write_stream(loop(), context_->tasks(), file_, offset, TRY(take_share_to_write()));
}

Result<Ref<io::Sink>> Descriptor::append_via_stream() const {
  return append_stream(loop(), context_->tasks(), file_, TRY(take_share_to_write()));
}

Task<DirectoryEntries> Descriptor::read_directory() const {
  return open_entries(loop(), file_, take_share());
}

Task<DirectoryEntries> Descriptor::open_entries(Loop& loop, FilePtr file, Result<Share> share) {
  if (!share) co_return fail(std::move(share).error());
  auto reader = CO_TRY(
      co_await loop.offload([file = std::move(file)] { return DirectoryReader::open(*file); }));
  co_return DirectoryEntries(loop, std::move(reader), std::move(*share));
}

Task<std::pair<Bytes, bool>> Descriptor::read(uint64_t length, uint64_t offset) const {
  return loop().offload([=, file = file_] { return file->read(length, offset); });
}

Task<uint64_t> Descriptor::write(Bytes bytes, uint64_t offset) const {
  return loop().offload(
      [file = file_, offset, bytes = std::move(bytes)] { return file->write(bytes, offset); });
}

Task<void> Descriptor::advise(uint64_t offset, uint64_t length, Advice advice) const {
  return loop().offload([=, file = file_] { return file->advise(offset, length, advice); });
}

Task<void> Descriptor::sync() const {
  return loop().offload([file = file_] { return file->sync(); });
}

Task<void> Descriptor::sync_data() const {
  return loop().offload([file = file_] { return file->sync_data(); });
}

Task<void> Descriptor::set_size(uint64_t size) const {
  return loop().offload([=, file = file_] { return file->set_size(size); });
}

Task<void> Descriptor::set_times(NewTime accessed, NewTime modified) const {
  return loop().offload([=, file = file_] { return file->set_times(accessed, modified); });
}

Task<Stat> Descriptor::stat() const {
  return loop().offload([file = file_] { return file->stat(); });
}

Task<Identity> Descriptor::identity() const {
  return loop().offload([file = file_] { return file->identity(); });
}

Task<bool> Descriptor::is_same_object(const Descriptor& other) const {
  return loop().offload([one = file_, two = other.file_]() -> Result<bool> {
    const auto first = one->identity();
    const auto second = two->identity();
    return first && second && *first == *second;
  });
}

Task<Descriptor> Descriptor::open_at(Follow follow, std::string path, OpenFlags flags,
                                     Access access) const {
  Context& context = *context_;
  Share share = CO_TRY(take_share());
  FilePtr opened =
      CO_TRY(co_await context.loop().offload([=, file = file_, path = std::move(path)] {
        return filesystem::open_at(*file, follow, path, flags, access);
      }));
  co_return Descriptor(context, std::move(opened), std::move(share));
}

Task<Stat> Descriptor::stat_at(Follow follow, std::string path) const {
  return loop().offload([=, file = file_, path = std::move(path)] {
    return filesystem::stat_at(*file, follow, path);
  });
}

Task<Identity> Descriptor::identity_at(Follow follow, std::string path) const {
  return loop().offload([=, file = file_, path = std::move(path)] {
    return filesystem::identity_at(*file, follow, path);
  });
}

Task<void> Descriptor::set_times_at(Follow follow, std::string path, NewTime accessed,
                                    NewTime modified) const {
  return loop().offload([=, file = file_, path = std::move(path)] {
    return filesystem::set_times_at(*file, follow, path, accessed, modified);
  });
}

Task<void> Descriptor::create_directory_at(std::string path) const {
  return loop().offload([file = file_, path = std::move(path)] {
    return filesystem::create_directory_at(*file, path);
  });
}

Task<void> Descriptor::remove_directory_at(std::string path) const {
  return loop().offload([file = file_, path = std::move(path)] {
    return filesystem::remove_directory_at(*file, path);
  });
}

Task<void> Descriptor::unlink_file_at(std::string path) const {
  return loop().offload(
      [file = file_, path = std::move(path)] { return filesystem::unlink_file_at(*file, path); });
}

Task<void> Descriptor::rename_at(std::string old_path, const Descriptor& to,
                                 std::string new_path) const {
  return loop().offload([from = file_, to = to.file_, old_path = std::move(old_path),
                         new_path = std::move(new_path)] {
    return filesystem::rename_at(*from, old_path, *to, new_path);
  });
}

Task<void> Descriptor::link_at(Follow follow, std::string old_path, const Descriptor& to,
                               std::string new_path) const {
  return loop().offload([=, from = file_, to = to.file_, old_path = std::move(old_path),
                         new_path = std::move(new_path)]() -> Result<void> {
    if (follow == Follow::Yes) return fail_errno(EINVAL, "linking to what a link leads to");
    return filesystem::link_at(*from, old_path, *to, new_path);
  });
}

Task<void> Descriptor::symlink_at(std::string target, std::string path) const {
  return loop().offload([file = file_, target = std::move(target), path = std::move(path)] {
    return filesystem::symlink_at(*file, target, path);
  });
}

Task<std::string> Descriptor::readlink_at(std::string path) const {
  return loop().offload(
      [file = file_, path = std::move(path)] { return filesystem::readlink_at(*file, path); });
}

}  // namespace wasmcloud::wasi::filesystem
