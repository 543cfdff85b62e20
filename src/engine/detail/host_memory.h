#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace wasmcloud::engine::detail {

/// Bytes this process may use: the smallest limit of its control group and those above, else what
/// the machine has.
uint64_t host_memory_limit();

/// The same for a given hierarchy: `root` is where it is mounted, `membership` the text of
/// /proc/self/cgroup. 0: no limit.
uint64_t cgroup_memory_limit(const std::filesystem::path& root, std::string_view membership);

}  // namespace wasmcloud::engine::detail
