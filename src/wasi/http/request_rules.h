#pragma once

#include "base/loop.h"
#include "http/headers.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace wasmcloud::wasi::http {

/// gRPC is only spoken over HTTP/2.
bool is_grpc(const wasmcloud::http::Headers& headers);
/// Sets `out` if there is a limit. A guest's durations are unsigned nanoseconds, ours are signed.
void limit(Clock::duration& out, const std::optional<uint64_t>& nanoseconds);

// What guests may put into a request's parts (RFC 3986, sections 3.1, 3.2 and 3.3).
bool is_scheme(std::string_view text);
bool is_authority(std::string_view text);
bool is_path_with_query(std::string_view text);

}  // namespace wasmcloud::wasi::http
