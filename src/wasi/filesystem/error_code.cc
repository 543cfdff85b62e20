#include "wasi/filesystem/error_code.h"

#include "wasi/filesystem/detail/wit.h"

namespace wasmcloud::wasi::filesystem {

wasmcloud::wit::wasi::filesystem_0_2::types::ErrorCode v0_2::error_code_of(const Error& error) {
  return detail::error_tag<wasmcloud::wit::wasi::filesystem_0_2::types::ErrorCode>(error.number());
}

wasmcloud::wit::wasi::filesystem_0_3::types::ErrorCode v0_3::error_code_of(const Error& error) {
  using ErrorCode = wasmcloud::wit::wasi::filesystem_0_3::types::ErrorCode;
  return detail::with_tag<ErrorCode>(detail::error_tag<ErrorCode::Tag>(error.number()));
}

}  // namespace wasmcloud::wasi::filesystem
