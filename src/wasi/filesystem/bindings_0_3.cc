#include "wasi/filesystem/bindings_0_3.h"

#include "bindings/wasi/filesystem_0_3/types.abi.h"
#include "wasi/context.h"
#include "wasi/filesystem/detail/descriptor_calls.h"
#include "wasi/filesystem/error_code.h"
#include "wasi/io/streams_0_3.h"

namespace wasmcloud::wasi::filesystem::v0_3 {
namespace {

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

DescriptorType to_wit(Type type) {
  return detail::with_tag<DescriptorType>(detail::type_tag<DescriptorType::Tag>(type));
}

wit::types::Instant to_wit(const clocks::WallTime& time) {
  return {.seconds = time.seconds, .nanoseconds = time.nanoseconds};
}

DescriptorStat to_wit(const Stat& stat) {
  return {.type = to_wit(stat.type),
          .link_count = stat.link_count,
          .size = stat.size,
          .data_access_timestamp = to_wit(stat.accessed),
          .data_modification_timestamp = to_wit(stat.modified),
          .status_change_timestamp = to_wit(stat.changed)};
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
    return v0_3::told(std::move(result));
  }
  static DescriptorStat to_wit(const Stat& stat) { return v0_3::to_wit(stat); }
};

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

class DescriptorHandle final : public detail::DescriptorCalls<Generation> {
 public:
  DescriptorHandle(Context& context, filesystem::Descriptor file)
      : DescriptorCalls(std::move(file)), context_(context) {}

  Result<std::tuple<component::StreamReader<uint8_t>, Ended>> read_via_stream(
      uint64_t offset) override {
    auto source = std::in_range<off_t>(offset) ? file().read_via_stream(offset)
                                               : fail_errno(EINVAL, "reading past any end");
    return io::v0_3::read_via_stream<error_code_of>(context_.loop(), context_.feeds(),
                                                    std::move(source));
  }

  Result<Ended> write_via_stream(component::StreamReader<uint8_t> data, uint64_t offset) override {
    return io::v0_3::write_via_stream<error_code_of>(
        context_.loop(), context_.drains(), std::move(data), file().write_via_stream(offset));
  }

  Result<Ended> append_via_stream(component::StreamReader<uint8_t> data) override {
    return io::v0_3::write_via_stream<error_code_of>(context_.loop(), context_.drains(),
                                                     std::move(data), file().append_via_stream());
  }

  Task<Told<DescriptorFlags>> get_flags() override {
    co_return detail::flags_of<DescriptorFlags>(file().access(), file().type());
  }

  Task<Told<DescriptorType>> get_type() override { co_return to_wit(file().type()); }

  Result<std::tuple<component::StreamReader<wit::types::DirectoryEntry>, Ended>> read_directory()
      override {
    Loop& loop = context_.loop();
    auto [writer, reader] = component::make_stream<wit::types::DirectoryEntry>(loop);
    auto [ending, ended] = component::make_future<Told<void>>(loop);
    context_.feeds().spawn(io::v0_3::tell_end<error_code_of>(
        list(file().read_directory(), std::move(writer)), std::move(ending)));
    return std::tuple(std::move(reader), std::move(ended));
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
        to_handle(context_, co_await file().open_at(detail::follow_of(path_flags), std::move(path),
                                                    detail::open_flags_of(open_flags), access)));
  }

 private:
  static Result<std::unique_ptr<wit::types::Descriptor>> to_handle(
      Context& context, Result<filesystem::Descriptor> file) {
    return std::make_unique<DescriptorHandle>(context, TRY(std::move(file)));
  }

  Context& context_;
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
