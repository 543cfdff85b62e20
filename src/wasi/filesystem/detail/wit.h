#pragma once

#include "wasi/filesystem/file_system.h"
#include "wasi/told.h"

#include <cerrno>
#include <utility>
#include <variant>

/// What the values of both generations of wasi:filesystem/types have in common: they differ in
/// their types, and a little in their cases.
namespace wasmcloud::wasi::filesystem::detail {

/// The case of "error-code" for an errno.
template <class Tag>
Tag error_tag(int number) {
  switch (number) {
    case EACCES:
      return Tag::Access;
    case EALREADY:
      return Tag::Already;
    case EBADF:
      return Tag::BadDescriptor;
    case EBUSY:
      return Tag::Busy;
    case EDEADLK:
      return Tag::Deadlock;
    case EDQUOT:
      return Tag::Quota;
    case EEXIST:
      return Tag::Exist;
    case EFBIG:
      return Tag::FileTooLarge;
    case EILSEQ:
      return Tag::IllegalByteSequence;
    case EINPROGRESS:
      return Tag::InProgress;
    case EINTR:
      return Tag::Interrupted;
    case EINVAL:
      return Tag::Invalid;
    case EISDIR:
      return Tag::IsDirectory;
    case ELOOP:
      return Tag::Loop;
    case EMLINK:
      return Tag::TooManyLinks;
    case EMSGSIZE:
      return Tag::MessageSize;
    case ENAMETOOLONG:
      return Tag::NameTooLong;
    case ENODEV:
      return Tag::NoDevice;
    case ENOENT:
      return Tag::NoEntry;
    case ENOLCK:
      return Tag::NoLock;
    case ENOMEM:
    case EMFILE:
    case ENFILE:
      return Tag::InsufficientMemory;
    case ENOSPC:
      return Tag::InsufficientSpace;
    case ENOTDIR:
      return Tag::NotDirectory;
    case ENOTEMPTY:
      return Tag::NotEmpty;
    case ENOTRECOVERABLE:
      return Tag::NotRecoverable;
    case ENOTSUP:
    case ENOSYS:
      return Tag::Unsupported;
    case ENOTTY:
      return Tag::NoTty;
    case ENXIO:
      return Tag::NoSuchDevice;
    case EOVERFLOW:
      return Tag::Overflow;
    case EPERM:
      return Tag::NotPermitted;
    case EPIPE:
      return Tag::Pipe;
    case EROFS:
      return Tag::ReadOnly;
    case ESPIPE:
      return Tag::InvalidSeek;
    case ETXTBSY:
      return Tag::TextFileBusy;
    case EXDEV:
      return Tag::CrossDevice;
    case EAGAIN:
      if constexpr (requires { Tag::WouldBlock; }) return Tag::WouldBlock;
      return Tag::Io;
    default:  // errno is an open set
      return Tag::Io;
  }
}

/// The case `tag` of a variant, with nothing in its payload.
template <class Variant>
Variant with_tag(typename Variant::Tag tag) {
  Variant made;
  [&]<size_t... I>(std::index_sequence<I...>) {
    static_cast<void>(
        ((static_cast<size_t>(tag) == I && (made.value.template emplace<I>(), true)) || ...));
  }(std::make_index_sequence<std::variant_size_v<decltype(Variant::value)>>());
  return made;
}

/// The case of "descriptor-type".
template <class Tag>
Tag type_tag(Type type) {
  switch (type) {
    case Type::Unknown:
      break;
    case Type::BlockDevice:
      return Tag::BlockDevice;
    case Type::CharacterDevice:
      return Tag::CharacterDevice;
    case Type::Directory:
      return Tag::Directory;
    case Type::Fifo:
      return Tag::Fifo;
    case Type::SymbolicLink:
      return Tag::SymbolicLink;
    case Type::RegularFile:
      return Tag::RegularFile;
    case Type::Socket:
      return Tag::Socket;
  }
  if constexpr (requires { Tag::Unknown; }) {
    return Tag::Unknown;
  } else {
    return Tag::Other;
  }
}

template <class WitAdvice>
Advice from_wit(WitAdvice advice)
  requires requires { WitAdvice::NoReuse; }
{
  switch (advice) {
    case WitAdvice::Normal:
      return Advice::Normal;
    case WitAdvice::Sequential:
      return Advice::Sequential;
    case WitAdvice::Random:
      return Advice::Random;
    case WitAdvice::WillNeed:
      return Advice::WillNeed;
    case WitAdvice::DontNeed:
      return Advice::DontNeed;
    case WitAdvice::NoReuse:
      return Advice::NoReuse;
  }
  return Advice::Normal;
}

template <class NewTimestamp>
NewTime from_wit(const NewTimestamp& time)
  requires requires { NewTimestamp::Tag::NoChange; }
{
  switch (time.tag()) {
    case NewTimestamp::Tag::NoChange:
      return {.kind = NewTime::Kind::Keep};
    case NewTimestamp::Tag::Now:
      return {.kind = NewTime::Kind::Now};
    case NewTimestamp::Tag::Timestamp:
      break;
  }
  const auto& given = time.get_timestamp();
  NewTime made{
      .kind = NewTime::Kind::Given,
      .time = {.seconds = static_cast<int64_t>(given.seconds), .nanoseconds = given.nanoseconds}};
  // Later than any time has no nanoseconds that the system takes either.
  if (!std::in_range<int64_t>(given.seconds)) made.time.nanoseconds = clocks::kNanoseconds;
  return made;
}

template <class PathFlags>
Follow follow_of(PathFlags flags) {
  return flags.has(PathFlags::kSymlinkFollow) ? Follow::Yes : Follow::No;
}

template <class WitFlags>
OpenFlags open_flags_of(WitFlags flags) {
  return {.create = flags.has(WitFlags::kCreate),
          .directory = flags.has(WitFlags::kDirectory),
          .exclusive = flags.has(WitFlags::kExclusive),
          .truncate = flags.has(WitFlags::kTruncate)};
}

template <class DescriptorFlags>
Access access_of(DescriptorFlags flags) {
  return {.read = flags.has(DescriptorFlags::kRead),
          .write = flags.has(DescriptorFlags::kWrite),
          .mutate_directory = flags.has(DescriptorFlags::kMutateDirectory),
          .file_integrity_sync = flags.has(DescriptorFlags::kFileIntegritySync),
          .data_integrity_sync = flags.has(DescriptorFlags::kDataIntegritySync)};
}

template <class DescriptorFlags>
DescriptorFlags flags_of(const Access& access, Type type) {
  DescriptorFlags flags{};
  if (access.read) flags.bits |= DescriptorFlags::kRead;
  if (access.write && type != Type::Directory) flags.bits |= DescriptorFlags::kWrite;
  if (access.mutate_directory) flags.bits |= DescriptorFlags::kMutateDirectory;
  if (access.file_integrity_sync) flags.bits |= DescriptorFlags::kFileIntegritySync;
  if (access.data_integrity_sync) flags.bits |= DescriptorFlags::kDataIntegritySync;
  return flags;
}

/// Two words that differ between files. The times and the size are left out on purpose: preview 1
/// shows the hash as the inode number, by which programs tell whether two names are one file.
template <class MetadataHashValue>
MetadataHashValue hash_of(Identity identity) {
  const auto mix = [](uint64_t value) {
    value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    value = (value ^ (value >> 27U)) * 0x94D049BB133111EBULL;
    return value ^ (value >> 31U);
  };
  const uint64_t lower = mix(identity.inode + 0x9E3779B97F4A7C15ULL);
  return {.lower = mix(lower ^ identity.device), .upper = mix(lower + identity.device)};
}

}  // namespace wasmcloud::wasi::filesystem::detail
