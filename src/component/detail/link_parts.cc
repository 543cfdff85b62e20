#include "component/detail/link_parts.h"

#include "component/interface_version.h"

#include <algorithm>

namespace wasmcloud::component {
namespace {

/// Names of the instances that a component exports, as keys.
std::map<std::string_view, bool> instances_of(const Component& component) {
  const ValidatedComponent& definition = component.definition();
  std::map<std::string_view, bool> out;
  for (const ExportInfo& each : definition.root().exports) {
    if (each.type.kind == ExternType::Kind::Instance)
      out.emplace(definition.types.text(each.name), true);
  }
  return out;
}

}  // namespace

PartLinker::PartLinker(Plan& plan, const LinkerInstance& root, std::span<const Part> parts,
                       const PrepareOptions& options)
    : plan_(plan), root_(root), parts_(parts), walks_(parts.size()) {
  plan_.parts.push_back(0);
  for (size_t i = 0; i < parts.size(); ++i) {
    walks_[i].options = options;
    walks_[i].options.more = parts[i].more;
  }
}

Result<void> PartLinker::run() {
  const Items& exports = *TRY(exports_of(0));
  return walks_.front().flattener->finish(exports);
}

Result<const Items*> PartLinker::exports_of(uint32_t part) {
  Walk& walk = walks_[part];
  if (walk.exports) return &*walk.exports;
  const std::string& name = parts_[part].name;
  if (walk.is_under_way) {
    return fail(Errc::Invalid,
                "circular dependency detected among components: {} imports what "
                "needs itself",
                name);
  }
  walk.is_under_way = true;
  uint32_t position = 0;
  if (part != 0) {
    plan_.linked.push_back(parts_[part].component);
    position = static_cast<uint32_t>(plan_.parts.size());
    plan_.parts.push_back(part);
  }
  walk.flattener = std::make_unique<Flattener>(
      plan_, *parts_[part].component, root_, walk.options,
      [this, part](const std::string& wanted) { return find(part, wanted); });
  auto exports = walk.flattener->walk();
  if (!exports) return fail(std::move(exports).error().within(name));
  // Those it imports from came first and have theirs.
  plan_.part_of_instance.resize(plan_.component_instances, position);
  walk.exports = std::move(*exports);
  return &*walk.exports;
}

Result<std::shared_ptr<InstanceItem>> PartLinker::find(uint32_t importer, const std::string& name) {
  std::optional<uint32_t> found;
  for (uint32_t i = 0; i < parts_.size(); ++i) {
    if (i == importer) continue;
    auto offered = instances_of(*parts_[i].component);
    if (find_version(offered, name) == offered.end()) continue;
    if (found) {
      return fail(Errc::Invalid,
                  "imports {}, which both {} and {} export; leave one of them out of the workload",
                  name, parts_[*found].name, parts_[i].name);
    }
    found = i;
  }
  if (!found) return nullptr;
  const Items& exports = *TRY(exports_of(*found));
  const auto item = find_version(exports, name);
  if (item == exports.end()) return nullptr;
  const auto* instance = std::get_if<std::shared_ptr<InstanceItem>>(&item->second);
  return instance == nullptr ? nullptr : *instance;
}

}  // namespace wasmcloud::component
