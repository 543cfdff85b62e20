#pragma once

#include "base/error.h"
#include "base/secret.h"
#include "host/plugin.h"
#include "host/published_ports.h"
#include "host/workload.h"
#include "wash/value.h"
#include "wasi/http/egress.h"
#include "wasi/sockets/policy.h"

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace wasmcloud::wash {

using StringMap = std::vector<std::pair<std::string, std::string>>;

/// What `build` says.
struct BuildConfig {
  std::optional<std::string> command;
  StringMap env;
  std::optional<std::string> component_path;
};

/// PEM files of a server; `cert` and `key` both or neither, `ca` only with them.
struct TlsPaths {
  std::optional<std::string> cert;
  std::optional<std::string> key;
  std::optional<std::string> ca;  ///< of clients
};

/// Whom outgoing requests believe over https.
struct ClientTrust {
  std::vector<std::string> ca_paths;
  std::optional<std::string> roots;
};

/// A name of `configs` or `secrets` that something refers to.
struct SourceRef {
  std::string name;
  Origin origin;
};

/// An environment in layers, each over the one before.
struct EnvironmentLayer {
  StringMap config;
  std::vector<SourceRef> config_from;
  std::vector<SourceRef> secret_from;
};

/// What a workload or one of its components may reach; what is not said is empty.
struct Reach {
  std::optional<std::vector<wasi::http::HostRule>> hosts;
  std::optional<std::vector<wasi::sockets::AddressRule>> connect;  ///< by the same key
  std::optional<std::vector<wasi::sockets::NameRule>> lookups;
  std::optional<std::vector<wasi::sockets::HostPort>> loopback_ports;
};

/// What `workload` says.
struct WorkloadSection {
  EnvironmentLayer environment;
  StringMap config;
  Reach reach;
};

/// An entry of `dev.components`.
struct ComponentSection {
  std::string name;
  std::string field;  ///< "dev.components[0]", for messages
  std::optional<std::string> file;
  std::optional<std::string> image;
  std::string pull_policy = "ifNotPresent";
  Origin origin;  ///< of the one of these that is given
  EnvironmentLayer environment;
  StringMap config;
  Reach reach;
  host::ComponentReuse reuse;
};

struct VolumeSection {
  std::string host_path;
  std::string guest_path;
  Origin origin;
};

/// An entry of `configs` or `secrets`; later members are over earlier ones. The values of secrets
/// are in `inlined` too.
struct SourceSection {
  std::string name;
  std::vector<std::pair<std::string, SharedSecret>> inlined;
  std::optional<std::string> file;
  std::optional<std::string> dir;
  std::vector<std::string> from_environment;
  Origin origin;
};

/// How many connections there may be; what is not said is as the host has it.
struct ConnectionLimits {
  std::optional<uint32_t> all;
  std::optional<uint32_t> outgoing_http;
  std::optional<uint32_t> outbound_sockets;
  std::optional<uint32_t> inbound_sockets;
  std::optional<std::chrono::milliseconds> http_wait;
};

/// What `dev` says, as far as this version serves it.
struct DevConfig {
  std::optional<std::string> command;
  std::optional<std::string> component_path;
  std::optional<std::string> address;
  TlsPaths tls;
  ClientTrust client_trust;
  std::vector<std::string> wasm_proposals;
  std::vector<host::InterfaceGrant> host_interfaces;
  std::vector<ComponentSection> components;
  bool is_service = false;  ///< the project's component is
  std::optional<std::string> service_file;
  std::optional<std::string> service_image;
  std::string service_pull_policy = "ifNotPresent";
  bool allows_insecure_registries = false;
  std::vector<VolumeSection> volumes;
  StringMap environment;                           ///< of wash itself
  std::vector<host::PublishedPort> service_ports;  ///< those that lead to the outside
  ConnectionLimits connections;
  std::optional<std::string> keyvalue_path;
  std::optional<std::string> blobstore_path;
};

struct WitSource {
  std::string package;  ///< "ns:name" or "ns:name@version"
  std::string location;
  Origin origin;
};

/// Who one is for a registry of WIT packages.
struct WitRegistry {
  std::string url;  ///< a host, or a URL
  /// Both or neither.
  std::optional<std::string> username;
  std::optional<SharedSecret> token;
};

/// What `wit` says.
struct WitConfig {
  std::string directory = "wit";
  bool skip_fetch = false;
  std::vector<WitSource> sources;
  std::vector<WitRegistry> registries;
};

/// A project's configuration, checked.
struct Config {
  BuildConfig build;
  DevConfig dev;
  WitConfig wit;
  std::optional<std::string> new_command;  ///< `new.command`: sets up a project that was just made
  std::optional<WorkloadSection> workload;
  std::vector<SourceSection> configs;
  std::vector<SourceSection> secrets;
  /// What is accepted and has no effect here, or looks like a slip of the pen; for a warning each.
  std::vector<std::string> warnings;
  /// Keys that are like no known one, for who asks: newer versions may know them.
  std::vector<std::string> unknown;
};

/// All that is wrong with a configuration, one line each:
/// "FILE:LINE:COLUMN: build.env.PORT: expected a string, found the number 80; put it in quotes".
struct ConfigErrors {
  std::vector<std::string> lines;
  // As those of Config.
  std::vector<std::string> warnings = {};
  std::vector<std::string> unknown = {};
  Config readable = {};  ///< what is not wrong, to be looked at further
  /// All lines. Errc::Invalid.
  Error joined() const;
};

/// Reads the merged tree. `project` is where paths are looked up that must be there; empty:
/// nowhere.
std::expected<Config, ConfigErrors> read_config(const Value& merged,
                                                const std::string& project = {});

/// Overwrites the values of `secrets`, and the tokens of `wit.registries`, in a tree that was read.
void wipe_secrets(Value& merged);

/// The configuration file of a folder, the first there is of config.yaml, .yml, .json and .toml;
/// empty if there is none.
std::string find_config_file(const std::string& folder);

struct ConfigPlaces {
  std::string project;      ///< the project's folder
  std::string user_folder;  ///< wash's configuration folder
  std::string user_file;    ///< in place of it; empty: none
  std::vector<std::pair<std::string, std::string>> environment;
};

/// The user's file, the project's, the environment's WASH_ variables and then `flags`, each over
/// the ones before. A file that is not there is no error.
Result<Value> load_values(const ConfigPlaces& places, Value flags = Value::Map());

}  // namespace wasmcloud::wash
