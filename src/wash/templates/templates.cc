#include "wash/templates/templates.h"

#include "base/file.h"

#include <algorithm>
#include <filesystem>

namespace wasmcloud::wash {

namespace fs = std::filesystem;

const Template* find_template(std::string_view name) {
  const auto all = bundled_templates();
  const auto found = std::ranges::find(all, name, &Template::name);
  return found == all.end() ? nullptr : &*found;
}

Result<void> write_template(const Template& from, const std::string& folder) {
  for (const TemplateFile& file : from.files) {
    const fs::path path = fs::path(folder) / file.path;
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    if (error)
      return fail(Errc::Io, "cannot make {}: {}", path.parent_path().string(), error.message());
    TRY(write_file(path, file.content));
    if (!file.executable) continue;
    constexpr auto kExecute =
        fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec;
    fs::permissions(path, kExecute, fs::perm_options::add, error);
    if (error)
      return fail(Errc::Io, "cannot make {} executable: {}", path.string(), error.message());
  }
  return {};
}

}  // namespace wasmcloud::wash
