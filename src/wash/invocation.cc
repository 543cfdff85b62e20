#include "wash/invocation.h"

#include <filesystem>

namespace wasmcloud::wash {

std::string resolve(std::string_view path, const std::string& folder) {
  std::string normal = (std::filesystem::path(folder) / path).lexically_normal();
  if (normal.size() > 1 && normal.ends_with('/')) normal.pop_back();
  return normal;
}

}  // namespace wasmcloud::wash
