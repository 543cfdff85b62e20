#include "wit/model.h"

namespace wasmcloud::wit {

namespace {

std::string qualified(const PackageName& package, std::string_view name) {
  return fmt::format("{}:{}/{}{}{}", package.ns, package.name, name, package.version ? "@" : "",
                     package.version ? package.version->str() : "");
}

}  // namespace

std::string PackageName::str() const {
  return fmt::format("{}:{}{}{}", ns, name, version ? "@" : "", version ? version->str() : "");
}

std::string Model::name_of(InterfaceId id) const {
  const Interface& interface = (*this)[id];
  if (interface.name.empty()) return "an interface inside a world";
  return qualified(packages_[interface.package.index].name, interface.name);
}

std::string Model::name_of(WorldId id) const {
  const World& world = (*this)[id];
  return qualified(packages_[world.package.index].name, world.name);
}

std::optional<PackageId> Model::find_package(const PackageName& name) const {
  const auto found = packages_by_name_.find(name.str());
  if (found == packages_by_name_.end()) return std::nullopt;
  return found->second;
}

Result<InterfaceId> Model::find_interface(std::string_view name) const {
  std::string known;
  for (const Package& package : packages_) {
    for (const InterfaceId id : package.interfaces) {
      const std::string full = name_of(id);
      if (full == name) return id;
      known += (known.empty() ? "" : ", ") + full;
    }
  }
  return fail(Errc::NotFound, "no interface '{}'; there are: {}", name, known);
}

Result<WorldId> Model::find_world(std::string_view name) const {
  std::string known;
  for (const Package& package : packages_) {
    for (const WorldId id : package.worlds) {
      const std::string full = name_of(id);
      if (full == name) return id;
      known += (known.empty() ? "" : ", ") + full;
    }
  }
  return fail(Errc::NotFound, "no world '{}'; there are: {}", name, known);
}

TypeId Model::follow(TypeId id) const {
  while (const auto* alias = std::get_if<Alias>(&types_[id.index].kind)) {
    const auto* next = std::get_if<TypeId>(&alias->target);
    if (next == nullptr) break;
    id = *next;
  }
  return id;
}

}  // namespace wasmcloud::wit
