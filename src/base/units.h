#pragma once

#include "base/error.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace wasmcloud {

/// "500ms", "30s", "1m30s", "2h"; a bare number is seconds. Errors: Errc::Malformed, Errc::Limit.
Result<std::chrono::milliseconds> parse_duration(std::string_view text);
/// "64KiB", "256MiB", "1GiB", "64K", "256M", "1G" (all powers of 1024), "10MB" (a power of 1000);
/// a bare number is bytes. Errors: Errc::Malformed, Errc::Limit.
Result<uint64_t> parse_size(std::string_view text);

/// "850 µs", "12 ms", "1.4 s", "2m 05s": for people.
std::string format_duration(std::chrono::nanoseconds duration);
/// "512 B", "74.1 KiB", "12.3 MiB": for people.
std::string format_size(uint64_t bytes);

}  // namespace wasmcloud
