#pragma once

#include "base/error.h"
#include "component/validator.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace wasmcloud::component {

/// What is to become one component. Positions in the vectors refer to each other.
struct Composition {
  struct Part {
    std::string name;  ///< for messages: the file
    std::span<const std::byte> bytes;
  };
  /// One import of an instance, given to it by name.
  struct Wire {
    std::string import;
    size_t instance = 0;
    std::string item = {};  ///< the other's export; empty: of the import's name
  };
  struct Instance {
    std::string name;  ///< for messages
    size_t part = 0;
    std::vector<Wire> wires = {};
    /// Instances that give their exports to imports of the same name, or of another version of its
    /// track; the first that has one does.
    std::vector<size_t> plugs = {};
  };

  std::vector<Part> parts;
  std::vector<Instance> instances;
  /// Instances whose exports are the whole's.
  std::vector<size_t> exported;
};

/// The composition as one binary, valid by our own rules: it embeds every part once, makes the
/// instances, passes what no instance gives on as its imports (merged where two ask for the same
/// interface of one track) and exports what it was told to. Reproducible to the byte.
/// Errors: those of `decode` and `validate` for a part; Errc::Invalid, all of them together, for
/// types that do not fit, instances that need each other in a circle, plugs that nobody needs,
/// imports or exports of one name that differ, wires to names that are not there, an import that is
/// itself a component, module or value and that nobody gives.
Result<std::vector<std::byte>> compose(const Composition& composition,
                                       const Features& features = {});

}  // namespace wasmcloud::component
