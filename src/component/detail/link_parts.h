#pragma once

#include "component/detail/flatten.h"

#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace wasmcloud::component {

/// Walks parts that import one another into one plan: whoever is imported comes before.
class PartLinker {
 public:
  PartLinker(Plan& plan, const LinkerInstance& root, std::span<const Part> parts,
             const PrepareOptions& options);

  Result<void> run();

 private:
  struct Walk {
    PrepareOptions options = {};
    std::unique_ptr<Flattener> flattener = nullptr;
    std::optional<Items> exports = std::nullopt;
    bool is_under_way = false;
  };

  /// The exports of a part, walked when first asked for.
  Result<const Items*> exports_of(uint32_t part);
  /// The instance that a part other than `importer` exports under that name or another version of
  /// its track; null if none does.
  Result<std::shared_ptr<InstanceItem>> find(uint32_t importer, const std::string& name);

  Plan& plan_;
  const LinkerInstance& root_;
  const std::span<const Part> parts_;
  std::vector<Walk> walks_;  ///< by part; what was walked points into them until the end
};

}  // namespace wasmcloud::component
