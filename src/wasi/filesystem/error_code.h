#pragma once

#include "base/error.h"
#include "bindings/wasi/filesystem_0_2/types.h"
#include "bindings/wasi/filesystem_0_3/types.h"

// What a guest is told of a failure of the file system (wasi:filesystem/types "error-code").

namespace wasmcloud::wasi::filesystem::v0_2 {
wasmcloud::wit::wasi::filesystem_0_2::types::ErrorCode error_code_of(const Error& error);
}

namespace wasmcloud::wasi::filesystem::v0_3 {
wasmcloud::wit::wasi::filesystem_0_3::types::ErrorCode error_code_of(const Error& error);
}
