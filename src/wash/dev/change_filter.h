#pragma once

#include "wash/dev/gitignore.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace wasmcloud::wash {

/// Tells which of a project's changed files are a reason to build again.
///
/// Not one: what version control ignores, .git, target folders, editors' temporary files, the
/// component itself, what wash itself writes to, a file whose content is as before, and a file that
/// every build writes anew.
class ChangeFilter {
 public:
  /// `component` is absolute; it may be outside of the project.
  ChangeFilter(std::string project, std::string component);

  /// What need not be watched at all.
  bool skips(std::string_view path, FileKind kind);
  /// The changes that count. Reads the files. `during_build`: they came while the last build ran.
  std::vector<std::string> relevant(const std::vector<std::string>& changed, bool during_build);
  /// What a file holds now was read; only another content is a change.
  void know(const std::string& path);
  /// Files that were given up on since the last call, for a warning.
  std::vector<std::string> take_given_up();

  /// How many builds in a row may change a file before its changes no longer count.
  static constexpr int kMaxBuildsThatChangeIt = 3;

 private:
  /// As the watch names it: relative to the project, or absolute outside of it.
  std::string name_of(const std::string& path) const;

  struct Seen {
    uint64_t fingerprint = 0;
    int builds_that_changed_it = 0;
  };

  std::string project_;
  std::string component_;
  IgnoreRules rules_;
  std::map<std::string, Seen, std::less<>> seen_;
  std::vector<std::string> given_up_;
};

}  // namespace wasmcloud::wash
