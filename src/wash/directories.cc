#include "wash/directories.h"

#include "base/file.h"

#include <cstdlib>
#include <filesystem>

namespace wasmcloud::wash {

Environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value =
        std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): nothing of ours writes it
    if (value == nullptr) return std::nullopt;
    return value;
  };
}

Result<Directories> find_directories(const Environment& environment) {
  const auto find = [&](const char* variable, const char* below_home) -> Result<std::string> {
    // The rules say that a relative path is to be ignored.
    const auto set = environment(variable);
    if (set && set->starts_with('/')) return *set + "/wash";
    const auto home = environment("HOME");
    if (!home || !home->starts_with('/'))
      return fail(Errc::NotFound, "there is no home folder; set HOME, or {} to an absolute path",
                  variable);
    return fmt::format("{}/{}/wash", *home, below_home);
  };
  return Directories{.config = TRY(find("XDG_CONFIG_HOME", ".config")),
                     .data = TRY(find("XDG_DATA_HOME", ".local/share")),
                     .cache = TRY(find("XDG_CACHE_HOME", ".cache"))};
}

std::string find_project(const std::string& from) {
  namespace fs = std::filesystem;
  for (fs::path at = from;; at = at.parent_path()) {
    if (file_exists(at / ".wash/config.yaml")) return at;
    if (at == at.parent_path()) return from;
  }
}

}  // namespace wasmcloud::wash
