#include "wash/config/config.h"

#include "base/text.h"
#include "wash/address.h"

#include <array>

namespace wasmcloud::wash {
namespace {

constexpr std::array<std::string_view, 9> kTopKeys = {
    "version", "build", "dev", "host", "new", "workload", "configs", "secrets", "wit"};
constexpr std::array<std::string_view, 3> kBuildKeys = {"command", "env", "component_path"};
constexpr std::array<std::string_view, 1> kNewKeys = {"command"};
constexpr std::array<std::string_view, 4> kWitKeys = {"registries", "skip_fetch", "wit_dir",
                                                      "sources"};
constexpr std::array<std::string_view, 10> kDevKeys = {
    "wasm_proposals",       "command",
    "component_path",       "address",
    "host_interfaces",      "tls_cert_path",
    "tls_key_path",         "tls_ca_path",
    "http_client_ca_paths", "http_client_trust_roots"};
constexpr std::array<std::string_view, 6> kInterfaceKeys = {"namespace", "package", "interfaces",
                                                            "version",   "name",    "config"};
/// Of the format, and without effect in this version.
constexpr std::array<std::string_view, 23> kDevKeysNotServed = {
    "service",
    "service_file",
    "service_image",
    "service_pull_policy",
    "service_ports",
    "allow_insecure_registries",
    "components",
    "host_plugins",
    "volumes",
    "environment",
    "max_connections",
    "max_outbound_http_connections_per_workload",
    "max_outbound_socket_connections_per_workload",
    "max_inbound_socket_connections_per_workload",
    "http_connection_wait",
    "wasi_webgpu",
    "data_nats_url",
    "wasi_keyvalue_redis_url",
    "wasi_keyvalue_path",
    "wasi_keyvalue_nats_url",
    "wasi_blobstore_path",
    "postgres_url",
    "wasi_otel"};
constexpr std::array<std::string_view, 5> kWorkloadKeys = {
    "environment", "config", "allowedHosts", "allowedIpNameLookups", "allowedHostLoopbackPorts"};
constexpr std::array<std::string_view, 3> kEnvironmentKeys = {"config", "configFrom", "secretFrom"};

class Reader {
 public:
  Result<Config> read(const Value& root) {
    if (root.map() != nullptr) {
      check_keys(root, "", kTopKeys);
      read_build(section(root, "", "build"));
      read_dev(section(root, "", "dev"));
      read_wit(section(root, "", "wit"));
      read_new(section(root, "", "new"));
      read_workload(section(root, "", "workload"));
    } else {
      wrong(root, "configuration", "a map");
    }
    if (errors_.empty()) return std::move(config_);
    return fail(code_, "{}", join(errors_, "\n"));
  }

 private:
  void error(const Origin& origin, std::string_view field, std::string_view what) {
    const std::string place = origin.describe();
    errors_.push_back(fmt::format("{}{}{}: {}", place, place.empty() ? "" : ": ", field, what));
  }

  void wrong(const Value& value, std::string_view field, std::string_view expected,
             std::string_view advice = {}) {
    error(value.origin, field,
          fmt::format("expected {}, found {}{}{}", expected, value.describe(),
                      advice.empty() ? "" : "; ", advice));
  }

  static std::string path(std::string_view above, std::string_view key) {
    return above.empty() ? std::string(key) : fmt::format("{}.{}", above, key);
  }

  /// Unknown keys are accepted, as newer versions may know them; one that is nearly a known one is
  /// worth a word.
  void check_keys(const Value& map, std::string_view field,
                  std::span<const std::string_view> known) {
    for (const Member& member : *map.map()) {
      if (std::ranges::find(known, member.key) != known.end()) continue;
      const std::string_view near = closest(member.key, known);
      if (near.empty()) continue;
      config_.warnings.push_back(fmt::format("{}: {} is not known; did you mean {}?",
                                             member.origin.describe(), path(field, member.key),
                                             path(field, near)));
    }
  }

  /// A map below `map`; null if it is not there, or is no map, which is then told.
  const Value* section(const Value& map, std::string_view field, std::string_view key) {
    const Value* value = map.find(key);
    if (value == nullptr || value->is_null()) return nullptr;
    if (value->map() != nullptr) return value;
    wrong(*value, path(field, key), "a map");
    return nullptr;
  }

  std::optional<std::string> text(const Value& map, std::string_view field, std::string_view key,
                                  std::string_view advice) {
    const Value* value = map.find(key);
    if (value == nullptr || value->is_null()) return std::nullopt;
    if (const std::string* string = value->string()) return *string;
    wrong(*value, path(field, key), "a string", advice);
    return std::nullopt;
  }

  std::optional<std::string> file_path(const Value& map, std::string_view field,
                                       std::string_view key, std::string_view kind = ".wasm") {
    const std::string advice = fmt::format("write the path of a {} file", kind);
    auto value = text(map, field, key, advice);
    if (value && value->empty()) {
      error(map.find(key)->origin, path(field, key), fmt::format("it is empty; {}", advice));
      return std::nullopt;
    }
    return value;
  }

