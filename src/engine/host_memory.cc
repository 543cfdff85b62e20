#include "engine/detail/host_memory.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <string>

namespace wasmcloud::engine::detail {
namespace {

namespace fs = std::filesystem;

std::string read_text(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// 0 for "max", nonsense and missing files.
uint64_t read_limit(const fs::path& path) {
  const std::string text = read_text(path);
  uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  // Version 1 says "no limit" with a number near 2^63.
  return value > (uint64_t{1} << 60) ? 0 : value;
}

uint64_t smaller(uint64_t a, uint64_t b) {
  if (a == 0) return b;
  return b == 0 ? a : std::min(a, b);
}

uint64_t smallest_up_from(const fs::path& top, std::string_view group, const char* file) {
  fs::path path = group == "/" ? top : top / group.substr(1);
  uint64_t limit = 0;
  while (true) {
    limit = smaller(limit, read_limit(path / file));
    if (path == top || !path.has_relative_path()) return limit;
    path = path.parent_path();
  }
}

}  // namespace

uint64_t cgroup_memory_limit(const fs::path& root, std::string_view membership) {
  // Lines are "hierarchy:controllers:path"; version 2 has hierarchy 0 and no controllers.
  uint64_t limit = 0;
  while (!membership.empty()) {
    const auto end = std::min(membership.find('\n'), membership.size());
    const std::string_view line = membership.substr(0, end);
    membership.remove_prefix(std::min(end + 1, membership.size()));
    const auto first = line.find(':');
    if (first == std::string_view::npos) continue;
    const auto second = line.find(':', first + 1);
    if (second == std::string_view::npos) continue;
    const std::string_view controllers = line.substr(first + 1, second - first - 1);
    const std::string_view group = line.substr(second + 1);
    if (!group.starts_with('/') || group.find("/..") != std::string_view::npos) continue;
    if (controllers.empty()) {
      limit = smaller(limit, smallest_up_from(root, group, "memory.max"));
    } else if (controllers == "memory") {
      limit = smaller(limit, smallest_up_from(root / "memory", group, "memory.limit_in_bytes"));
      // In a container the group's path is often not visible, and its own limit is at the top.
      limit = smaller(limit, read_limit(root / "memory" / "memory.limit_in_bytes"));
    }
  }
  return limit;
}

uint64_t host_memory_limit() {
  const auto pages = static_cast<uint64_t>(std::max(sysconf(_SC_PHYS_PAGES), 1L));
  const auto page_bytes = static_cast<uint64_t>(std::max(sysconf(_SC_PAGESIZE), 1L));
  return smaller(cgroup_memory_limit("/sys/fs/cgroup", read_text("/proc/self/cgroup")),
                 pages * page_bytes);
}

}  // namespace wasmcloud::engine::detail
