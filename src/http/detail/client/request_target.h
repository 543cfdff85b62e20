#pragma once

#include "base/error.h"
#include "http/message.h"

#include <string_view>

namespace wasmcloud::http::detail {

/// The path that a client's request names, "/" if none, checked. Errors:
/// Failure::RequestMethodInvalid for CONNECT, RequestUriTooLong, RequestUriInvalid.
Result<std::string_view> request_target(const RequestHead& head);

}  // namespace wasmcloud::http::detail
