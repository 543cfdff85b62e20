#pragma once

#include "component/composition/plan.h"

#include <map>
#include <string>
#include <vector>

namespace wasmcloud::component::composition {

/// An import of the whole. Types are of the shared table; `type.id` of an instance means nothing.
struct MergedImport {
  struct Item {
    std::string name;
    ExternType type;
  };
  ExternName name;
  ExternType type;
  std::vector<Item> items;  ///< of an instance, each behind those that it mentions
  std::string asked_by;     ///< the instance that asked first, for messages
};

struct MergedImports {
  std::vector<MergedImport> list;  ///< each behind those whose resources it mentions
  std::map<std::string, size_t, std::less<>> by_key;  ///< positions, by `merge_key`
};

/// What all instances want from outside, with one import for those that are the same: it has the
/// newest version of those asked for, and all items of all. Errors: Errc::Invalid where two ask
/// for different things by one name.
Result<MergedImports> merge_imports(const Wiring& wiring, SharedTypes& types);

}  // namespace wasmcloud::component::composition
