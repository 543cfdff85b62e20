#include "wash/invocation.h"

#include "base/text.h"

#include <filesystem>

namespace wasmcloud::wash {

std::vector<std::string_view> list_of(const Arguments& arguments, std::string_view flag,
                                      const std::vector<std::string>& configured) {
  const std::span<const std::string> given = arguments.values(flag);
  std::vector<std::string_view> out;
  for (const std::string& text : given.empty() ? std::span(configured) : given) {
    for (const std::string_view part : split(text, ','))
      if (!part.empty()) out.push_back(part);
  }
  return out;
}

std::string resolve(std::string_view path, const std::string& folder) {
  std::string normal = (std::filesystem::path(folder) / path).lexically_normal();
  if (normal.size() > 1 && normal.ends_with('/')) normal.pop_back();
  return normal;
}

}  // namespace wasmcloud::wash
