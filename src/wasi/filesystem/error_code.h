#pragma once

#include "base/error.h"
#include "bindings/wasi/filesystem_0_2/types.h"

namespace wasmcloud::wasi::filesystem::v0_2 {

/// What a guest is told of a failure of the file system (wasi:filesystem/types "error-code").
wasmcloud::wit::wasi::filesystem_0_2::types::ErrorCode error_code_of(const Error& error);

}  // namespace wasmcloud::wasi::filesystem::v0_2
