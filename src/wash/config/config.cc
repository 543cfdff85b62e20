#include "wash/config/config.h"

#include "base/text.h"
#include "base/units.h"
#include "wash/config/check.h"

#include <algorithm>
#include <filesystem>
#include <set>

namespace wasmcloud::wash {
namespace {

namespace fs = std::filesystem;

// What is read here has the form of the schema, or is left out: `check_shape` has told it already.

/// The member of a map, where it is there and not null.
const Value* given(const Value& map, std::string_view key) {
  const Value* value = map.find(key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

std::optional<std::string> text(const Value& map, std::string_view key) {
  const Value* value = given(map, key);
  if (value == nullptr || value->string() == nullptr) return std::nullopt;
  return *value->string();
}

bool flag(const Value& map, std::string_view key) {
  const Value* value = given(map, key);
  return value != nullptr && value->boolean() != nullptr && *value->boolean();
}

StringMap texts(const Value& map, std::string_view key) {
  StringMap out;
  const Value* values = given(map, key);
  if (values == nullptr || values->map() == nullptr) return out;
  for (const Member& member : *values->map()) {
    if (member.value.string() != nullptr) out.emplace_back(member.key, *member.value.string());
  }
  return out;
}

/// Calls `take(value, index)` for each of a list that may be missing.
template <class Take>
void for_each(const Value& map, std::string_view key, Take take) {
  const Value* values = given(map, key);
  if (values == nullptr || values->list() == nullptr) return;
  for (size_t i = 0; i < values->list()->size(); ++i) take((*values->list())[i], i);
}

std::vector<std::string> names(const Value& map, std::string_view key) {
  std::vector<std::string> out;
  for_each(map, key, [&](const Value& value, size_t) {
    if (value.string() != nullptr) out.push_back(*value.string());
  });
  return out;
}

std::vector<SourceRef> source_refs(const Value& map, std::string_view key) {
  std::vector<SourceRef> out;
  for_each(map, key, [&](const Value& value, size_t) {
    if (value.string() != nullptr) out.push_back({.name = *value.string(), .origin = value.origin});
  });
  return out;
}

template <class Rule>
std::optional<std::vector<Rule>> rules(const Value& map, std::string_view key) {
  if (given(map, key) == nullptr) return std::nullopt;
  std::vector<Rule> out;
  for (const std::string& name : names(map, key)) {
    if (auto rule = Rule::parse(name)) out.push_back(std::move(*rule));
  }
  return out;
}

/// Where sockets may connect to by `allowedHosts`: those of its entries that are addresses.
std::optional<std::vector<wasi::sockets::AddressRule>> connect_rules(const Value& map) {
  if (given(map, "allowedHosts") == nullptr) return std::nullopt;
  std::vector<wasi::sockets::AddressRule> out;
  for (const std::string& name : names(map, "allowedHosts")) {
    const size_t scheme = name.find("://");
    std::string_view place = std::string_view(name).substr(scheme == name.npos ? 0 : scheme + 3);
    if (place.ends_with('/')) place.remove_suffix(1);
    if (auto rule = wasi::sockets::AddressRule::parse(place)) out.push_back(std::move(*rule));
  }
  return out;
}

/// A number that is not positive stands for none.
std::optional<uint32_t> count(const Value& map, std::string_view key) {
  const Value* value = given(map, key);
  const auto* number = value == nullptr ? nullptr : std::get_if<int64_t>(&value->data);
  if (number == nullptr || *number <= 0) return std::nullopt;
  return static_cast<uint32_t>(std::min<int64_t>(*number, UINT32_MAX));
}

std::optional<std::chrono::milliseconds> duration(const Value& map, std::string_view key) {
  const auto given_text = text(map, key);
  if (!given_text) return std::nullopt;
  const auto parsed = parse_duration(*given_text);
  return parsed ? std::optional(*parsed) : std::nullopt;
}

/// `poolSize` and its siblings.
host::ComponentReuse reuse(const Value& map) {
  host::ComponentReuse out{.max_calls = count(map, "maxInvocations"),
                           .max_calls_at_once = count(map, "maxConcurrency"),
                           .max_instances = count(map, "poolSize")};
  if (!out.max_instances) return out;
  // Who names the pool's size gets wasmCloud's pool: instances for good, a call at a time.
  out.max_calls = out.max_calls.value_or(UINT32_MAX);
  out.max_calls_at_once = out.max_calls_at_once.value_or(1);
  out.idle_timeout = Clock::duration::max();
  return out;
}

class Reader {
 public:
  explicit Reader(const std::string& project) : project_(project) {}

  std::expected<Config, ConfigErrors> read(const Value& root) {
    check_shape(root, config_shape(), "", findings_);
    read_build(map_of(root, "build"));
    read_new(map_of(root, "new"));
    read_wit(map_of(root, "wit"));
    config_.configs = sources(root, "configs");
    config_.secrets = sources(root, "secrets");
    read_workload(map_of(root, "workload"));
    read_dev(map_of(root, "dev"));
    if (const Value* host = map_of(root, "host")) check_plugins(*host, "host", "hostPlugins");
    config_.warnings = std::move(findings_.warnings);
    config_.unknown = std::move(findings_.unknown);
    if (findings_.errors.empty()) return std::move(config_);
    return std::unexpected(ConfigErrors{.lines = std::move(findings_.errors),
                                        .warnings = std::move(config_.warnings),
                                        .unknown = std::move(config_.unknown),
                                        .readable = std::move(config_)});
  }

 private:
  static const Value* map_of(const Value& above, std::string_view key) {
    const Value* value = given(above, key);
    return value != nullptr && value->map() != nullptr ? value : nullptr;
  }

  void error(const Value& at, std::string_view field, std::string_view what) {
    findings_.error(at.origin, field, what);
  }

  void needs(const Value& map, std::string_view field, std::string_view key,
             std::string_view other) {
    const Value* value = given(map, key);
    if (value == nullptr || given(map, other) != nullptr) return;
    error(*value, field_of(field, key),
          fmt::format("is given without {}; give both", field_of(field, other)));
  }

  void excludes(const Value& map, std::string_view field, std::string_view key,
                std::string_view other) {
    const Value* value = given(map, key);
    if (value == nullptr || given(map, other) == nullptr) return;
    error(*value, field_of(field, key),
          fmt::format("is given beside {}; leave one of them out", field_of(field, other)));
  }

  /// Exactly one of `file` and `image`; what is only for images.
  void check_source(const Value& map, const std::string& field,
                    std::initializer_list<std::string_view> of_image) {
    excludes(map, field, "image", "file");
    if (given(map, "file") == nullptr && given(map, "image") == nullptr)
      error(map, field, "names no component; give file or image");
    for (const std::string_view key : of_image) {
      const Value* value = given(map, key);
      if (value != nullptr && given(map, "image") == nullptr)
        error(*value, field_of(field, key), "is only for an image; leave it out");
    }
  }

  void unique(std::set<std::string>& seen, const Value& map, const std::string& field,
              std::string_view key) {
    const auto name = text(map, key);
    if (name && !name->empty() && !seen.insert(*name).second)
      error(*map.find(key), field_of(field, key),
            fmt::format("'{}' is here a second time; names must be unique", *name));
  }

  void check_refs(const std::vector<SourceRef>& refs, const std::vector<SourceSection>& known,
                  std::string_view block, const std::string& field) {
    std::vector<std::string_view> all;
    for (const SourceSection& section : known) all.push_back(section.name);
    for (const SourceRef& ref : refs) {
      if (std::ranges::find(all, ref.name) != all.end()) continue;
      const std::string_view near = closest(ref.name, all);
      findings_.error(ref.origin, field,
                      fmt::format("there is no '{}' in {}; {}", ref.name, block,
                                  near.empty() ? fmt::format("define {}.{}", block, ref.name)
                                               : fmt::format("did you mean {}?", near)));
    }
  }

  EnvironmentLayer layer(const Value& above, const std::string& field) {
    EnvironmentLayer out;
    const Value* map = map_of(above, "environment");
    if (map == nullptr) return out;
    out = {.config = texts(*map, "config"),
           .config_from = source_refs(*map, "configFrom"),
           .secret_from = source_refs(*map, "secretFrom")};
    check_refs(out.config_from, config_.configs, "configs", field + ".environment.configFrom");
    check_refs(out.secret_from, config_.secrets, "secrets", field + ".environment.secretFrom");
    return out;
  }

  static Reach reach(const Value& map) {
    return {.hosts = rules<wasi::http::HostRule>(map, "allowedHosts"),
            .connect = connect_rules(map),
            .lookups = rules<wasi::sockets::NameRule>(map, "allowedIpNameLookups"),
            .loopback_ports = rules<wasi::sockets::HostPort>(map, "allowedHostLoopbackPorts")};
  }

  void read_build(const Value* build) {
    if (build == nullptr) return;
    config_.build = {.command = text(*build, "command"),
                     .env = texts(*build, "env"),
                     .component_path = text(*build, "component_path")};
  }

  void read_new(const Value* section) {
    if (section != nullptr) config_.new_command = text(*section, "command");
  }

  void read_wit(const Value* wit) {
    if (wit == nullptr) return;
    if (auto directory = text(*wit, "wit_dir")) config_.wit.directory = *directory;
    config_.wit.skip_fetch = flag(*wit, "skip_fetch");
    if (const Value* sources = map_of(*wit, "sources")) {
      for (const Member& member : *sources->map()) {
        if (member.value.string() == nullptr) continue;
        const std::string& location = *member.value.string();
        config_.wit.sources.push_back(
            {.package = member.key, .location = location, .origin = member.origin});
        check_local(member, location);
      }
    }
    for_each(*wit, "registries", [&](const Value& entry, size_t i) {
      const std::string field = fmt::format("wit.registries[{}]", i);
      if (entry.map() == nullptr) return;
      needs(entry, field, "username", "token");
      needs(entry, field, "token", "username");
      WitRegistry registry{
          .url = text(entry, "url").value_or(""), .username = text(entry, "username"), .token = {}};
      if (auto token = text(entry, "token")) registry.token = SharedSecret(*std::move(token));
      config_.wit.registries.push_back(std::move(registry));
    });
  }

  void check_local(const Member& member, const std::string& location) {
    if (project_.empty() || location.empty() || !is_local_wit_source(location)) return;
    constexpr std::string_view kScheme = "file://";
    const std::string path =
        location.starts_with(kScheme) ? location.substr(kScheme.size()) : location;
    std::error_code ignored;
    if (fs::exists(fs::path(project_) / path, ignored)) return;
    error(member.value, field_of("wit.sources", member.key),
          fmt::format("there is no {} in the project; write the path of a folder with WIT files",
                      path));
  }

  static std::vector<SourceSection> sources(const Value& root, std::string_view block) {
    std::vector<SourceSection> out;
    const Value* map = map_of(root, block);
    if (map == nullptr) return out;
    for (const Member& member : *map->map()) {
      if (member.value.map() == nullptr) continue;
      SourceSection section{.name = member.key,
                            .inlined = {},
                            .file = text(member.value, "file"),
                            .dir = text(member.value, "dir"),
                            .from_environment = names(member.value, "fromEnv"),
                            .origin = member.origin};
      if (const Value* values = map_of(member.value, "inline")) {
        for (const Member& each : *values->map()) {
          if (each.value.string() != nullptr)
            section.inlined.emplace_back(each.key, SharedSecret(*each.value.string()));
        }
      }
      out.push_back(std::move(section));
    }
    return out;
  }

  void read_workload(const Value* workload) {
    if (workload == nullptr) return;
    config_.workload = WorkloadSection{.environment = layer(*workload, "workload"),
                                       .config = texts(*workload, "config"),
                                       .reach = reach(*workload)};
  }

  void read_dev(const Value* section) {
    if (section == nullptr) return;
    const Value& dev = *section;
    DevConfig& out = config_.dev;
    out.command = text(dev, "command");
    out.component_path = text(dev, "component_path");
    out.address = text(dev, "address");
    out.tls = {.cert = text(dev, "tls_cert_path"),
               .key = text(dev, "tls_key_path"),
               .ca = text(dev, "tls_ca_path")};
    needs(dev, "dev", "tls_cert_path", "tls_key_path");
    needs(dev, "dev", "tls_key_path", "tls_cert_path");
    needs(dev, "dev", "tls_ca_path", "tls_cert_path");
    out.client_trust = {.ca_paths = names(dev, "http_client_ca_paths"),
                        .roots = text(dev, "http_client_trust_roots")};
    out.wasm_proposals = names(dev, "wasm_proposals");
    out.environment = texts(dev, "environment");
    out.keyvalue_path = text(dev, "wasi_keyvalue_path");
    out.blobstore_path = text(dev, "wasi_blobstore_path");
    out.connections = {
        .all = count(dev, "max_connections"),
        .outgoing_http = count(dev, "max_outbound_http_connections_per_workload"),
        .outbound_sockets = count(dev, "max_outbound_socket_connections_per_workload"),
        .inbound_sockets = count(dev, "max_inbound_socket_connections_per_workload"),
        .http_wait = duration(dev, "http_connection_wait")};
    for_each(dev, "host_interfaces", [&](const Value& entry, size_t) { read_interface(entry); });
    for_each(dev, "components", [&](const Value& entry, size_t i) { read_component(entry, i); });
    for_each(dev, "volumes", [&](const Value& entry, size_t i) { read_volume(entry, i); });
    read_service(dev);
    check_plugins(dev, "dev", "host_plugins");
    check_ports(dev, "dev", "service_ports");
    read_ports(dev);
  }

  void read_ports(const Value& dev) {
    DevConfig& out = config_.dev;
    for_each(dev, "service_ports", [&](const Value& entry, size_t) {
      if (entry.map() == nullptr) return;
      const auto guest = count(entry, "port");
      const auto host = count(entry, "publish");
      if (!guest || !host) return;  // it is only told what the service listens at
      using wasi::sockets::Protocol;
      out.service_ports.push_back(
          {.name = text(entry, "name").value_or(""),
           .guest = static_cast<uint16_t>(*guest),
           .host = static_cast<uint16_t>(*host),
           .protocol = to_lower(text(entry, "protocol").value_or("tcp")) == "udp" ? Protocol::Udp
                                                                                  : Protocol::Tcp});
    });
    const Value* ports = given(dev, "service_ports");
    if (!out.service_ports.empty() && !out.is_service && !out.service_file && !out.service_image)
      findings_.warn(ports->origin,
                     "dev.service_ports lead nowhere: there is no service; name one with "
                     "dev.service, dev.service_file or dev.service_image");
  }

  void read_service(const Value& dev) {
    DevConfig& out = config_.dev;
    out.is_service = flag(dev, "service");
    out.service_file = text(dev, "service_file");
    out.service_image = text(dev, "service_image");
    out.service_pull_policy = text(dev, "service_pull_policy").value_or("ifNotPresent");
    out.allows_insecure_registries = flag(dev, "allow_insecure_registries");
    excludes(dev, "dev", "service_image", "service_file");
    for (const std::string_view key : {"service_file", "service_image"}) {
      const Value* value = given(dev, key);
      if (value == nullptr) continue;
      if (out.is_service)
        error(*value, field_of("dev", key),
              "the project's own component is the service, by dev.service; leave one of them out");
    }
  }

  void read_interface(const Value& entry) {
    if (entry.map() == nullptr) return;
    config_.dev.host_interfaces.push_back(
        {.package = fmt::format("{}:{}", text(entry, "namespace").value_or(""),
                                text(entry, "package").value_or("")),
         .interfaces = names(entry, "interfaces"),
         .version = text(entry, "version").value_or(""),
         .name = text(entry, "name").value_or(""),
         .config = texts(entry, "config")});
  }

  void read_component(const Value& entry, size_t index) {
    const std::string field = fmt::format("dev.components[{}]", index);
    if (entry.map() == nullptr) return;
    check_source(entry, field, {"pullPolicy"});
    unique(component_names_, entry, field, "name");
    ComponentSection section{.name = text(entry, "name").value_or(""),
                             .field = field,
                             .file = text(entry, "file"),
                             .image = text(entry, "image"),
                             .pull_policy = text(entry, "pullPolicy").value_or("ifNotPresent"),
                             .origin = entry.origin,
                             .environment = layer(entry, field),
                             .config = texts(entry, "config"),
                             .reach = reach(entry),
                             .reuse = reuse(entry)};
    if (const Value* value = given(entry, section.file ? "file" : "image"))
      section.origin = value->origin;
    config_.dev.components.push_back(std::move(section));
  }

  void read_volume(const Value& entry, size_t index) {
    if (entry.map() == nullptr) return;
    unique(volume_paths_, entry, fmt::format("dev.volumes[{}]", index), "guest_path");
    config_.dev.volumes.push_back({.host_path = text(entry, "host_path").value_or(""),
                                   .guest_path = text(entry, "guest_path").value_or(""),
                                   .origin = entry.origin});
  }

  void check_plugins(const Value& above, std::string_view section, std::string_view key) {
    std::set<std::string> ids;
    for_each(above, key, [&](const Value& entry, size_t i) {
      const std::string field = fmt::format("{}[{}]", field_of(section, key), i);
      if (entry.map() == nullptr) return;
      check_source(entry, field, {"pullPolicy", "expectedDigest"});
      unique(ids, entry, field, "id");
      check_ports(entry, field, "ports");
      check_refs(source_refs(entry, "configFrom"), config_.configs, "configs",
                 field + ".configFrom");
      check_refs(source_refs(entry, "secretFrom"), config_.secrets, "secrets",
                 field + ".secretFrom");
    });
  }

  void check_ports(const Value& above, std::string_view section, std::string_view key) {
    std::set<std::string> seen;
    for_each(above, key, [&](const Value& entry, size_t i) {
      const std::string field = fmt::format("{}[{}]", field_of(section, key), i);
      if (entry.map() == nullptr) return;
      unique(seen, entry, field, "name");
      excludes(entry, field, "bind", "publish");
      const Value* bind = given(entry, "bind");
      if (bind != nullptr && key == "service_ports")
        error(*bind, field_of(field, "bind"), "is only for host plugins; leave it out");
      const Value* publish = given(entry, "publish");
      if (publish == nullptr || !std::holds_alternative<int64_t>(publish->data)) return;
      const std::string claim = fmt::format("{}/{}", std::get<int64_t>(publish->data),
                                            to_lower(text(entry, "protocol").value_or("tcp")));
      if (!published_.insert(claim).second)
        error(*publish, field_of(field, "publish"),
              fmt::format("{} is published a second time; take another port", claim));
    });
  }

  const std::string& project_;
  Config config_;
  Findings findings_;
  std::set<std::string> component_names_;
  std::set<std::string> volume_paths_;
  std::set<std::string> published_;
};

}  // namespace

Error ConfigErrors::joined() const { return Error(Errc::Invalid, join(lines, "\n")); }

std::expected<Config, ConfigErrors> read_config(const Value& merged, const std::string& project) {
  return Reader(project).read(merged);
}

void wipe_secrets(Value& merged) {
  Value* secrets = merged.find("secrets");
  auto* sources = secrets == nullptr ? nullptr : std::get_if<Value::Map>(&secrets->data);
  for (size_t i = 0; sources != nullptr && i < sources->size(); ++i) {
    Value* values = (*sources)[i].value.find("inline");
    auto* map = values == nullptr ? nullptr : std::get_if<Value::Map>(&values->data);
    for (size_t j = 0; map != nullptr && j < map->size(); ++j) {
      if (auto* text = std::get_if<std::string>(&(*map)[j].value.data)) wipe(*text);
    }
  }
  Value* wit = merged.find("wit");
  Value* registries = wit == nullptr ? nullptr : wit->find("registries");
  auto* list = registries == nullptr ? nullptr : std::get_if<Value::List>(&registries->data);
  for (size_t i = 0; list != nullptr && i < list->size(); ++i) {
    Value* token = (*list)[i].find("token");
    auto* text = token == nullptr ? nullptr : std::get_if<std::string>(&token->data);
    if (text != nullptr) wipe(*text);
  }
}

}  // namespace wasmcloud::wash
