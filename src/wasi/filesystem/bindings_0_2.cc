#include "wasi/filesystem/bindings_0_2.h"

#include "component/guest_result.h"
#include "wasi/context.h"
#include "wasi/filesystem/descriptor.h"
#include "wasi/filesystem/detail/wit.h"
#include "wasi/filesystem/error_code.h"
#include "wasi/io/bindings_0_2.h"

namespace wasmcloud::wasi::filesystem::v0_2 {
namespace {

using component::guest_error;
using detail::from_wit;
using wit::types::DescriptorFlags;
using wit::types::DescriptorStat;
using wit::types::DescriptorType;
using wit::types::ErrorCode;
using wit::types::NewTimestamp;

template <class T>
using Told = std::expected<T, ErrorCode>;

template <class T>
Result<Told<T>> told(Result<T> result) {
  return wasi::told<error_code_of>(std::move(result));
}

DescriptorType to_wit(Type type) { return detail::type_tag<DescriptorType>(type); }

Result<DescriptorStat> to_wit(Result<Stat> result) {
  const Stat stat = TRY(std::move(result));
  using clocks::since_epoch;
  using wit::types::Datetime;
  return DescriptorStat{.type = to_wit(stat.type),
                        .link_count = stat.link_count,
                        .size = stat.size,
                        .data_access_timestamp = since_epoch<Datetime>(stat.accessed),
                        .data_modification_timestamp = since_epoch<Datetime>(stat.modified),
                        .status_change_timestamp = since_epoch<Datetime>(stat.changed)};
}

Result<wit::types::MetadataHashValue> to_wit(Result<Identity> identity) {
  return detail::hash_of<wit::types::MetadataHashValue>(TRY(std::move(identity)));
}

Result<std::tuple<Bytes, bool>> to_wit(Result<std::pair<Bytes, bool>> read) {
  auto [bytes, ended] = TRY(std::move(read));
  return std::tuple<Bytes, bool>(std::move(bytes), ended);
}

class EntryStreamHandle final : public wit::types::DirectoryEntryStream {
 public:
  explicit EntryStreamHandle(DirectoryEntries directory) : directory_(std::move(directory)) {}

  Task<Told<std::optional<wit::types::DirectoryEntry>>> read_directory_entry() override {
    if (next_ == entries_.size()) {
      entries_.clear();
      next_ = 0;
      auto more = told(co_await directory_.next());
      if (!more) co_return fail(std::move(more).error());
      if (!*more) co_return guest_error(more->error());
      entries_ = std::move(**more);
      if (entries_.empty()) co_return std::optional<wit::types::DirectoryEntry>();
    }
    DirectoryEntry& entry = entries_[next_++];
    co_return std::optional(
        wit::types::DirectoryEntry{.type = to_wit(entry.type), .name = std::move(entry.name)});
  }

 private:
  DirectoryEntries directory_;
  std::vector<DirectoryEntry> entries_;
  size_t next_ = 0;
};

class DescriptorHandle final : public wit::types::Descriptor {
 public:
  DescriptorHandle(Loop& loop, filesystem::Descriptor file) : loop_(loop), file_(std::move(file)) {}

  Result<Told<std::unique_ptr<wit::types::InputStream>>> read_via_stream(uint64_t offset) override {
    return told(to_stream(file_.read_via_stream(offset)));
  }

  Result<Told<std::unique_ptr<wit::types::OutputStream>>> write_via_stream(
      uint64_t offset) override {
    return told(to_stream(file_.write_via_stream(offset)));
  }

  Result<Told<std::unique_ptr<wit::types::OutputStream>>> append_via_stream() override {
    return told(to_stream(file_.append_via_stream()));
  }

  Task<Told<void>> advise(uint64_t offset, uint64_t length, wit::types::Advice advice) override {
    co_return told(co_await file_.advise(offset, length, from_wit(advice)));
  }

  Task<Told<void>> sync_data() override { co_return told(co_await file_.sync_data()); }

  Result<Told<DescriptorFlags>> get_flags() override {
    return detail::flags_of<DescriptorFlags>(file_.access(), file_.type());
  }

  Result<Told<DescriptorType>> get_type() override { return to_wit(file_.type()); }

  Task<Told<void>> set_size(uint64_t size) override {
    co_return told(co_await file_.set_size(size));
  }

  Task<Told<void>> set_times(NewTimestamp data_access_timestamp,
                             NewTimestamp data_modification_timestamp) override {
    co_return told(co_await file_.set_times(from_wit(data_access_timestamp),
                                            from_wit(data_modification_timestamp)));
  }

  Task<Told<std::tuple<Bytes, bool>>> read(uint64_t length, uint64_t offset) override {
    co_return told(to_wit(co_await file_.read(length, offset)));
  }

  Task<Told<uint64_t>> write(Bytes buffer, uint64_t offset) override {
    co_return told(co_await file_.write(std::move(buffer), offset));
  }

  Task<Told<std::unique_ptr<wit::types::DirectoryEntryStream>>> read_directory() override {
    co_return told(to_stream(co_await file_.read_directory()));
  }

  Task<Told<void>> sync() override { co_return told(co_await file_.sync()); }

