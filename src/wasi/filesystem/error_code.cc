#include "wasi/filesystem/error_code.h"

#include <cerrno>

namespace wasmcloud::wasi::filesystem::v0_2 {

using wasmcloud::wit::wasi::filesystem_0_2::types::ErrorCode;

ErrorCode error_code_of(const Error& error) {
  switch (error.number()) {
    case EACCES:
      return ErrorCode::Access;
    case EAGAIN:
      return ErrorCode::WouldBlock;
    case EALREADY:
      return ErrorCode::Already;
    case EBADF:
      return ErrorCode::BadDescriptor;
    case EBUSY:
      return ErrorCode::Busy;
    case EDEADLK:
      return ErrorCode::Deadlock;
    case EDQUOT:
      return ErrorCode::Quota;
    case EEXIST:
      return ErrorCode::Exist;
    case EFBIG:
      return ErrorCode::FileTooLarge;
    case EILSEQ:
      return ErrorCode::IllegalByteSequence;
    case EINPROGRESS:
      return ErrorCode::InProgress;
    case EINTR:
      return ErrorCode::Interrupted;
    case EINVAL:
      return ErrorCode::Invalid;
    case EISDIR:
      return ErrorCode::IsDirectory;
    case ELOOP:
      return ErrorCode::Loop;
    case EMLINK:
      return ErrorCode::TooManyLinks;
    case EMSGSIZE:
      return ErrorCode::MessageSize;
    case ENAMETOOLONG:
      return ErrorCode::NameTooLong;
    case ENODEV:
      return ErrorCode::NoDevice;
    case ENOENT:
      return ErrorCode::NoEntry;
    case ENOLCK:
      return ErrorCode::NoLock;
    case ENOMEM:
    case EMFILE:
    case ENFILE:
      return ErrorCode::InsufficientMemory;
    case ENOSPC:
      return ErrorCode::InsufficientSpace;
    case ENOTDIR:
      return ErrorCode::NotDirectory;
    case ENOTEMPTY:
      return ErrorCode::NotEmpty;
    case ENOTRECOVERABLE:
      return ErrorCode::NotRecoverable;
    case ENOTSUP:
    case ENOSYS:
      return ErrorCode::Unsupported;
    case ENOTTY:
      return ErrorCode::NoTty;
    case ENXIO:
      return ErrorCode::NoSuchDevice;
    case EOVERFLOW:
      return ErrorCode::Overflow;
    case EPERM:
      return ErrorCode::NotPermitted;
    case EPIPE:
      return ErrorCode::Pipe;
    case EROFS:
      return ErrorCode::ReadOnly;
    case ESPIPE:
      return ErrorCode::InvalidSeek;
    case ETXTBSY:
      return ErrorCode::TextFileBusy;
    case EXDEV:
      return ErrorCode::CrossDevice;
    default:  // errno is an open set
      return ErrorCode::Io;
  }
}

}  // namespace wasmcloud::wasi::filesystem::v0_2
