#pragma once

#include "wasi/filesystem/file_system.h"

#include <sys/stat.h>

#include <array>

namespace wasmcloud::wasi::filesystem::detail {

Type type_of(mode_t mode);
/// From `d_type` of a directory entry.
Type type_of_entry(unsigned char type);
Result<Stat> stat_of(int fd);
Result<Identity> identity_of(int fd);
/// Errors: EINVAL for a time that the system cannot hold.
Result<std::array<timespec, 2>> to_timespecs(const NewTime& accessed, const NewTime& modified);

}  // namespace wasmcloud::wasi::filesystem::detail
