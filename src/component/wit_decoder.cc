#include "component/wit_decoder.h"

#include "component/decoder.h"
#include "component/detail/package_docs.h"
#include "component/detail/type_graph.h"
#include "component/detail/wit_builder.h"
#include "component/interface_version.h"
#include "component/metadata.h"

namespace wasmcloud::component {
namespace {

using detail::ComponentInterface;
using detail::ComponentValue;
using detail::Entity;
using detail::NamedEntity;
using detail::TypeGraph;
using detail::TypeNode;
using detail::WitBuilder;

constexpr std::string_view kRootPackage = "root:component";
constexpr std::string_view kRootWorld = "root";

const detail::Scoped<ComponentTypeDefinition>* component_type(const Entity& entity) {
  const auto* type = std::get_if<const TypeNode*>(&entity);
  return type == nullptr ? nullptr
                         : std::get_if<detail::Scoped<ComponentTypeDefinition>>(
                               &detail::behind_names(**type).what);
}

/// A package has nothing but exports that are component types, one for each interface and world.
bool is_package(const ComponentInterface& root) {
  return root.imports.empty() && !root.exports.empty() &&
         std::ranges::all_of(root.exports, [](const NamedEntity& item) {
           return component_type(item.entity) != nullptr;
         });
}

/// "ns:package@1.2.3" of "ns:package/name@1.2.3".
std::string package_of(std::string_view id) {
  const VersionedName versioned = split_version(id);
  std::string package(versioned.base.substr(0, versioned.base.find('/')));
  if (!versioned.version.empty()) package += fmt::format("@{}", versioned.version);
  return package;
}

/// Imports are the interfaces of others that the item takes types from.
Result<void> add_imports(WitBuilder& builder, const ComponentInterface& item) {
  for (const NamedEntity& import : item.imports) {
    const auto* instance = std::get_if<const detail::InstanceValue*>(&import.entity);
    if (instance == nullptr)
      return fail(Errc::Unsupported, "import \"{}\" of an interface is no instance",
                  import.name->name);
    TRY(builder.add_interface(import.name->name, **instance));
  }
  return {};
}

/// One export of a package: a component type that exports just the interface, as an instance, or
/// the world, as a component, under its full name. Returns the package's name.
Result<std::string> add_package_item(TypeGraph& graph, WitBuilder& builder,
                                     const NamedEntity& item) {
  const auto& type = *component_type(item.entity);
  const ComponentInterface wrapper =
      TRY(graph.interface_of({.what = type.syntax, .environment = type.environment}));
  if (wrapper.exports.size() != 1) {
    return fail(Errc::Unsupported,
                "export \"{}\" of a WIT package has {} exports; expected one interface or world",
                item.name->name, wrapper.exports.size());
  }
  const NamedEntity& inner = wrapper.exports.front();
  const std::string& id = inner.name->name;
  if (!id.contains('/')) {
    return fail(
        Errc::Unsupported,
        "export \"{}\" of a WIT package is named \"{}\"; expected its name with its package",
        item.name->name, id);
  }
  if (const auto* instance = std::get_if<const detail::InstanceValue*>(&inner.entity)) {
    TRY(add_imports(builder, wrapper));
    TRY(builder.add_interface(id, **instance));
  } else if (const auto* world = std::get_if<ComponentValue>(&inner.entity)) {
    TRY(builder.add_world(package_of(id), item.name->name, TRY(graph.interface_of(*world))));
  } else {
    return fail(Errc::Unsupported, "export \"{}\" of a WIT package is no interface and no world",
                item.name->name);
  }
  return package_of(id);
}

Result<wit::ast::File> package_syntax(TypeGraph& graph, const ComponentInterface& root,
                                      std::span<const std::byte> bytes, uint32_t file) {
  WitBuilder builder(file);
  std::string package;
  for (const NamedEntity& item : root.exports) {
    std::string name = TRY(add_package_item(graph, builder, item));
    if (!package.empty() && package != name) {
      return fail(Errc::Unsupported, "a WIT package of two packages, \"{}\" and \"{}\"", package,
                  name);
    }
    package = std::move(name);
  }
  wit::ast::File made = TRY(builder.finish(package));
  for (const CustomSectionView& section : custom_sections(bytes)) {
    if (section.name == detail::kPackageDocsSection)
      TRY(detail::add_package_docs(section.content, made));
  }
  return made;
}

}  // namespace

Result<DecodedWit> decode_wit(const ValidatedComponent& component, std::span<const std::byte> bytes,
                              const std::string& path) {
  TypeGraph graph(component.decoded);
  const ComponentInterface root = TRY(graph.root());
  DecodedWit found{
      .kind = is_package(root) ? DecodedWit::Kind::Package : DecodedWit::Kind::Component,
      .model = wit::Model({.features = {}, .all_features = true})};
  found.package = TRY(found.model.load_syntax(path, [&](uint32_t file) -> Result<wit::ast::File> {
    if (found.kind == DecodedWit::Kind::Package) return package_syntax(graph, root, bytes, file);
    WitBuilder builder(file);
    TRY(builder.add_world(std::string(kRootPackage), std::string(kRootWorld), root));
    return builder.finish(std::string(kRootPackage));
  }));
  return found;
}

Result<DecodedWit> decode_wit(std::span<const std::byte> bytes, const std::string& path) {
  // What is only looked at need not be something that would run here.
  const ValidatedComponent component = TRY(validate(TRY(decode(bytes)), bytes, Features::all()));
  return decode_wit(component, bytes, path);
}

}  // namespace wasmcloud::component
