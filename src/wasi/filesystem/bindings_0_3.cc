#include "wasi/filesystem/bindings_0_3.h"

#include "bindings/wasi/filesystem_0_3/types.abi.h"
#include "wasi/context.h"
#include "wasi/filesystem/descriptor.h"
#include "wasi/filesystem/detail/wit.h"
#include "wasi/filesystem/error_code.h"
#include "wasi/io/streams_0_3.h"

namespace wasmcloud::wasi::filesystem::v0_3 {
namespace {

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

DescriptorType to_wit(Type type) {
  return detail::with_tag<DescriptorType>(detail::type_tag<DescriptorType::Tag>(type));
}

wit::types::Instant to_wit(const clocks::WallTime& time) {
  return {.seconds = time.seconds, .nanoseconds = time.nanoseconds};
}

Result<DescriptorStat> to_wit(Result<Stat> result) {
  const Stat stat = TRY(std::move(result));
  return DescriptorStat{.type = to_wit(stat.type),
                        .link_count = stat.link_count,
                        .size = stat.size,
                        .data_access_timestamp = to_wit(stat.accessed),
                        .data_modification_timestamp = to_wit(stat.modified),
                        .status_change_timestamp = to_wit(stat.changed)};
}

Result<wit::types::MetadataHashValue> to_wit(Result<Identity> identity) {
  return detail::hash_of<wit::types::MetadataHashValue>(TRY(std::move(identity)));
}

using Ended = component::FutureReader<Told<void>>;

/// Hands a directory's entries to the guest as fast as it takes them.
Task<void> list(Task<DirectoryEntries> opening,
                component::StreamWriter<wit::types::DirectoryEntry> to) {
  DirectoryEntries directory = CO_TRY(co_await std::move(opening));
  while (true) {
    std::vector<wit::types::DirectoryEntry> entries;
    for (DirectoryEntry& entry : CO_TRY(co_await directory.next())) {
      entries.push_back({.type = to_wit(entry.type), .name = std::move(entry.name)});
    }
    if (entries.empty()) break;
    if (CO_TRY(co_await to.write(entries)) < entries.size()) break;
  }
  co_return Result<void>();
}

class DescriptorHandle final : public wit::types::Descriptor {
 public:
  DescriptorHandle(Context& context, filesystem::Descriptor file)
      : context_(context), file_(std::move(file)) {}

  Result<std::tuple<component::StreamReader<uint8_t>, Ended>> read_via_stream(
      uint64_t offset) override {
    auto source = std::in_range<off_t>(offset) ? file_.read_via_stream(offset)
                                               : fail_errno(EINVAL, "reading past any end");
    return io::v0_3::read_via_stream<error_code_of>(context_.loop(), context_.feeds(),
                                                    std::move(source));
  }

  Result<Ended> write_via_stream(component::StreamReader<uint8_t> data, uint64_t offset) override {
    return io::v0_3::write_via_stream<error_code_of>(
        context_.loop(), context_.drains(), std::move(data), file_.write_via_stream(offset));
  }

  Result<Ended> append_via_stream(component::StreamReader<uint8_t> data) override {
    return io::v0_3::write_via_stream<error_code_of>(context_.loop(), context_.drains(),
                                                     std::move(data), file_.append_via_stream());
  }

  Task<Told<void>> advise(uint64_t offset, uint64_t length, wit::types::Advice advice) override {
    co_return told(co_await file_.advise(offset, length, from_wit(advice)));
  }

  Task<Told<void>> sync_data() override { co_return told(co_await file_.sync_data()); }

  Task<Told<DescriptorFlags>> get_flags() override {
    co_return detail::flags_of<DescriptorFlags>(file_.access(), file_.type());
  }

  Task<Told<DescriptorType>> get_type() override { co_return to_wit(file_.type()); }

  Task<Told<void>> set_size(uint64_t size) override {
    co_return told(co_await file_.set_size(size));
  }

  Task<Told<void>> set_times(NewTimestamp data_access_timestamp,
                             NewTimestamp data_modification_timestamp) override {
    co_return told(co_await file_.set_times(from_wit(data_access_timestamp),
                                            from_wit(data_modification_timestamp)));
  }

  Result<std::tuple<component::StreamReader<wit::types::DirectoryEntry>, Ended>> read_directory()
      override {
    Loop& loop = context_.loop();
    auto [writer, reader] = component::make_stream<wit::types::DirectoryEntry>(loop);
    auto [ending, ended] = component::make_future<Told<void>>(loop);
    context_.feeds().spawn(io::v0_3::tell_end<error_code_of>(
        list(file_.read_directory(), std::move(writer)), std::move(ending)));
    return std::tuple(std::move(reader), std::move(ended));
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
    Access access = detail::access_of(flags);
    // As the other hosts of 0.3 have it: what is opened for nothing is read, and what may be made
    // is also written.
    if (!access.write) access.read = true;
    if (open_flags.has(wit::types::OpenFlags::kCreate)) access.write = true;
    co_return told(
        to_handle(context_, co_await file_.open_at(detail::follow_of(path_flags), std::move(path),
                                                   detail::open_flags_of(open_flags), access)));
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
      Context& context, Result<filesystem::Descriptor> file) {
    return std::make_unique<DescriptorHandle>(context, TRY(std::move(file)));
  }

  Context& context_;
  filesystem::Descriptor file_;
};

}  // namespace

Result<std::vector<std::tuple<std::unique_ptr<wit::types::Descriptor>, std::string>>>
PreopensInterface::get_directories() {
  std::vector<std::tuple<std::unique_ptr<wit::types::Descriptor>, std::string>> all;
  for (const Preopen& preopen : context_.environment().preopens) {
    all.emplace_back(std::make_unique<DescriptorHandle>(
                         context_, filesystem::Descriptor(context_, preopen.directory)),
                     preopen.guest_path);
  }
  return all;
}

}  // namespace wasmcloud::wasi::filesystem::v0_3
