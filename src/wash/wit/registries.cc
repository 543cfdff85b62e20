#include "wash/wit/registries.h"

#include "base/file.h"
#include "http/fetch.h"
#include "wash/config/read.h"

#include <algorithm>

namespace wasmcloud::wash {
namespace {

constexpr std::string_view kDocument = "/.well-known/wasm-pkg/registry.json";

/// Namespaces whose registries the tools know without being told.
constexpr std::pair<std::string_view, std::string_view> kKnownNamespaces[] = {
    {"wasi", "wasi.dev"},
    {"ba", "bytecodealliance.org"},
    {"wasmcloud", "wasmcloud.com"},
    {"wrpc", "bytecodealliance.org"},
};

std::optional<std::string> text_at(const Value* in, std::string_view key) {
  const Value* found = in == nullptr ? nullptr : in->find(key);
  const std::string* text = found == nullptr ? nullptr : found->string();
  return text == nullptr ? std::nullopt : std::optional(*text);
}

std::string config_path(const Environment& environment) {
  if (const auto file = environment("WKG_CONFIG_FILE"); file && !file->empty()) return *file;
  const auto folder = environment("XDG_CONFIG_HOME");
  if (folder && !folder->empty()) return *folder + "/wasm-pkg/config.toml";
  const auto home = environment("HOME");
  return home ? *home + "/.config/wasm-pkg/config.toml" : std::string();
}

/// A registry on this machine has no certificate; the tools take it by plain HTTP.
bool is_local(std::string_view host) {
  const std::string_view name = host.substr(0, host.rfind(':'));
  return name == "localhost" || name.starts_with("127.") || name == "[::1]";
}

}  // namespace

Result<PackageRegistries::Entry> PackageRegistries::entry_of(const Value& value,
                                                             std::string_view field) {
  Entry entry;
  if (const std::string* text = value.string()) {
    entry.registry = *text;
    return entry;
  }
  const auto registry = text_at(&value, "registry");
  if (!registry) {
    return fail(Errc::Invalid, "{}: {}: expected a registry's name, or a table with 'registry'",
                value.origin.describe(), field);
  }
  entry.registry = *registry;
  const Value* metadata = value.find("metadata");
  const Value* oci = metadata == nullptr ? nullptr : metadata->find("oci");
  if (oci == nullptr) return entry;
  entry.server = text_at(oci, "registry").value_or(*registry);
  entry.prefix = text_at(oci, "namespacePrefix").value_or("");
  return entry;
}

Result<PackageRegistries> PackageRegistries::load(const Environment& environment) {
  PackageRegistries made;
  for (const auto& [ns, registry] : kKnownNamespaces)
    made.namespaces_.emplace(ns,
                             Entry{.registry = std::string(registry), .server = {}, .prefix = {}});
  const std::string path = config_path(environment);
  if (path.empty() || !file_exists(path)) return made;
  const Value file = TRY(
      read_toml(TRY(read_file(path, kMaxConfigBytes)), std::make_shared<const std::string>(path)));
  made.default_ = text_at(&file, "default_registry");
  const auto read_map = [&](std::string_view key,
                            std::map<std::string, Entry, std::less<>>& into) -> Result<void> {
    const Value* table = file.find(key);
    if (table == nullptr || table->map() == nullptr) return {};
    for (const Member& member : *table->map())
      into.insert_or_assign(member.key, TRY(entry_of(member.value, key)));
    return {};
  };
  TRY(read_map("namespace_registries", made.namespaces_));
  TRY(read_map("package_registry_overrides", made.packages_));
  const Value* registries = file.find("registry");
  if (registries == nullptr || registries->map() == nullptr) return made;
  for (const Member& member : *registries->map()) {
    if (text_at(member.value.find("oci"), "protocol") == "http")
      made.plain_http_.push_back(member.key);
  }
  return made;
}

Task<PackageRegistry> PackageRegistries::find(Loop& loop, std::string package,
                                              http::ClientOptions options) {
  const std::string ns = package.substr(0, package.find(':'));
  Entry entry;
  if (const auto found = packages_.find(package); found != packages_.end()) {
    entry = found->second;
  } else if (const auto known = namespaces_.find(ns); known != namespaces_.end()) {
    entry = known->second;
  } else if (default_) {
    entry.registry = *default_;
  } else {
    co_return fail(
        Errc::NotFound,
        "nothing says which registry has the namespace '{}'; write it under "
        "[namespace_registries] in wasm-pkg/config.toml, or name a source in wit.sources",
        ns);
  }
  PackageRegistry made{.name = entry.registry,
                       .server = entry.server.value_or(entry.registry),
                       .prefix = entry.prefix};
  if (entry.server) co_return made;

  http::FetchRequest request;
  const std::string url = fmt::format("{}://{}{}", is_local(entry.registry) ? "http" : "https",
                                      entry.registry, kDocument);
  request.url = CO_TRY(http::parse_url(url));
  request.max_body_bytes = size_t{1} << 16;
  http::Client client(loop, std::move(options));
  auto fetched = co_await http::fetch(client, std::move(request));
  if (!fetched) co_return fail(std::move(fetched).error().within(fmt::format("reading {}", url)));
  if (fetched->head.status == 404) co_return made;
  if (fetched->head.status != 200) {
    co_return fail(Errc::Refused, "reading {}: the server answered with status {}", url,
                   fetched->head.status);
  }
  const Value document =
      CO_TRY(read_json(fetched->body.text(), std::make_shared<const std::string>(url)));
  const Value* oci = document.find("oci");
  made.server =
      text_at(oci, "registry").value_or(text_at(&document, "ociRegistry").value_or(made.server));
  made.prefix = text_at(oci, "namespacePrefix")
                    .value_or(text_at(&document, "ociNamespacePrefix").value_or(""));
  co_return made;
}

}  // namespace wasmcloud::wash
