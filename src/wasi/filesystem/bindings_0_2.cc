#include "wasi/filesystem/bindings_0_2.h"

#include "component/guest_result.h"
#include "wasi/context.h"
#include "wasi/filesystem/detail/descriptor_calls.h"
#include "wasi/filesystem/error_code.h"
#include "wasi/io/bindings_0_2.h"

namespace wasmcloud::wasi::filesystem::v0_2 {
namespace {

using component::guest_error;
using wit::types::DescriptorFlags;
using wit::types::DescriptorStat;
using wit::types::DescriptorType;
using wit::types::ErrorCode;

template <class T>
using Told = std::expected<T, ErrorCode>;

template <class T>
Result<Told<T>> told(Result<T> result) {
  return wasi::told<error_code_of>(std::move(result));
}

DescriptorType to_wit(Type type) { return detail::type_tag<DescriptorType>(type); }

DescriptorStat to_wit(const Stat& stat) {
  using clocks::since_epoch;
  using wit::types::Datetime;
  return {.type = to_wit(stat.type),
          .link_count = stat.link_count,
          .size = stat.size,
          .data_access_timestamp = since_epoch<Datetime>(stat.accessed),
          .data_modification_timestamp = since_epoch<Datetime>(stat.modified),
          .status_change_timestamp = since_epoch<Datetime>(stat.changed)};
}

/// The types of this generation, for what both do alike.
struct Generation {
  using Advice = wit::types::Advice;
  using Descriptor = wit::types::Descriptor;
  using DescriptorStat = wit::types::DescriptorStat;
  using ErrorCode = wit::types::ErrorCode;
  using MetadataHashValue = wit::types::MetadataHashValue;
  using NewTimestamp = wit::types::NewTimestamp;
  using PathFlags = wit::types::PathFlags;

  template <class T>
  static Result<Told<T>> told(Result<T> result) {
    return v0_2::told(std::move(result));
  }
  static DescriptorStat to_wit(const Stat& stat) { return v0_2::to_wit(stat); }
};

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

class DescriptorHandle final : public detail::DescriptorCalls<Generation> {
 public:
  DescriptorHandle(Loop& loop, filesystem::Descriptor file)
      : DescriptorCalls(std::move(file)), loop_(loop) {}

  Result<Told<std::unique_ptr<wit::types::InputStream>>> read_via_stream(uint64_t offset) override {
    return told(to_stream(file().read_via_stream(offset)));
  }

  Result<Told<std::unique_ptr<wit::types::OutputStream>>> write_via_stream(
      uint64_t offset) override {
    return told(to_stream(file().write_via_stream(offset)));
  }

  Result<Told<std::unique_ptr<wit::types::OutputStream>>> append_via_stream() override {
    return told(to_stream(file().append_via_stream()));
  }

  Result<Told<DescriptorFlags>> get_flags() override {
    return detail::flags_of<DescriptorFlags>(file().access(), file().type());
  }

  Result<Told<DescriptorType>> get_type() override { return to_wit(file().type()); }

  Task<Told<std::tuple<Bytes, bool>>> read(uint64_t length, uint64_t offset) override {
    co_return told(to_wit(co_await file().read(length, offset)));
  }

  Task<Told<uint64_t>> write(Bytes buffer, uint64_t offset) override {
    co_return told(co_await file().write(std::move(buffer), offset));
  }

  Task<Told<std::unique_ptr<wit::types::DirectoryEntryStream>>> read_directory() override {
    co_return told(to_stream(co_await file().read_directory()));
  }

  Task<Told<std::unique_ptr<wit::types::Descriptor>>> open_at(wit::types::PathFlags path_flags,
                                                              std::string path,
                                                              wit::types::OpenFlags open_flags,
                                                              DescriptorFlags flags) override {
    co_return told(to_handle(
        loop_,
        co_await file().open_at(detail::follow_of(path_flags), std::move(path),
                                detail::open_flags_of(open_flags), detail::access_of(flags))));
  }

 private:
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