  Task<Told<void>> create_directory_at(std::string path) override {
    co_return told(co_await file_.create_directory_at(std::move(path)));
  }

  Task<Told<DescriptorStat>> stat() override { co_return told(to_wit(co_await file_.stat())); }

  Task<Told<DescriptorStat>> stat_at(wit::types::PathFlags path_flags, std::string path) override {
    co_return told(to_wit(co_await file_.stat_at(detail::follow_of(path_flags), std::move(path))));
  }

  Task<Told<void>> set_times_at(wit::types::PathFlags path_flags, std::string path,
                                NewTimestamp data_access_timestamp,
                                NewTimestamp data_modification_timestamp) override {
    co_return told(co_await file_.set_times_at(detail::follow_of(path_flags), std::move(path),
                                               from_wit(data_access_timestamp),
                                               from_wit(data_modification_timestamp)));
  }

  Task<Told<void>> link_at(wit::types::PathFlags old_path_flags, std::string old_path,
                           wit::types::Descriptor& new_descriptor, std::string new_path) override {
    co_return told(co_await file_.link_at(detail::follow_of(old_path_flags), std::move(old_path),
                                          file_of(new_descriptor), std::move(new_path)));
  }

  Task<Told<std::unique_ptr<wit::types::Descriptor>>> open_at(wit::types::PathFlags path_flags,
                                                              std::string path,
                                                              wit::types::OpenFlags open_flags,
                                                              DescriptorFlags flags) override {
    co_return told(to_handle(
        loop_,
        co_await file_.open_at(detail::follow_of(path_flags), std::move(path),
                               detail::open_flags_of(open_flags), detail::access_of(flags))));
  }

  Task<Told<std::string>> readlink_at(std::string path) override {
    co_return told(co_await file_.readlink_at(std::move(path)));
  }

  Task<Told<void>> remove_directory_at(std::string path) override {
    co_return told(co_await file_.remove_directory_at(std::move(path)));
  }

  Task<Told<void>> rename_at(std::string old_path, wit::types::Descriptor& new_descriptor,
                             std::string new_path) override {
    co_return told(co_await file_.rename_at(std::move(old_path), file_of(new_descriptor),
                                            std::move(new_path)));
  }

  Task<Told<void>> symlink_at(std::string old_path, std::string new_path) override {
    co_return told(co_await file_.symlink_at(std::move(old_path), std::move(new_path)));
  }

  Task<Told<void>> unlink_file_at(std::string path) override {
    co_return told(co_await file_.unlink_file_at(std::move(path)));
  }

  Task<bool> is_same_object(wit::types::Descriptor& other) override {
    return file_.is_same_object(file_of(other));
  }

  Task<Told<wit::types::MetadataHashValue>> metadata_hash() override {
    co_return told(to_wit(co_await file_.identity()));
  }

  Task<Told<wit::types::MetadataHashValue>> metadata_hash_at(wit::types::PathFlags path_flags,
                                                             std::string path) override {
    co_return told(
        to_wit(co_await file_.identity_at(detail::follow_of(path_flags), std::move(path))));
  }

 private:
  static const filesystem::Descriptor& file_of(wit::types::Descriptor& descriptor) {
    return static_cast<DescriptorHandle&>(descriptor).file_;
  }
  static Result<std::unique_ptr<wit::types::Descriptor>> to_handle(
      Loop& loop, Result<filesystem::Descriptor> file) {
    return std::make_unique<DescriptorHandle>(loop, TRY(std::move(file)));
  }
  Result<std::unique_ptr<wit::types::InputStream>> to_stream(Result<Ref<io::Source>> source) {
    return io::v0_2::make_input_stream(loop_, TRY(std::move(source)));
  }
  Result<std::unique_ptr<wit::types::OutputStream>> to_stream(Result<Ref<io::Sink>> sink) {
    return io::v0_2::make_output_stream(loop_, TRY(std::move(sink)));
  }
  static Result<std::unique_ptr<wit::types::DirectoryEntryStream>> to_stream(
      Result<DirectoryEntries> directory) {
    return std::make_unique<EntryStreamHandle>(TRY(std::move(directory)));
  }

  Loop& loop_;
  filesystem::Descriptor file_;
};

}  // namespace

Result<std::optional<ErrorCode>> TypesInterface::filesystem_error_code(wit::types::Error& err) {
  const auto& handle = io::v0_2::ErrorHandle::of(err);
  if (handle.origin() != io::Origin::Filesystem) return std::nullopt;
  return error_code_of(handle.error());
}

Result<std::vector<std::tuple<std::unique_ptr<wit::types::Descriptor>, std::string>>>
PreopensInterface::get_directories() {
  std::vector<std::tuple<std::unique_ptr<wit::types::Descriptor>, std::string>> all;
  for (const Preopen& preopen : context_.environment().preopens) {
    all.emplace_back(std::make_unique<DescriptorHandle>(
                         context_.loop(), filesystem::Descriptor(context_, preopen.directory)),
                     preopen.guest_path);
  }
  return all;
}

}  // namespace wasmcloud::wasi::filesystem::v0_2
