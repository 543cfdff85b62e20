#include "component/detail/package_docs.h"

#include "wit/token.h"

#include <boost/json.hpp>

#include <map>

namespace wasmcloud::component::detail {
namespace {

namespace ast = wit::ast;
namespace json = boost::json;

constexpr uint8_t kNewestVersion = 1;
/// The format needs 8.
constexpr size_t kMaxJsonDepth = 16;

const json::object* object_at(const json::object* in, std::string_view key) {
  const json::value* found = in == nullptr ? nullptr : in->if_contains(key);
  return found == nullptr ? nullptr : found->if_object();
}

std::optional<std::string> text_at(const json::object* in, std::string_view key) {
  const json::value* found = in == nullptr ? nullptr : in->if_contains(key);
  const json::string* text = found == nullptr ? nullptr : found->if_string();
  return text == nullptr ? std::nullopt : std::optional<std::string>(std::string_view(*text));
}

Result<std::optional<SemVer>> version_at(const json::object* in, std::string_view key) {
  const auto text = text_at(in, key);
  if (!text) return std::nullopt;
  return TRY(SemVer::parse(*text));
}

/// stability: {"stable": {"since", "deprecated"}} or {"unstable": {"feature", "deprecated"}}
Result<void> add_stability(const json::object* stability, ast::Attributes& attributes) {
  if (const json::object* stable = object_at(stability, "stable")) {
    attributes.since = TRY(version_at(stable, "since"));
    if (!attributes.since)
      return fail(Errc::Malformed, "section {}: \"stable\" has no \"since\"", kPackageDocsSection);
    attributes.deprecated = TRY(version_at(stable, "deprecated"));
  } else if (const json::object* unstable = object_at(stability, "unstable")) {
    attributes.unstable = text_at(unstable, "feature");
    if (!attributes.unstable || !wit::is_label(*attributes.unstable))
      return fail(Errc::Malformed, "section {}: the \"feature\" of \"unstable\" is no name",
                  kPackageDocsSection);
    attributes.deprecated = TRY(version_at(unstable, "deprecated"));
  }
  return {};
}

/// What an item of any kind has: {"docs", "stability"}; in older files a function has its
/// documentation alone.
Result<void> add_meta(const json::object* all, std::string_view name, ast::Meta& meta) {
  const json::value* data = all == nullptr ? nullptr : all->if_contains(name);
  if (data == nullptr) return {};
  if (const json::string* docs = data->if_string()) meta.docs = std::string_view(*docs);
  const json::object* object = data->if_object();
  if (auto docs = text_at(object, "docs")) meta.docs = *std::move(docs);
  return add_stability(object_at(object, "stability"), meta.attributes);
}

std::string full_name(const ast::TypeDefinition& resource, const ast::Function& function) {
  switch (function.kind) {
    case ast::Function::Kind::Free:
      return function.name.text;
    case ast::Function::Kind::Method:
      return fmt::format("[method]{}.{}", resource.name.text, function.name.text);
    case ast::Function::Kind::Static:
      return fmt::format("[static]{}.{}", resource.name.text, function.name.text);
    case ast::Function::Kind::Constructor:
      return fmt::format("[constructor]{}", resource.name.text);
  }
  return {};
}

Result<void> add_to(const json::object* data, ast::TypeDefinition& type) {
  TRY(add_meta(object_at(data, "types"), type.name.text, type.meta));
  const json::object* items =
      object_at(object_at(object_at(data, "types"), type.name.text), "items");
  for (ast::Member& member : type.members) {
    if (auto docs = text_at(items, member.name.text)) member.docs = *std::move(docs);
  }
  for (ast::Function& function : type.functions)
    TRY(add_meta(object_at(data, "funcs"), full_name(type, function), function.meta));
  return {};
}

// Names that one `use` brings in have one stability; where they differ there are several.
template <class Items>
Result<void> add_to_uses(const json::object* data, Items& items) {
  const json::object* types = object_at(data, "types");
  Items made;
  for (auto& item : items) {
    auto* use = std::get_if<ast::Use>(&item);
    if (use == nullptr || types == nullptr) {
      made.push_back(std::move(item));
      continue;
    }
    std::map<std::string, size_t> by_stability;
    for (ast::Rename& rename : use->names) {
      const std::string& name = (rename.as ? *rename.as : rename.name).text;
      const json::object* stability = object_at(object_at(types, name), "stability");
      const std::string key = stability == nullptr ? std::string() : json::serialize(*stability);
      const auto [found, is_new] = by_stability.try_emplace(key, made.size());
      if (is_new) {
        ast::Use part;
        part.from = use->from;
        TRY(add_stability(stability, part.meta.attributes));
        made.push_back(std::move(part));
      }
      std::get<ast::Use>(made[found->second]).names.push_back(std::move(rename));
    }
  }
  items = std::move(made);
  return {};
}

Result<void> add_to(const json::object* data, ast::Interface& interface) {
  if (auto docs = text_at(data, "docs")) interface.meta.docs = *std::move(docs);
  TRY(add_stability(object_at(data, "stability"), interface.meta.attributes));
  TRY(add_to_uses(data, interface.items));
  for (ast::InterfaceItem& item : interface.items) {
    if (auto* type = std::get_if<ast::TypeDefinition>(&item)) TRY(add_to(data, *type));
    if (auto* function = std::get_if<ast::Function>(&item))
      TRY(add_meta(object_at(data, "funcs"), function->name.text, function->meta));
  }
  return {};
}

std::string id_of(const ast::Path& path, const ast::PackageName& own) {
  const ast::PackageName& package = path.package ? *path.package : own;
  return fmt::format("{}:{}/{}{}{}", package.ns.text, package.name.text, path.name.text,
                     package.version ? "@" : "", package.version ? package.version->str() : "");
}

Result<void> add_to(const json::object* data, const ast::PackageName& package,
                    ast::Extern& external) {
  const bool is_import = external.direction == ast::Extern::Direction::Import;
  const auto own_or_shared = [&](std::string_view own, std::string_view shared,
                                 std::string_view name) -> const json::object* {
    const json::object* found = is_import ? nullptr : object_at(data, own);
    return found != nullptr && found->contains(name) ? found : object_at(data, shared);
  };
  if (external.name && std::holds_alternative<ast::Function>(external.item)) {
    const std::string& name = external.name->text;
    return add_meta(own_or_shared("func_exports", "funcs", name), name, external.meta);
  }
  if (auto* inside = std::get_if<ast::Interface>(&external.item)) {
    const std::string& name = external.name->text;
    const json::object* own =
        object_at(own_or_shared("interface_exports", "interfaces", name), name);
    TRY(add_to(own, *inside));
    external.meta = std::exchange(inside->meta, {});
    return {};
  }
  if (const auto* path = std::get_if<ast::Path>(&external.item)) {
    const std::string name = external.name ? external.name->text : id_of(*path, package);
    const auto map = [&](std::string_view imports, std::string_view exports) {
      return object_at(data, is_import ? imports : exports);
    };
    if (auto docs = text_at(map("interface_import_docs", "interface_export_docs"), name))
      external.meta.docs = *std::move(docs);
    return add_stability(
        object_at(map("interface_import_stability", "interface_export_stability"), name),
        external.meta.attributes);
  }
  return {};
}

Result<void> add_to(const json::object* data, const ast::PackageName& package, ast::World& world) {
  if (auto docs = text_at(data, "docs")) world.meta.docs = *std::move(docs);
  TRY(add_stability(object_at(data, "stability"), world.meta.attributes));
  TRY(add_to_uses(data, world.items));
  for (ast::WorldItem& item : world.items) {
    if (auto* type = std::get_if<ast::TypeDefinition>(&item)) TRY(add_to(data, *type));
    if (auto* external = std::get_if<ast::Extern>(&item)) TRY(add_to(data, package, *external));
  }
  return {};
}

}  // namespace

Result<void> add_package_docs(std::span<const std::byte> section, ast::File& file) {
  if (section.empty() || std::to_integer<uint8_t>(section[0]) > kNewestVersion) {
    return fail(Errc::Unsupported, "section {} of an unknown version; expected 0 or {}",
                kPackageDocsSection, kNewestVersion);
  }
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = kMaxJsonDepth;
  const auto* text = reinterpret_cast<const char*>(section.data());
  const json::value parsed =
      json::parse({text + 1, section.size() - 1}, error, json::storage_ptr(), options);
  const json::object* root = error ? nullptr : parsed.if_object();
  if (root == nullptr)
    return fail(Errc::Malformed, "section {} is not a JSON object", kPackageDocsSection);
  if (auto docs = text_at(root, "docs")) file.package->docs = *std::move(docs);
  const ast::PackageName package = file.package->name;
  for (ast::TopItem& item : file.items) {
    if (auto* interface = std::get_if<ast::Interface>(&item))
      TRY(add_to(object_at(object_at(root, "interfaces"), interface->name.text), *interface));
    if (auto* world = std::get_if<ast::World>(&item))
      TRY(add_to(object_at(object_at(root, "worlds"), world->name.text), package, *world));
  }
  return {};
}

}  // namespace wasmcloud::component::detail
