#pragma once

#include "base/bytes.h"
#include "base/loop.h"

#include <string>

namespace wasmcloud::wash {

struct InstallPlan {
  std::string asset_name;
  std::string program;      ///< what is replaced
  std::string otherwise;    ///< where it goes if the folder of `program` cannot be written
  std::string work_folder;  ///< for the backup and what is unpacked
};

struct Installed {
  std::string path;
  std::string backup;  ///< the program as it was
};

/// Unpacks an archive, or takes the bare program; tries whether it runs here; keeps a copy of the
/// old one; and puts it in its place by a rename, so that at any time there is a whole program.
/// What an archive has in share/wash goes to the same place beside the program, if there is one.
/// Errors: Errc::Malformed, Errc::Invalid for what does not run, Errc::Denied, Errc::Io: then the
/// old program is as it was.
Task<Installed> install_program(Loop& loop, Bytes bytes, InstallPlan plan);

}  // namespace wasmcloud::wash
