#include "wash/dev/change_filter.h"

#include "base/file.h"
#include "base/secret.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <string>

namespace wasmcloud::wash {
namespace {

/// 0 for a file that cannot be read, such as one that is gone.
uint64_t fingerprint_of(const std::string& path) {
  Result<std::string> content = read_file(path, uint64_t{64} << 20);
  if (!content)
    return content.error().code() == Errc::Limit
               ? std::hash<std::string>()(content.error().message())
               : 0;
  const uint64_t fingerprint = std::hash<std::string>()(*content) | 1;
  wipe(*content);  // it may have held secrets
  return fingerprint;
}

/// True for the file that our own stdout or stderr goes to: every line of ours would be a change.
bool is_our_output(const std::string& path) {
  struct stat file = {};
  if (::stat(path.c_str(), &file) != 0) return false;
  return std::ranges::any_of(std::array{STDOUT_FILENO, STDERR_FILENO}, [&file](int fd) {
    struct stat ours = {};
    return ::fstat(fd, &ours) == 0 && ours.st_dev == file.st_dev && ours.st_ino == file.st_ino;
  });
}

bool is_editors_own(std::string_view name) {
  return name.ends_with('~') || name.ends_with(".swp") || name.ends_with(".swx") ||
         name.ends_with(".tmp") || name.starts_with(".#") || name == "4913" ||
         (name.starts_with('#') && name.ends_with('#'));
}

}  // namespace

ChangeFilter::ChangeFilter(std::string project, std::string component)
    : project_(std::move(project)), component_(std::move(component)), rules_(project_) {}

bool ChangeFilter::skips(std::string_view path, FileKind kind) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (name == ".git") return true;
  if (kind == FileKind::Directory && (name == "target" || name == "node_modules")) return true;
  if (kind == FileKind::File &&
      (is_editors_own(name) || fmt::format("{}/{}", project_, path) == component_))
    return true;
  return rules_.ignores(path, kind);
}

std::vector<std::string> ChangeFilter::relevant(const std::vector<std::string>& changed,
                                                bool during_build) {
  std::vector<std::string> out;
  for (const std::string& told : changed) {
    const std::string path = name_of(told);
    if (path.empty()) {  // events were lost
      out.emplace_back("files");
      continue;
    }
    // What is ignored is told by the file's folder, too: rules may have changed meanwhile.
    if (path == ".gitignore" || path.ends_with("/.gitignore")) rules_ = IgnoreRules(project_);
    const std::string file = path.starts_with('/') ? path : fmt::format("{}/{}", project_, path);
    if (is_our_output(file)) continue;
    const uint64_t fingerprint = fingerprint_of(file);
    const auto [known, is_new] = seen_.try_emplace(path);
    Seen& seen = known->second;
    if (!is_new && seen.fingerprint == fingerprint) continue;
    seen.fingerprint = fingerprint;
    if (!during_build) {
      seen.builds_that_changed_it = 0;
    } else if (++seen.builds_that_changed_it >= kMaxBuildsThatChangeIt) {
      if (seen.builds_that_changed_it == kMaxBuildsThatChangeIt) given_up_.push_back(path);
      continue;
    }
    out.push_back(path);
  }
  return out;
}

std::string ChangeFilter::name_of(const std::string& path) const {
  const bool is_inside = path.starts_with(project_) && path[project_.size()] == '/';
  return is_inside ? path.substr(project_.size() + 1) : path;
}

void ChangeFilter::know(const std::string& path) {
  seen_[name_of(path)].fingerprint = fingerprint_of(path);
}

std::vector<std::string> ChangeFilter::take_given_up() { return std::exchange(given_up_, {}); }

}  // namespace wasmcloud::wash
