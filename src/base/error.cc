#include "base/error.h"

#include <cerrno>
#include <system_error>

namespace wasmcloud {

std::string_view name_of(Errc code) {
  switch (code) {
    case Errc::Malformed:
      return "Malformed";
    case Errc::Invalid:
      return "Invalid";
    case Errc::Unsupported:
      return "Unsupported";
    case Errc::NotFound:
      return "NotFound";
    case Errc::Exists:
      return "Exists";
    case Errc::Usage:
      return "Usage";
    case Errc::Trap:
      return "Trap";
    case Errc::Limit:
      return "Limit";
    case Errc::Timeout:
      return "Timeout";
    case Errc::Cancelled:
      return "Cancelled";
    case Errc::Denied:
      return "Denied";
    case Errc::Io:
      return "Io";
    case Errc::Closed:
      return "Closed";
    case Errc::Refused:
      return "Refused";
    case Errc::Exit:
      return "Exit";
    case Errc::Internal:
      return "Internal";
  }
  return "unknown";
}

Error::Error(Errc code, std::string message)
    : payload_(std::make_unique<Payload>(
          Payload{.code = code, .message = std::move(message), .detail = {}})) {}

Error Error::within(std::string_view doing) && {
  payload_->message.insert(0, fmt::format("{}: ", doing));
  return std::move(*this);
}

Error Error::with_detail(std::string text) && {
  payload_->detail = std::move(text);
  return std::move(*this);
}

Error Error::with_number(int number) && {
  payload_->number = number;
  return std::move(*this);
}

Error Error::copy() const {
  Error same(code(), message());
  *same.payload_ = *payload_;
  return same;
}

std::unexpected<Error> fail_errno(int number, std::string_view doing) {
  Errc code = Errc::Io;
  switch (number) {
    case ENOENT:
      code = Errc::NotFound;
      break;
    case EEXIST:
      code = Errc::Exists;
      break;
    case EACCES:
    case EPERM:
      code = Errc::Denied;
      break;
    case ECONNREFUSED:
      code = Errc::Refused;
      break;
    case ECONNRESET:
    case EPIPE:
      code = Errc::Closed;
      break;
    case ETIMEDOUT:
      code = Errc::Timeout;
      break;
    default:
      break;
  }
  return fail(Error(code, fmt::format("{}: {}", doing, std::generic_category().message(number)))
                  .with_number(number));
}

}  // namespace wasmcloud
