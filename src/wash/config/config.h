#pragma once

#include "base/error.h"
#include "host/plugin.h"
#include "wash/value.h"
#include "wasi/http/egress.h"

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

/// What `dev` says, as far as this version serves it.
struct DevConfig {
  std::optional<std::string> command;
  std::optional<std::string> component_path;
  std::optional<std::string> address;
  TlsPaths tls;
  ClientTrust client_trust;
  std::vector<std::string> wasm_proposals;
  std::vector<host::InterfaceGrant> host_interfaces;
};

struct WitSource {
  std::string package;  ///< "ns:name" or "ns:name@version"
  std::string location;
  Origin origin;
};

/// What `wit` says.
struct WitConfig {
  std::string directory = "wit";
  bool skip_fetch = false;
  std::vector<WitSource> sources;
};

/// A project's configuration, checked.
struct Config {
  BuildConfig build;
  DevConfig dev;
  WitConfig wit;
  std::optional<std::string> new_command;  ///< `new.command`: sets up a project that was just made
  StringMap workload_environment;          ///< `workload.environment.config`
  StringMap workload_config;               ///< `workload.config`
  /// `workload.allowedHosts`: none without `workload`, all without the key.
  wasi::http::EgressPolicy workload_egress;
  /// What is accepted and has no effect here, or looks like a slip of the pen; for a warning each.
  std::vector<std::string> warnings;
};

/// Reads the merged tree. All errors of the tree are told together, one a line:
/// "FILE:LINE:COLUMN: build.env.PORT: expected a string, found the number 80; put it in quotes".
/// Errors: Errc::Invalid, Errc::Unsupported.
Result<Config> read_config(const Value& merged);

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
