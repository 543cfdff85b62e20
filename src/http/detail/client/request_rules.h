#pragma once

#include "base/error.h"
#include "http/message.h"

#include <string_view>

namespace wasmcloud::http::detail {

/// The path that a client's request names, "/" if none, checked. Errors:
/// Failure::RequestMethodInvalid for CONNECT, RequestUriTooLong, RequestUriInvalid.
Result<std::string_view> request_target(const RequestHead& head);
/// Fields that a client says by itself, or leaves out.
bool is_clients_own(std::string_view name);

}  // namespace wasmcloud::http::detail
