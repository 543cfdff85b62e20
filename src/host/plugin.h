#pragma once

#include "base/error.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wasmcloud::component {
class Linker;
}

namespace wasmcloud::host {

struct ComponentConfig;

/// What a workload is granted beside WASI: interfaces of one package, and settings for who serves
/// them.
struct InterfaceGrant {
  std::string package;                    ///< "wasi:keyvalue"
  std::vector<std::string> interfaces{};  ///< "store"; empty: all of the package
  std::string version{};                  ///< "0.2.0-draft"; empty: any
  std::string name{};                     ///< of an import with a name of its own; else empty
  std::vector<std::pair<std::string, std::string>> config{};

  friend bool operator==(const InterfaceGrant&, const InterfaceGrant&) = default;
};

/// An import of a component that a plugin serves.
struct PluginImport {
  std::string name;            ///< as the component has it
  std::string_view interface;  ///< as `Plugin::interfaces` has it
  const InterfaceGrant* grant;
  std::string_view workload;         ///< its name
  const ComponentConfig* component;  ///< whose import it is
  component::Linker* linker;         ///< where it is to be defined
};

/// Serves host interfaces beyond WASI. One object for all workloads of a host.
///
/// Thread: any for `bind`, which may be called at the same time for several workloads.
class Plugin {
 public:
  Plugin() = default;
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;
  virtual ~Plugin() = default;

  /// Unique in a host: "wasi-keyvalue".
  virtual std::string_view id() const = 0;
  /// What it serves, with versions: "wasi:keyvalue/store@0.2.0-draft". Static data.
  virtual std::span<const std::string_view> interfaces() const = 0;
  /// Whether components may import an interface several times, under names of their own.
  virtual bool serves_named() const { return false; }
  /// Whether a workload has it only if its `interfaces` name it, even with Grants::Imported.
  virtual bool must_be_listed() const { return false; }

  /// Defines `import.linker->instance(import.name)` for each import of a workload, those of all its
  /// components at once. What is returned lives until the workload's last instance is gone;
  /// functions that were linked may use it from any thread. Errors are told to who started the
  /// workload.
  virtual Result<std::shared_ptr<void>> bind(std::span<const PluginImport> imports) = 0;
};

}  // namespace wasmcloud::host
