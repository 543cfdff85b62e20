#pragma once

#include "base/loop.h"

#include <string>

namespace wasmcloud::wash {

struct CloneRequest {
  std::string repository;  ///< what `git clone` takes
  std::string ref;         ///< a branch, tag or commit; empty: the repository's default branch
  std::string subfolder;   ///< of the repository; empty: all of it
  std::string into;        ///< the folder to make; its parent exists
};

/// Puts a repository's files, or those of one of its folders, into a new folder, without git's own.
/// Nothing is left behind where that fails.
/// Errors: Errc::NotFound (no git, no such subfolder), Errc::Invalid (git's words), Errc::Io.
Task<void> clone_project(Loop& loop, const CloneRequest& request);

}  // namespace wasmcloud::wash
