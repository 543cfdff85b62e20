#include "wasi/sockets/error_code.h"

#include <cerrno>

namespace wasmcloud::wasi::sockets {

ErrorCode from_errno(int number) {
  switch (number) {
    case EACCES:
    case EPERM:
      return ErrorCode::AccessDenied;
    case EOPNOTSUPP:
    case EPROTONOSUPPORT:
    case ENOPROTOOPT:
    case EPFNOSUPPORT:
    case EPROTOTYPE:
    case ESOCKTNOSUPPORT:
      return ErrorCode::NotSupported;
    case EINVAL:
    case EAFNOSUPPORT:
    case EDESTADDRREQ:
    case EFAULT:
      return ErrorCode::InvalidArgument;
    case ENOMEM:
    case ENOBUFS:
      return ErrorCode::OutOfMemory;
    case ETIMEDOUT:
      return ErrorCode::Timeout;
    case EALREADY:
      return ErrorCode::ConcurrencyConflict;
    case EWOULDBLOCK:
    case EINPROGRESS:
      return ErrorCode::WouldBlock;
    case ENOTCONN:
    case EISCONN:
      return ErrorCode::InvalidState;
    case EMFILE:
    case ENFILE:
      return ErrorCode::NewSocketLimit;
    case EADDRNOTAVAIL:
      return ErrorCode::AddressNotBindable;
    case EADDRINUSE:
      return ErrorCode::AddressInUse;
    case EHOSTUNREACH:
    case EHOSTDOWN:
    case ENETUNREACH:
    case ENETDOWN:
    case ENONET:
      return ErrorCode::RemoteUnreachable;
    case ECONNREFUSED:
      return ErrorCode::ConnectionRefused;
    case ECONNRESET:
    case EPIPE:
      return ErrorCode::ConnectionReset;
    case ECONNABORTED:
      return ErrorCode::ConnectionAborted;
    case EMSGSIZE:
      return ErrorCode::DatagramTooLarge;
    default:  // errno is an open set
      return ErrorCode::Unknown;
  }
}

}  // namespace wasmcloud::wasi::sockets
