#pragma once

#include "wit/ast.h"

#include <filesystem>
#include <vector>

namespace wasmcloud::wit {

/// What stands in one place: a folder's files, or one file.
struct ReadFiles {
  std::filesystem::path path;
  std::vector<ast::File> files;
};

/// A folder's own `*.wit` files. Errors: Errc::NotFound if there are none; those of reading.
Result<ReadFiles> read_package(Sources& sources, const std::filesystem::path& path);
/// What is in a package's `deps/`, sorted by name; nothing where there is no such folder.
Result<std::vector<ReadFiles>> read_dependencies(Sources& sources,
                                                 const std::filesystem::path& package);

}  // namespace wasmcloud::wit
