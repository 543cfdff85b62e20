#include "host/detail/bind_plugins.h"

#include "base/text.h"
#include "component/interface_version.h"

#include <algorithm>
#include <deque>

namespace wasmcloud::host::detail {
namespace {

/// "wasi:keyvalue/store@0.2.0-draft" taken apart.
struct InterfaceName {
  explicit InterfaceName(std::string_view name) {
    const auto [base, with_version] = component::split_version(name);
    const size_t slash = base.find('/');
    package = base.substr(0, slash);
    interface = slash == base.npos ? std::string_view() : base.substr(slash + 1);
    version = with_version;
  }
  std::string_view package;
  std::string_view interface;
  std::string_view version;
};

/// An instance that a component imports.
struct Wanted {
  std::string name;
  std::string interface;  ///< differs from `name` where the import has a name of its own
  bool is_named() const { return name != interface; }
};

std::vector<Wanted> imports_of(const component::Component& component) {
  const component::ValidatedComponent& definition = component.definition();
  std::vector<Wanted> out;
  for (const component::ImportInfo& import : definition.root().imports) {
    if (import.type.kind != component::ExternType::Kind::Instance) continue;
    const std::string& name = definition.types.text(import.name);
    const auto& written =
        std::get<component::Import>(definition.decoded.root().definitions[import.definition].what);
    out.push_back({.name = name, .interface = written.name.implements.value_or(name)});
  }
  return out;
}

bool grants(const InterfaceGrant& grant, const Wanted& wanted) {
  const InterfaceName name(wanted.interface);
  if (grant.package != name.package) return false;
  if (wanted.is_named() ? grant.name != wanted.name : !grant.name.empty()) return false;
  if (!grant.interfaces.empty() &&
      std::ranges::find(grant.interfaces, name.interface) == grant.interfaces.end())
    return false;
  return grant.version.empty() || component::serves(fmt::format("{}@{}", "v", grant.version),
                                                    fmt::format("{}@{}", "v", name.version));
}

std::string missing_grant(const Wanted& wanted) {
  const InterfaceName name(wanted.interface);
  const size_t colon = name.package.find(':');
  return fmt::format(
      "imports {}{}, which was not granted; this host interface grants it: {{namespace: {}, "
      "package: {}, interfaces: [{}], config: {{}}{}}}",
      wanted.name, wanted.is_named() ? fmt::format(" (implements {})", wanted.interface) : "",
      name.package.substr(0, colon), name.package.substr(colon + 1), name.interface,
      wanted.is_named() ? fmt::format(", name: {}", wanted.name) : "");
}

/// The grant for an import, written down or implied; null if there is none.
class Granting {
 public:
  explicit Granting(const WorkloadConfig& workload) : workload_(workload) {}

  const InterfaceGrant* find(const Wanted& import, const Plugin& plugin) {
    const auto listed = std::ranges::find_if(
        workload_.interfaces, [&](const InterfaceGrant& grant) { return grants(grant, import); });
    if (listed != workload_.interfaces.end()) return &*listed;
    if (workload_.grants != Grants::Imported || import.is_named() || plugin.must_be_listed())
      return nullptr;
    const std::string_view package = InterfaceName(import.interface).package;
    // Settings of the package's entry hold for all of it.
    const auto entry = std::ranges::find_if(workload_.interfaces, [&](const InterfaceGrant& other) {
      return other.package == package && other.name.empty();
    });
    if (entry != workload_.interfaces.end()) return &*entry;
    const auto made = std::ranges::find(implied_, package, &InterfaceGrant::package);
    if (made != implied_.end()) return &*made;
    return &implied_.emplace_back(InterfaceGrant{.package = std::string(package)});
  }

 private:
  const WorkloadConfig& workload_;
  std::deque<InterfaceGrant> implied_;  ///< that nobody wrote down, see Grants::Imported
};

bool exports(const component::Component& component, std::string_view interface) {
  return std::ranges::any_of(component.export_names(), [&](std::string_view name) {
    return component::serves(name, interface);
  });
}

/// What is left to the host: what no other component of the workload exports.
std::vector<Wanted> wanted_by(size_t importer, std::span<const BoundComponent> components) {
  std::vector<Wanted> out = imports_of(*components[importer].component);
  std::erase_if(out, [&](const Wanted& import) {
    for (size_t i = 0; i < components.size(); ++i) {
      if (i != importer && !components[i].is_service &&
          exports(*components[i].component, import.interface))
        return true;
    }
    return false;
  });
  return out;
}

}  // namespace

Result<std::vector<std::shared_ptr<void>>> bind_plugins(
    std::span<const std::unique_ptr<Plugin>> plugins, std::span<const BoundComponent> components,
    const WorkloadConfig& workload) {
  std::vector<std::vector<Wanted>> wanted;
  for (size_t i = 0; i < components.size(); ++i) wanted.push_back(wanted_by(i, components));
  std::vector<std::shared_ptr<void>> out;
  std::vector<std::string> denied;
  Granting granting(workload);
  for (const std::unique_ptr<Plugin>& plugin : plugins) {
    std::vector<PluginImport> served;
    for (size_t i = 0; i < components.size(); ++i) {
      for (const Wanted& import : wanted[i]) {
        const auto interfaces = plugin->interfaces();
        const auto offered = std::ranges::find_if(interfaces, [&](std::string_view name) {
          return component::serves(name, import.interface);
        });
        if (offered == interfaces.end()) continue;
        if (import.is_named() && !plugin->serves_named()) continue;
        const InterfaceGrant* grant = granting.find(import, *plugin);
        if (grant == nullptr) {
          denied.push_back(missing_grant(import));
        } else {
          served.push_back({.name = import.name,
                            .interface = *offered,
                            .grant = grant,
                            .workload = workload.name,
                            .component = components[i].config,
                            .linker = components[i].linker});
        }
      }
    }
    if (served.empty()) continue;
    out.push_back(TRY(plugin->bind(served)));
  }
  if (!denied.empty()) return fail(Errc::Denied, "{}", join(denied, "\n"));
  return out;
}

}  // namespace wasmcloud::host::detail
