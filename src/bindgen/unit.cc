#include "bindgen/unit.h"

#include "bindgen/names.h"

#include <algorithm>

namespace wasmcloud::bindgen {

namespace {

// "io_0_2" for io at 0.2.12; a version without a track is spelled out.
std::string package_namespace(const wit::PackageName& package) {
  if (!package.version) return snake_case(package.name);
  std::string suffix = package.version->track().value_or(package.version->str());
  std::replace_if(
      suffix.begin(), suffix.end(), [](char c) { return c == '.' || c == '-' || c == '+'; }, '_');
  std::string name = package.name;
  std::replace(name.begin(), name.end(), '-', '_');
  return fmt::format("{}_{}", name, suffix);
}

}  // namespace

std::string Unit::path() const {
  std::string path = "bindings";
  // What keeps a namespace apart from a keyword is not needed in a file's name.
  for (const std::string& part : namespaces)
    path += "/" + part.substr(0, part.find_last_not_of('_') + 1);
  return path;
}

std::string Unit::scope() const {
  std::string scope = "::wasmcloud::wit";
  for (const std::string& part : namespaces) scope += "::" + part;
  return scope;
}

std::vector<std::string> Units::namespaces(wit::PackageId package, std::string_view name) const {
  const wit::PackageName& full = model_[package].name;
  return {snake_case(full.ns), package_namespace(full), snake_case(name)};
}

Unit& Units::interface(wit::InterfaceId id, std::string wit_name,
                       std::vector<std::string> namespaces) {
  for (Unit& unit : units_) {
    if (unit.owner == wit::Owner(id)) return unit;
  }
  const wit::Interface& interface = model_[id];
  units_.push_back({.owner = id,
                    .wit_name = std::move(wit_name),
                    .namespaces = std::move(namespaces),
                    .types = interface.types,
                    .imports = {},
                    .exports = {}});
  return units_.back();
}

void Units::add(wit::InterfaceId id, Role role) {
  Unit& unit = interface(id, model_.name_of(id), namespaces(model_[id].package, model_[id].name));
  switch (role) {
    case Role::Import:
      unit.is_import = true;
      unit.imports = model_[id].functions;
      break;
    case Role::Export:
      unit.is_export = true;
      unit.exports = model_[id].functions;
      break;
    case Role::External:
      unit.is_external = true;
      break;
  }
}

Result<void> Units::add(wit::WorldId id) {
  const wit::World& world = model_[id];
  Unit own{.owner = id,
           .wit_name = {},
           .namespaces = namespaces(world.package, world.name),
           .types = {},
           .imports = {},
           .exports = {},
           .is_import = true,
           .is_export = true};
  for (const bool is_import : {true, false}) {
    for (const wit::WorldItem& item : is_import ? world.imports : world.exports) {
      if (const auto* type = std::get_if<wit::TypeId>(&item.item)) {
        own.types.push_back(*type);
      } else if (const auto* function = std::get_if<wit::Function>(&item.item)) {
        (is_import ? own.imports : own.exports).push_back(*function);
      } else {
        const auto interface_id = std::get<wit::InterfaceId>(item.item);
        const Role role = is_import ? Role::Import : Role::Export;
        if (item.name.empty()) {
          add(interface_id, role);
          continue;
        }
        if (!model_[interface_id].name.empty()) {
          return fail(Errc::Unsupported,
                      "world '{}': a name of its own ('{}') for an interface is not generated",
                      model_.name_of(id), item.name);
        }
        std::vector<std::string> inside = own.namespaces;
        inside.push_back(snake_case(item.name));
        Unit& unit = interface(interface_id, item.name, std::move(inside));
        (is_import ? unit.is_import : unit.is_export) = true;
        (is_import ? unit.imports : unit.exports) = model_[interface_id].functions;
      }
    }
  }
  // In one order with those that interfaces above have: what is needed comes first.
  units_.push_back(std::move(own));
  return {};
}

Result<const Unit*> Units::of(const wit::Owner& owner, const Unit& asking) const {
  for (const Unit& unit : units_) {
    if (unit.owner == owner) return &unit;
  }
  const auto* id = std::get_if<wit::InterfaceId>(&owner);
  return fail(Errc::NotFound,
              "'{}' uses types of '{}', which is not generated with it; name it as an interface, "
              "or as external",
              asking.wit_name, id != nullptr ? model_.name_of(*id) : "another world");
}

}  // namespace wasmcloud::bindgen