  std::optional<std::string> command(const Value& map, std::string_view field) {
    auto value = text(map, field, "command", "write one line for sh -c");
    if (value && trim(*value).empty()) {
      error(map.find("command")->origin, fmt::format("{}.command is empty", field),
            "write the shell command that builds the component, such as 'cargo build --target "
            "wasm32-wasip2'");
      return std::nullopt;
    }
    return value;
  }

  StringMap strings(const Value& map, std::string_view field, std::string_view key) {
    StringMap out;
    const Value* values = section(map, field, key);
    if (values == nullptr) return out;
    for (const Member& member : *values->map()) {
      const std::string name = path(path(field, key), member.key);
      if (member.key.empty() || member.key.contains('=')) {
        error(member.origin, name, "a variable's name may not be empty or hold '='");
      } else if (const std::string* string = member.value.string()) {
        out.emplace_back(member.key, *string);
      } else {
        const bool scalar = member.value.map() == nullptr && member.value.list() == nullptr;
        wrong(member.value, name, "a string", scalar ? "put it in quotes" : "");
      }
    }
    return out;
  }

  void read_build(const Value* build) {
    if (build == nullptr) return;
    check_keys(*build, "build", kBuildKeys);
    config_.build.command = command(*build, "build");
    config_.build.env = strings(*build, "build", "env");
    config_.build.component_path = file_path(*build, "build", "component_path");
  }

  void read_new(const Value* section) {
    if (section == nullptr) return;
    check_keys(*section, "new", kNewKeys);
    config_.new_command = command(*section, "new");
  }

  void read_dev(const Value* dev) {
    if (dev == nullptr) return;
    std::vector<std::string_view> known(kDevKeys.begin(), kDevKeys.end());
    known.insert(known.end(), kDevKeysNotServed.begin(), kDevKeysNotServed.end());
    check_keys(*dev, "dev", known);
    for (const Member& member : *dev->map()) {
      const bool off = member.value.is_null() ||
                       (member.value.boolean() != nullptr && !*member.value.boolean()) ||
                       (member.value.list() != nullptr && member.value.list()->empty());
      if (off || std::ranges::find(kDevKeysNotServed, member.key) == kDevKeysNotServed.end())
        continue;
      config_.warnings.push_back(fmt::format("{}: dev.{} has no effect in this version of wash",
                                             member.origin.describe(), member.key));
    }
    config_.dev.command = command(*dev, "dev");
    config_.dev.component_path = file_path(*dev, "dev", "component_path");
    config_.dev.address = text(*dev, "dev", "address", "write IP:PORT, such as 127.0.0.1:8000");
    if (config_.dev.address) {
      const Result<Address> address = parse_address(*config_.dev.address);
      if (!address) error(dev->find("address")->origin, "dev.address", address.error().message());
    }
    read_tls(*dev);
    read_client_trust(*dev);
    read_interfaces(dev->find("host_interfaces"));
    for_each_text(*dev, "dev", "wasm_proposals",
                  [&](const Value&, const std::string& name, std::string_view) {
                    config_.dev.wasm_proposals.push_back(name);
                  });
  }

  void read_tls(const Value& dev) {
    const auto needs = [&](std::string_view key, std::string_view other) {
      const auto has = [&](std::string_view name) {
        const Value* value = dev.find(name);
        return value != nullptr && !value->is_null();
      };
      if (has(key) && !has(other)) {
        error(dev.find(key)->origin, path("dev", key),
              fmt::format("is given without dev.{}; give both", other));
      }
    };
    config_.dev.tls.cert = file_path(dev, "dev", "tls_cert_path", "PEM");
    config_.dev.tls.key = file_path(dev, "dev", "tls_key_path", "PEM");
    config_.dev.tls.ca = file_path(dev, "dev", "tls_ca_path", "PEM");
    needs("tls_cert_path", "tls_key_path");
    needs("tls_key_path", "tls_cert_path");
    needs("tls_ca_path", "tls_cert_path");
  }

  void read_client_trust(const Value& dev) {
    auto& trust = config_.dev.client_trust;
    trust.roots = text(dev, "dev", "http_client_trust_roots",
                       "write webpki, native, webpki-and-native or extra-only");
    for_each_text(dev, "dev", "http_client_ca_paths",
                  [&](const Value&, const std::string& path, std::string_view) {
                    trust.ca_paths.push_back(path);
                  });
  }

  /// Calls `take(value, text, field)` for each string of a list that may be missing.
  template <class Take>
  void for_each_text(const Value& map, std::string_view above, std::string_view key, Take take) {
    const Value* values = map.find(key);
    if (values == nullptr || values->is_null()) return;
    if (values->list() == nullptr) return wrong(*values, path(above, key), "a list of strings");
    for (size_t i = 0; i < values->list()->size(); ++i) {
      const Value& value = (*values->list())[i];
      const std::string field = fmt::format("{}[{}]", path(above, key), i);
      if (value.string() == nullptr) {
        wrong(value, field, "a string");
      } else {
        take(value, *value.string(), field);
      }
    }
  }

