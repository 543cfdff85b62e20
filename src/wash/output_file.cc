#include "wash/output_file.h"

#include "base/descriptor.h"
#include "base/file.h"

#include <fcntl.h>

#include <cerrno>
#include <filesystem>

namespace wasmcloud::wash {
namespace {

namespace fs = std::filesystem;

Result<void> write_into(const std::string& path, std::string_view content) {
  OwnedDescriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file.is_open()) return fail_errno(errno, "writing " + path);
  int error = write_all(file.get(), content);
  if (error == 0) error = file.close();
  if (error != 0) return fail_errno(error, "writing " + path);
  return {};
}

}  // namespace

Result<void> write_output(const std::string& path, std::string_view content) {
  std::error_code error;
  const fs::file_status there = fs::status(path, error);
  if (fs::is_directory(there))
    return fail(Errc::Invalid, "{} is a folder; give the name of the file to write", path);
  if (fs::exists(there) && !fs::is_regular_file(there)) return write_into(path, content);
  // A new file would take the link's place.
  const fs::path real = fs::exists(there) ? fs::canonical(path, error) : fs::path();
  if (!real.empty() && !error) return write_file(real.string(), content);
  const fs::path folder = fs::path(path).parent_path();
  if (!folder.empty() && !fs::exists(folder, error) && !error)
    return fail(Errc::NotFound, "there is no folder {} to write {} in; make it first",
                folder.string(), fs::path(path).filename().string());
  return write_file(path, content);
}

}  // namespace wasmcloud::wash
