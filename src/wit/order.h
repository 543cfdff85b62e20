#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <vector>

namespace wasmcloud::wit {

/// Nodes 0 to n-1 so that each comes after those it needs, else as they are; or the nodes of one
/// cycle, in the order in which each needs the next. Does not recurse.
std::expected<std::vector<uint32_t>, std::vector<uint32_t>> dependencies_first(
    const std::vector<std::vector<uint32_t>>& needs);

}  // namespace wasmcloud::wit
