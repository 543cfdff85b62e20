#include "wasi/filesystem/error_code.h"

#include "wasi/filesystem/detail/wit.h"

namespace wasmcloud::wasi::filesystem::v0_2 {

wasmcloud::wit::wasi::filesystem_0_2::types::ErrorCode error_code_of(const Error& error) {
  return detail::error_tag<wasmcloud::wit::wasi::filesystem_0_2::types::ErrorCode>(error.number());
}

}  // namespace wasmcloud::wasi::filesystem::v0_2
