#pragma once

#include "http/client.h"
#include "wash/config/config.h"
#include "wash/directories.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace wasmcloud::wash {

/// Where the packages of a namespace are.
struct PackageRegistry {
  std::string name;    ///< the registry's domain, as the lock file has it
  std::string server;  ///< the OCI registry that it points to
  std::string prefix;  ///< in front of "namespace/name": "team/"
};

/// Which registry a package comes from, by the configuration that the wasm-pkg tools share
/// ($WKG_CONFIG_FILE, or wasm-pkg/config.toml in the folder for configurations), and by what is
/// known of some namespaces.
class PackageRegistries {
 public:
  /// Of `logins`, those that are URLs say whether their hosts are spoken to by TLS.
  /// Errors: Errc::Malformed, Errc::Invalid with a place in the file.
  static Result<PackageRegistries> load(const Environment& environment,
                                        const std::vector<WitRegistry>& logins);

  /// The registry's own document says which server has the packages, unless the configuration
  /// does; without one the registry is the server.
  /// Errors: Errc::NotFound where nothing says which registry; Errc::Malformed for a document that
  /// is none, or does not name a server; Errc::Unsupported where packages are not in an OCI
  /// registry; those of fetching. A document is asked for once.
  Task<PackageRegistry> find(Loop& loop, std::string package, http::ClientOptions options);

  /// Servers that the configurations say are spoken to by plain HTTP.
  const std::vector<std::string>& plain_http() const { return plain_http_; }

 private:
  struct Entry {
    std::string registry;
    std::optional<std::string> server;  ///< with this, no document is asked for
    std::string prefix;
  };
  static Result<Entry> entry_of(const Value& value, std::string_view field);
  bool has_tls(const std::string& registry) const;
  Task<PackageRegistry> read_document(Loop& loop, std::string registry,
                                      http::ClientOptions options);

  std::map<std::string, Entry, std::less<>> packages_;
  std::map<std::string, Entry, std::less<>> namespaces_;
  std::optional<std::string> default_;
  std::map<std::string, PackageRegistry> documents_;  ///< by the registry's name
  std::vector<std::string> plain_http_;
  std::vector<std::string> with_tls_;
};

}  // namespace wasmcloud::wash
