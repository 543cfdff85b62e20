#include "wash/wit/registries.h"

#include "base/file.h"
#include "http/fetch.h"
#include "oci/reference.h"
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

/// A member that is a text, or is not there.
Result<std::optional<std::string>> text_of(const Value* in, std::string_view key,
                                           std::string_view url) {
  const Value* found = in == nullptr ? nullptr : in->find(key);
  if (found == nullptr || found->is_null()) return std::nullopt;
  if (found->string() == nullptr) {
    return fail(Errc::Malformed, "{}: expected a text as '{}', found {}",
                found->origin.source ? found->origin.describe() : std::string(url), key,
                found->describe());
  }
  return *found->string();
}

/// {"preferredProtocol": "oci", "oci": {"registry": HOST, "namespacePrefix": "team/"}}, or as it
/// was before: {"ociRegistry": HOST, "ociNamespacePrefix": "team/"}.
Result<void> apply_document(const Value& document, const std::string& url, PackageRegistry& into) {
  if (document.map() == nullptr) {
    return fail(Errc::Malformed,
                "{}: expected an object with 'oci', which says where packages are, found {}", url,
                document.describe_kind());
  }
  const Value* oci = document.find("oci");
  if (oci != nullptr && oci->map() == nullptr) {
    return fail(Errc::Malformed, "{}: expected an object as 'oci', found {}",
                oci->origin.describe(), oci->describe_kind());
  }
  auto server = TRY(text_of(oci, "registry", url));
  if (!server) server = TRY(text_of(&document, "ociRegistry", url));
  auto prefix = TRY(text_of(oci, "namespacePrefix", url));
  if (!prefix) prefix = TRY(text_of(&document, "ociNamespacePrefix", url));
  if (!server && document.find("warg") != nullptr) {
    return fail(Errc::Unsupported,
                "{}: {} has its packages in a registry of the protocol 'warg', which is not spoken "
                "here; expected 'oci'",
                url, into.name);
  }
  if (server) into.server = *std::move(server);
  if (prefix) into.prefix = *std::move(prefix);
  return {};
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

bool PackageRegistries::has_tls(const std::string& registry) const {
  const auto is_in = [&](const std::vector<std::string>& list) {
    return std::ranges::find(list, registry) != list.end();
  };
  return is_in(with_tls_) || !(is_local(registry) || is_in(plain_http_));
}

Result<PackageRegistries> PackageRegistries::load(const Environment& environment,
                                                  const std::vector<WitRegistry>& logins) {
  PackageRegistries made;
  for (const WitRegistry& login : logins) {
    const auto url = http::parse_url(login.url);
    if (!url) continue;  // a host alone, or "oci://": nothing is said
    (url->scheme == http::Scheme::Http ? made.plain_http_ : made.with_tls_)
        .push_back(url->authority);
  }
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
  if (entry.server) {
    co_return PackageRegistry{.name = std::move(entry.registry),
                              .server = *std::move(entry.server),
                              .prefix = std::move(entry.prefix)};
  }
  auto known = documents_.find(entry.registry);
  if (known == documents_.end()) {
    PackageRegistry made = CO_TRY(co_await read_document(loop, entry.registry, std::move(options)));
    known = documents_.insert_or_assign(entry.registry, std::move(made)).first;
  }
  co_return known->second;
}

Task<PackageRegistry> PackageRegistries::read_document(Loop& loop, std::string registry,
                                                       http::ClientOptions options) {
  PackageRegistry made{.name = registry, .server = registry, .prefix = {}};
  http::FetchRequest request;
  const std::string url =
      fmt::format("{}://{}{}", has_tls(registry) ? "https" : "http", registry, kDocument);
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
  CO_TRY(apply_document(document, url, made));
  // Nothing of a document goes anywhere but into a name of a repository.
  const std::string name = fmt::format("{}/{}namespace/name", made.server, made.prefix);
  const auto checked = oci::Reference::parse(name);
  if (!checked || checked->registry != made.server)
    co_return fail(Errc::Malformed,
                   "{}: packages cannot be in {}; expected a host as oci.registry, and a "
                   "namespacePrefix such as 'team/'",
                   url, name);
  co_return made;
}

}  // namespace wasmcloud::wash
