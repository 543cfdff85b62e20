#pragma once

#include "base/error.h"
#include "wash/value.h"

#include <string>
#include <vector>

namespace wasmcloud::wash {

/// What a file for `wash compose` says, before any component is read.
struct ComposeManifest {
  /// An import that is given by name, "INSTANCE" or "INSTANCE#EXPORT".
  struct Wire {
    std::string import;
    std::string instance;
    std::string item;  ///< empty: of the import's name
    Origin origin;
  };
  struct Named {
    std::string name;
    Origin origin;
  };
  struct Instance {
    std::string name;
    std::string component;  ///< a path, relative to the file's folder
    Origin component_origin;
    std::vector<Named> plugs;
    std::vector<Wire> wires;
  };
  std::vector<Instance> instances;
  std::vector<Named> exported;  ///< empty: the one that no other uses
  std::string output;           ///< relative to the file's folder; empty if it is not said
};

/// Errors: Errc::Invalid, with all that is wrong and the line of each.
Result<ComposeManifest> read_compose_manifest(const Value& file);

}  // namespace wasmcloud::wash
