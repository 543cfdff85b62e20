#include "wash/templates/clone.h"

#include "base/process.h"
#include "base/text.h"

#include <stdlib.h>

#include <filesystem>

namespace wasmcloud::wash {
namespace {

namespace fs = std::filesystem;

/// A folder that goes away with this object, whatever is in it by then.
struct Staging {
  explicit Staging(std::string at) : path(std::move(at)) {}
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;
  ~Staging() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  std::string path;
};

Task<void> git(Loop& loop, std::vector<std::string> arguments) {
  ProcessOptions options;
  const std::string what = arguments.front() == "-C" ? arguments[2] : arguments.front();
  options.command = {"git"};
  options.command.insert(options.command.end(), arguments.begin(), arguments.end());
  // It fails where it would ask for a password.
  options.environment = {{"GIT_TERMINAL_PROMPT", "0"}};
  options.output = Output::Null;
  options.errors = Output::Capture;
  Result<Finished> finished = co_await run_process(loop, std::move(options));
  if (!finished) {
    if (finished.error().code() == Errc::NotFound)
      co_return fail(Errc::NotFound, "git is not installed, and the template is in a repository");
    co_return fail(std::move(finished).error());
  }
  if (!finished->status.ok()) {
    co_return fail(Errc::Invalid, "git {} failed with {}:\n{}", what, finished->status.describe(),
                   trim(finished->errors));
  }
  co_return Result<void>();
}

void remove_git_folders(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (auto it = fs::recursive_directory_iterator(folder, error);
       !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    if (it->path().filename() != ".git") continue;
    found.push_back(it->path());
    it.disable_recursion_pending();
  }
  for (const fs::path& path : found) fs::remove_all(path, error);
}

/// The folder to keep. A link in the repository does not lead out of it.
Result<fs::path> find_subfolder(const fs::path& clone, const std::string& subfolder) {
  std::error_code error;
  const fs::path root = fs::canonical(clone, error);
  if (error) return fail(Errc::Io, "cannot read {}: {}", clone.string(), error.message());
  const fs::path found = fs::canonical(root / subfolder, error);
  const bool inside = !error && fs::is_directory(found, error) &&
                      std::ranges::mismatch(root, found).in1 == root.end();
  if (!inside || fs::path(subfolder).is_absolute())
    return fail(Errc::NotFound, "the repository has no folder '{}'", subfolder);
  return found;
}

}  // namespace

Task<void> clone_project(Loop& loop, const CloneRequest& request) {
  if (request.ref.starts_with('-'))
    co_return fail(Errc::Invalid, "'{}' is no branch, tag or commit", request.ref);
  // Beside the target: it takes its place by a rename.
  std::string pattern = request.into + ".XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr)
    co_return fail_errno(errno, "making a folder beside " + request.into);
  const Staging staging(pattern);
  const std::string clone = staging.path + "/clone";

  std::vector<std::string> arguments = {"clone", "--quiet"};
  if (request.ref.empty()) arguments.insert(arguments.end(), {"--depth", "1"});
  arguments.insert(arguments.end(), {"--", request.repository, clone});
  CO_TRY(co_await git(loop, std::move(arguments)));
  if (!request.ref.empty())
    CO_TRY(co_await git(loop, {"-C", clone, "checkout", "--quiet", request.ref}));
  const fs::path kept = CO_TRY(find_subfolder(clone, request.subfolder));
  remove_git_folders(kept);
  std::error_code error;
  fs::rename(kept, request.into, error);
  if (error) co_return fail(Errc::Io, "cannot make {}: {}", request.into, error.message());
  co_return Result<void>();
}

}  // namespace wasmcloud::wash
