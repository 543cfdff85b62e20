#include "wit/detail/read_files.h"
#include "wit/model.h"
#include "wit/parser.h"

#include <algorithm>
#include <fstream>

namespace wasmcloud::wit {

namespace fs = std::filesystem;

namespace {

Result<std::string> read_file(const fs::path& path) {
  std::error_code code;
  const auto size = fs::file_size(path, code);
  if (code) return fail_errno(code.value(), fmt::format("reading {}", path.string()));
  if (size > Sources::kMaxFileBytes) {
    return fail(Errc::Limit, "{}: {} bytes of WIT; at most {} are read", path.string(), size,
                Sources::kMaxFileBytes);
  }
  std::ifstream in(path, std::ios::binary);
  std::string text(size, '\0');
  in.read(text.data(), static_cast<std::streamsize>(size));
  if (!in) return fail(Errc::Io, "reading {}: the file could not be read whole", path.string());
  return text;
}

Result<std::vector<fs::path>> entries_of(const fs::path& folder) {
  std::error_code code;
  std::vector<fs::path> entries;
  for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
    entries.push_back(it->path());
  }
  if (code) return fail_errno(code.value(), fmt::format("reading the folder {}", folder.string()));
  std::sort(entries.begin(), entries.end());
  return entries;
}

Result<ast::File> read_wit(Sources& sources, const fs::path& path) {
  const uint32_t file = TRY(sources.add(path.string(), TRY(read_file(path))));
  return parse(sources, file);
}

// The `*.wit` files right in a folder.
Result<std::vector<ast::File>> read_folder(Sources& sources, const fs::path& folder) {
  std::vector<ast::File> files;
  for (const fs::path& entry : TRY(entries_of(folder))) {
    std::error_code code;
    if (entry.extension() != ".wit" || !fs::is_regular_file(entry, code)) continue;
    files.push_back(TRY(read_wit(sources, entry)));
  }
  return files;
}

}  // namespace

Result<ReadFiles> read_package(Sources& sources, const fs::path& path) {
  std::error_code code;
  const fs::file_status status = fs::status(path, code);
  if (!fs::exists(status)) return fail(Errc::NotFound, "{}: no such file or folder", path.string());
  ReadFiles read{.path = path, .files = {}};
  if (!fs::is_directory(status)) {
    read.files.push_back(TRY(read_wit(sources, path)));
    return read;
  }
  read.files = TRY(read_folder(sources, path));
  if (read.files.empty())
    return fail(Errc::NotFound, "{}: no *.wit file in this folder", path.string());
  return read;
}

// Each folder and each file in `deps/` is a package; what is no WIT is passed over.
Result<std::vector<ReadFiles>> read_dependencies(Sources& sources, const fs::path& package) {
  std::vector<ReadFiles> packages;
  std::error_code code;
  const fs::path deps = package / "deps";
  if (!fs::is_directory(deps, code)) return packages;
  for (const fs::path& entry : TRY(entries_of(deps))) {
    if (fs::is_directory(entry, code)) {
      packages.push_back({.path = entry, .files = TRY(read_folder(sources, entry))});
    } else if (entry.extension() == ".wit") {
      packages.push_back({.path = entry, .files = {}});
      packages.back().files.push_back(TRY(read_wit(sources, entry)));
    } else if (entry.extension() == ".wasm" || entry.extension() == ".wat") {
      return fail(Errc::Unsupported, "{}: packages in binary form are not read; expected WIT text",
                  entry.string());
    }
  }
  return packages;
}

Result<PackageId> Model::load(const fs::path& path) {
  ReadFiles main = TRY(read_package(sources_, path));
  std::vector<std::vector<ast::File>> dependencies;
  for (ReadFiles& read : TRY(read_dependencies(sources_, path)))
    dependencies.push_back(std::move(read.files));
  return resolve(std::move(main.files), std::move(dependencies));
}

Result<PackageId> Model::load_text(std::string path, std::string text) {
  const uint32_t file = TRY(sources_.add(std::move(path), std::move(text)));
  std::vector<ast::File> main;
  main.push_back(TRY(parse(sources_, file)));
  return resolve(std::move(main), {});
}

Result<PackageId> Model::load_syntax(std::string path,
                                     const std::function<Result<ast::File>(uint32_t file)>& write) {
  std::vector<ast::File> main;
  main.push_back(TRY(write(TRY(sources_.add(std::move(path), {})))));
  return resolve(std::move(main), {});
}

}  // namespace wasmcloud::wit