  void read_interfaces(const Value* entries) {
    if (entries == nullptr || entries->is_null()) return;
    if (entries->list() == nullptr) {
      wrong(*entries, "dev.host_interfaces", "a list");
      return;
    }
    for (size_t i = 0; i < entries->list()->size(); ++i) {
      const Value& entry = (*entries->list())[i];
      const std::string field = fmt::format("dev.host_interfaces[{}]", i);
      if (entry.map() == nullptr) {
        wrong(entry, field, "a map");
        continue;
      }
      read_interface(entry, field);
    }
  }

  void read_interface(const Value& entry, const std::string& field) {
    check_keys(entry, field, kInterfaceKeys);
    for (const std::string_view key : {"namespace", "package", "interfaces", "config"}) {
      const Value* value = entry.find(key);
      if (value == nullptr || value->is_null()) error(entry.origin, path(field, key), "is missing");
    }
    host::InterfaceGrant grant;
    grant.package =
        fmt::format("{}:{}", text(entry, field, "namespace", "such as wasi").value_or(""),
                    text(entry, field, "package", "such as keyvalue").value_or(""));
    grant.version = text(entry, field, "version", "such as 0.2.0-draft").value_or("");
    grant.name = text(entry, field, "name", "write the name of an import").value_or("");
    grant.config = strings(entry, field, "config");
    const Value* interfaces = entry.find("interfaces");
    if (interfaces != nullptr && interfaces->list() != nullptr) {
      for (const Value& interface : *interfaces->list()) {
        if (interface.string() != nullptr) {
          grant.interfaces.push_back(*interface.string());
        } else {
          wrong(interface, path(field, "interfaces"), "a string");
        }
      }
    } else if (interfaces != nullptr && !interfaces->is_null()) {
      wrong(*interfaces, path(field, "interfaces"), "a list of names");
    }
    config_.dev.host_interfaces.push_back(std::move(grant));
  }

  void read_wit(const Value* wit) {
    if (wit == nullptr) return;
    check_keys(*wit, "wit", kWitKeys);
    if (auto directory = text(*wit, "wit", "wit_dir", "write the path of a folder"))
      config_.wit.directory = *directory;
    if (const Value* skip = wit->find("skip_fetch"); skip != nullptr && !skip->is_null()) {
      if (skip->boolean() != nullptr) {
        config_.wit.skip_fetch = *skip->boolean();
      } else {
        wrong(*skip, "wit.skip_fetch", "true or false");
      }
    }
    const Value* sources = section(*wit, "wit", "sources");
    if (sources == nullptr) return;
    for (const Member& member : *sources->map()) {
      const std::string name = path("wit.sources", member.key);
      if (const std::string* location = member.value.string()) {
        config_.wit.sources.push_back(
            {.package = member.key, .location = *location, .origin = member.origin});
      } else {
        wrong(member.value, name, "a string", "write the path of a folder with WIT files");
      }
    }
  }

  void read_workload(const Value* workload) {
    if (workload == nullptr) return;
    check_keys(*workload, "workload", kWorkloadKeys);
    config_.workload_config = strings(*workload, "workload", "config");
    read_allowed_hosts(*workload);
    const Value* environment = section(*workload, "workload", "environment");
    if (environment == nullptr) return;
    check_keys(*environment, "workload.environment", kEnvironmentKeys);
    config_.workload_environment = strings(*environment, "workload.environment", "config");
    for (const std::string_view key : {"configFrom", "secretFrom"}) {
      const Value* names = environment->find(key);
      if (names == nullptr || names->is_null() ||
          (names->list() != nullptr && names->list()->empty()))
        continue;
      code_ = Errc::Unsupported;
      error(names->origin, path("workload.environment", key),
            "named sources are not served by this version of wash; write the values in "
            "workload.environment.config");
    }
  }

  /// Without the key everything is allowed, since the section says that somebody has looked at it.
  void read_allowed_hosts(const Value& workload) {
    auto& rules = config_.workload_egress.allowed_hosts;
    const Value* hosts = workload.find("allowedHosts");
    if (hosts == nullptr || hosts->is_null()) {
      rules.push_back(wasi::http::HostRule::parse("*").value());
    }
    for_each_text(workload, "workload", "allowedHosts",
                  [&](const Value& value, const std::string& host, std::string_view field) {
                    auto rule = wasi::http::HostRule::parse(host);
                    if (!rule) return error(value.origin, field, rule.error().message());
                    rules.push_back(std::move(*rule));
                  });
  }

  Config config_;
  std::vector<std::string> errors_;
  Errc code_ = Errc::Invalid;
};

}  // namespace

Result<Config> read_config(const Value& merged) { return Reader().read(merged); }

}  // namespace wasmcloud::wash
