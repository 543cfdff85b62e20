#pragma once

#include "base/error.h"
#include "bindings/wasi/http_0_2/types.h"
#include "bindings/wasi/http_0_3/types.h"

#include <string_view>

namespace wasmcloud::wasi::http::v0_2 {

/// What a guest is told of a failure of a body (wasi:http/types "error-code").
wasmcloud::wit::wasi::http_0_2::types::ErrorCode error_code_of(const Error& error);
/// The case's name in WIT, for the log.
std::string_view name_of(const wasmcloud::wit::wasi::http_0_2::types::ErrorCode& code);

}  // namespace wasmcloud::wasi::http::v0_2

namespace wasmcloud::wasi::http::v0_3 {

wasmcloud::wit::wasi::http_0_3::types::ErrorCode error_code_of(const Error& error);
std::string_view name_of(const wasmcloud::wit::wasi::http_0_3::types::ErrorCode& code);

}  // namespace wasmcloud::wasi::http::v0_3
