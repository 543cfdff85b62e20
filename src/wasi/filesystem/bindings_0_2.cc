#include "wasi/filesystem/bindings_0_2.h"

#include "component/guest_result.h"
#include "wasi/context.h"
#include "wasi/filesystem/error_code.h"
#include "wasi/filesystem/file_streams.h"
#include "wasi/io/bindings_0_2.h"

namespace wasmcloud::wasi::filesystem::v0_2 {
namespace {

using component::guest_error;
using component::ok;
using wit::types::DescriptorFlags;
using wit::types::DescriptorStat;
using wit::types::DescriptorType;
using wit::types::ErrorCode;
using wit::types::NewTimestamp;

template <class T>
using Told = std::expected<T, ErrorCode>;

bool ends_the_guest(const Error& error) {
  return error.code() == Errc::Cancelled || error.code() == Errc::Trap;
}

/// What a call says to the guest; only a cancelled call ends it.
template <class T>
Result<Told<T>> told(Result<T> result) {
  if (!result) {
    if (ends_the_guest(result.error())) return fail(std::move(result).error());
    return guest_error(error_code_of(result.error()));
  }
  if constexpr (std::is_void_v<T>) {
    return ok();
  } else {
    return std::move(*result);
  }
}

DescriptorType to_wit(Type type) {
  switch (type) {
    case Type::Unknown:
      return DescriptorType::Unknown;
    case Type::BlockDevice:
      return DescriptorType::BlockDevice;
    case Type::CharacterDevice:
      return DescriptorType::CharacterDevice;
    case Type::Directory:
      return DescriptorType::Directory;
    case Type::Fifo:
      return DescriptorType::Fifo;
    case Type::SymbolicLink:
      return DescriptorType::SymbolicLink;
    case Type::RegularFile:
      return DescriptorType::RegularFile;
    case Type::Socket:
      return DescriptorType::Socket;
  }
  return DescriptorType::Unknown;
}

wit::types::Datetime to_wit(const clocks::WallTime& time) {
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

NewTime from_wit(const NewTimestamp& time) {
  switch (time.tag()) {
    case NewTimestamp::Tag::NoChange:
      return {.kind = NewTime::Kind::Keep};
    case NewTimestamp::Tag::Now:
      return {.kind = NewTime::Kind::Now};
    case NewTimestamp::Tag::Timestamp:
      break;
  }
  const auto& given = time.get_timestamp();
  return {.kind = NewTime::Kind::Given,
          .time = {.seconds = given.seconds, .nanoseconds = given.nanoseconds}};
}

Advice from_wit(wit::types::Advice advice) {
  switch (advice) {
    case wit::types::Advice::Normal:
      return Advice::Normal;
    case wit::types::Advice::Sequential:
      return Advice::Sequential;
    case wit::types::Advice::Random:
      return Advice::Random;
    case wit::types::Advice::WillNeed:
      return Advice::WillNeed;
    case wit::types::Advice::DontNeed:
      return Advice::DontNeed;
    case wit::types::Advice::NoReuse:
      return Advice::NoReuse;
  }
  return Advice::Normal;
}

Follow follow_of(wit::types::PathFlags flags) {
  return (flags.bits & wit::types::PathFlags::kSymlinkFollow) != 0 ? Follow::Yes : Follow::No;
}

/// Two words that differ between files. The times and the size are left out on purpose: preview 1
/// shows the hash as the inode number, by which programs tell whether two names are one file.
wit::types::MetadataHashValue hash_of(Identity identity) {
  const auto mix = [](uint64_t value) {
    value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    value = (value ^ (value >> 27U)) * 0x94D049BB133111EBULL;
    return value ^ (value >> 31U);
  };
  const uint64_t lower = mix(identity.inode + 0x9E3779B97F4A7C15ULL);
  return {.lower = mix(lower ^ identity.device), .upper = mix(lower + identity.device)};
}

class EntryStreamHandle final : public wit::types::DirectoryEntryStream {
 public:
  EntryStreamHandle(Loop& loop, std::shared_ptr<DirectoryReader> reader, Share share)
      : loop_(loop), reader_(std::move(reader)), share_(std::move(share)) {}

  Task<Told<std::optional<wit::types::DirectoryEntry>>> read_directory_entry() override {
    if (next_ == entries_.size()) {
      entries_.clear();
      next_ = 0;
      auto more = co_await loop_.offload([reader = reader_] { return reader->next(); });
      if (!more) {
        if (ends_the_guest(more.error())) co_return fail(std::move(more).error());
        co_return guest_error(error_code_of(more.error()));
      }
      entries_ = std::move(*more);
      if (entries_.empty()) co_return std::optional<wit::types::DirectoryEntry>();
    }
    DirectoryEntry& entry = entries_[next_++];
    co_return std::optional(
        wit::types::DirectoryEntry{.type = to_wit(entry.type), .name = std::move(entry.name)});
  }

 private:
  Loop& loop_;
  std::shared_ptr<DirectoryReader> reader_;  // shared with the blocking pool
  Share share_;
  std::vector<DirectoryEntry> entries_;
  size_t next_ = 0;
};

class DescriptorHandle final : public wit::types::Descriptor {
 public:
  DescriptorHandle(Context& context, FilePtr file, Share share)
      : context_(context), file_(std::move(file)), share_(std::move(share)) {}

  Result<Told<std::unique_ptr<wit::types::InputStream>>> read_via_stream(uint64_t offset) override {
    if (file_->is_directory()) return guest_error(ErrorCode::IsDirectory);
    if (!file_->access().read) return guest_error(ErrorCode::BadDescriptor);
    auto share = take_share();
    if (!share) return guest_error(ErrorCode::InsufficientMemory);
    return io::v0_2::make_input_stream(
        loop(), read_stream(loop(), context_.tasks(), file_, offset, std::move(*share)));
  }

  Result<Told<std::unique_ptr<wit::types::OutputStream>>> write_via_stream(
      uint64_t offset) override {
    if (file_->is_directory()) return guest_error(ErrorCode::IsDirectory);
    if (!file_->access().write) return guest_error(ErrorCode::BadDescriptor);
    auto share = take_share();
    if (!share) return guest_error(ErrorCode::InsufficientMemory);
    return io::v0_2::make_output_stream(
        loop(), write_stream(loop(), context_.tasks(), file_, offset, std::move(*share)));
  }

  Result<Told<std::unique_ptr<wit::types::OutputStream>>> append_via_stream() override {
    if (file_->is_directory()) return guest_error(ErrorCode::IsDirectory);
    if (!file_->access().write) return guest_error(ErrorCode::BadDescriptor);
    auto share = take_share();
    if (!share) return guest_error(ErrorCode::InsufficientMemory);
    return io::v0_2::make_output_stream(
        loop(), append_stream(loop(), context_.tasks(), file_, std::move(*share)));
  }

  Task<Told<void>> advise(uint64_t offset, uint64_t length, wit::types::Advice advice) override {
    co_return told(co_await loop().offload(
        [=, file = file_] { return file->advise(offset, length, from_wit(advice)); }));
  }

  Task<Told<void>> sync_data() override {
    co_return told(co_await loop().offload([file = file_] { return file->sync_data(); }));
  }

  Result<Told<DescriptorFlags>> get_flags() override {
    const Access& access = file_->access();
    DescriptorFlags flags{};
    if (access.read) flags.bits |= DescriptorFlags::kRead;
    if (access.write && !file_->is_directory()) flags.bits |= DescriptorFlags::kWrite;
    if (access.mutate_directory) flags.bits |= DescriptorFlags::kMutateDirectory;
    if (access.file_integrity_sync) flags.bits |= DescriptorFlags::kFileIntegritySync;
    if (access.data_integrity_sync) flags.bits |= DescriptorFlags::kDataIntegritySync;
    return flags;
  }

  Result<Told<DescriptorType>> get_type() override { return to_wit(file_->type()); }

  Task<Told<void>> set_size(uint64_t size) override {
    co_return told(co_await loop().offload([=, file = file_] { return file->set_size(size); }));
  }

  Task<Told<void>> set_times(NewTimestamp data_access_timestamp,
                             NewTimestamp data_modification_timestamp) override {
    co_return told(
        co_await loop().offload([file = file_, accessed = from_wit(data_access_timestamp),
                                 modified = from_wit(data_modification_timestamp)] {
          return file->set_times(accessed, modified);
        }));
  }

  Task<Told<std::tuple<Bytes, bool>>> read(uint64_t length, uint64_t offset) override {
    auto got = co_await loop().offload([=, file = file_] { return file->read(length, offset); });
    if (!got) {
      if (ends_the_guest(got.error())) co_return fail(std::move(got).error());
      co_return guest_error(error_code_of(got.error()));
    }
    co_return std::tuple<Bytes, bool>(std::move(got->first), got->second);
  }

  Task<Told<uint64_t>> write(Bytes buffer, uint64_t offset) override {
    co_return told(co_await loop().offload(
        [file = file_, offset, bytes = std::move(buffer)] { return file->write(bytes, offset); }));
  }

  Task<Told<std::unique_ptr<wit::types::DirectoryEntryStream>>> read_directory() override {
    auto share = take_share();
    if (!share) co_return guest_error(ErrorCode::InsufficientMemory);
    auto reader = co_await loop().offload([file = file_] { return DirectoryReader::open(*file); });
    if (!reader) {
      if (ends_the_guest(reader.error())) co_return fail(std::move(reader).error());
      co_return guest_error(error_code_of(reader.error()));
    }
    std::unique_ptr<wit::types::DirectoryEntryStream> stream =
        std::make_unique<EntryStreamHandle>(loop(), std::move(*reader), std::move(*share));
    co_return std::move(stream);
  }

  Task<Told<void>> sync() override {
    co_return told(co_await loop().offload([file = file_] { return file->sync(); }));
  }

  Task<Told<void>> create_directory_at(std::string path) override {
    co_return told(co_await loop().offload([file = file_, path = std::move(path)] {
      return filesystem::create_directory_at(*file, path);
    }));
  }

  Task<Told<DescriptorStat>> stat() override {
    co_return told(co_await loop().offload([file = file_] { return wit_stat(file->stat()); }));
  }

  Task<Told<DescriptorStat>> stat_at(wit::types::PathFlags path_flags, std::string path) override {
    co_return told(co_await loop().offload(
        [file = file_, follow = follow_of(path_flags), path = std::move(path)] {
          return wit_stat(filesystem::stat_at(*file, follow, path));
        }));
  }

  Task<Told<void>> set_times_at(wit::types::PathFlags path_flags, std::string path,
                                NewTimestamp data_access_timestamp,
                                NewTimestamp data_modification_timestamp) override {
    co_return told(
        co_await loop().offload([file = file_, follow = follow_of(path_flags),
                                 path = std::move(path), accessed = from_wit(data_access_timestamp),
                                 modified = from_wit(data_modification_timestamp)] {
          return filesystem::set_times_at(*file, follow, path, accessed, modified);
        }));
  }

  Task<Told<void>> link_at(wit::types::PathFlags old_path_flags, std::string old_path,
                           wit::types::Descriptor& new_descriptor, std::string new_path) override {
    if (follow_of(old_path_flags) == Follow::Yes) co_return guest_error(ErrorCode::Invalid);
    co_return told(
        co_await loop().offload([from = file_, to = file_of(new_descriptor),
                                 old_path = std::move(old_path), new_path = std::move(new_path)] {
          return filesystem::link_at(*from, old_path, *to, new_path);
        }));
  }

  Task<Told<std::unique_ptr<wit::types::Descriptor>>> open_at(wit::types::PathFlags path_flags,
                                                              std::string path,
                                                              wit::types::OpenFlags open_flags,
                                                              DescriptorFlags flags) override {
    using wit::types::OpenFlags;
    const filesystem::OpenFlags how{.create = (open_flags.bits & OpenFlags::kCreate) != 0,
                                    .directory = (open_flags.bits & OpenFlags::kDirectory) != 0,
                                    .exclusive = (open_flags.bits & OpenFlags::kExclusive) != 0,
                                    .truncate = (open_flags.bits & OpenFlags::kTruncate) != 0};
    const Access access{
        .read = (flags.bits & DescriptorFlags::kRead) != 0,
        .write = (flags.bits & DescriptorFlags::kWrite) != 0,
        .mutate_directory = (flags.bits & DescriptorFlags::kMutateDirectory) != 0,
        .file_integrity_sync = (flags.bits & DescriptorFlags::kFileIntegritySync) != 0,
        .data_integrity_sync = (flags.bits & DescriptorFlags::kDataIntegritySync) != 0};
    auto share = take_share();
    if (!share) co_return guest_error(ErrorCode::InsufficientMemory);
    auto opened = co_await loop().offload(
        [file = file_, follow = follow_of(path_flags), path = std::move(path), how, access] {
          return filesystem::open_at(*file, follow, path, how, access);
        });
    if (!opened) {
      if (ends_the_guest(opened.error())) co_return fail(std::move(opened).error());
      co_return guest_error(error_code_of(opened.error()));
    }
    std::unique_ptr<wit::types::Descriptor> handle =
        std::make_unique<DescriptorHandle>(context_, std::move(*opened), std::move(*share));
    co_return std::move(handle);
  }

  Task<Told<std::string>> readlink_at(std::string path) override {
    co_return told(co_await loop().offload(
        [file = file_, path = std::move(path)] { return filesystem::readlink_at(*file, path); }));
  }

  Task<Told<void>> remove_directory_at(std::string path) override {
    co_return told(co_await loop().offload([file = file_, path = std::move(path)] {
      return filesystem::remove_directory_at(*file, path);
    }));
  }

  Task<Told<void>> rename_at(std::string old_path, wit::types::Descriptor& new_descriptor,
                             std::string new_path) override {
    co_return told(
        co_await loop().offload([from = file_, to = file_of(new_descriptor),
                                 old_path = std::move(old_path), new_path = std::move(new_path)] {
          return filesystem::rename_at(*from, old_path, *to, new_path);
        }));
  }

  Task<Told<void>> symlink_at(std::string old_path, std::string new_path) override {
    co_return told(co_await loop().offload(
        [file = file_, old_path = std::move(old_path), new_path = std::move(new_path)] {
          return filesystem::symlink_at(*file, old_path, new_path);
        }));
  }

  Task<Told<void>> unlink_file_at(std::string path) override {
    co_return told(co_await loop().offload([file = file_, path = std::move(path)] {
      return filesystem::unlink_file_at(*file, path);
    }));
  }

  Task<bool> is_same_object(wit::types::Descriptor& other) override {
    co_return co_await loop().offload([one = file_, two = file_of(other)]() -> Result<bool> {
      const auto first = one->identity();
      const auto second = two->identity();
      return first && second && *first == *second;
    });
  }

  Task<Told<wit::types::MetadataHashValue>> metadata_hash() override {
    co_return told(
        co_await loop().offload([file = file_]() -> Result<wit::types::MetadataHashValue> {
          return hash_of(TRY(file->identity()));
        }));
  }

  Task<Told<wit::types::MetadataHashValue>> metadata_hash_at(wit::types::PathFlags path_flags,
                                                             std::string path) override {
    co_return told(co_await loop().offload(
        [file = file_, follow = follow_of(path_flags),
         path = std::move(path)]() -> Result<wit::types::MetadataHashValue> {
          return hash_of(TRY(identity_at(*file, follow, path)));
        }));
  }

 private:
  static const FilePtr& file_of(wit::types::Descriptor& descriptor) {
    return static_cast<DescriptorHandle&>(descriptor).file_;
  }
  static Result<DescriptorStat> wit_stat(Result<Stat> stat) { return to_wit(TRY(std::move(stat))); }
  Loop& loop() { return context_.loop(); }

  /// What one more open file takes of the instance's budget; nothing if that is used up.
  std::optional<Share> take_share() {
    Share share(context_.file_budget());
    if (!share.resize(1)) return std::nullopt;
    return share;
  }

  Context& context_;
  FilePtr file_;
  Share share_;
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
    all.emplace_back(std::make_unique<DescriptorHandle>(context_, preopen.directory, Share()),
                     preopen.guest_path);
  }
  return all;
}

}  // namespace wasmcloud::wasi::filesystem::v0_2
