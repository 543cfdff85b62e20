#pragma once

#include "base/loop.h"
#include "host/published_ports.h"
#include "wash/config/sources.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wasmcloud::wash {

/// A component of what is served.
struct DevComponent {
  std::string name;
  std::string path;  ///< absolute; where it comes from
  /// When to fetch it, if it is an image, whose reference is in `path`: "ifNotPresent".
  std::optional<std::string> image_policy;
  std::string bytes;  ///< what was there last
  /// The project's own, which a build makes anew; its path is known behind the first.
  bool is_built = false;
  ResolvedEnvironment environment;
  StringMap config;
  wasi::http::EgressPolicy egress;
  wasi::sockets::NetworkPolicy network;
  host::ComponentReuse reuse;

  friend bool operator==(const DevComponent&, const DevComponent&) = default;
};

/// What `wash dev` serves: one component, or several and a service.
struct DevWorkload {
  std::vector<DevComponent> components;
  std::optional<DevComponent> service;
  StringMap mounts;  ///< folders of this machine, and their names in guests
  std::vector<host::InterfaceGrant> interfaces;
  std::vector<host::PublishedPort> ports;  ///< of the service

  /// The components and then the service.
  std::vector<DevComponent*> all() {
    std::vector<DevComponent*> out;
    for (DevComponent& each : components) out.push_back(&each);
    if (service) out.push_back(&*service);
    return out;
  }

  friend bool operator==(const DevWorkload&, const DevWorkload&) = default;
};

/// What `wash dev` needs of a host: one workload at a time, served over HTTP.
///
/// Thread: owning loop.
class ComponentHost {
 public:
  ComponentHost() = default;
  virtual ~ComponentHost() = default;
  ComponentHost(const ComponentHost&) = delete;
  ComponentHost& operator=(const ComponentHost&) = delete;

  /// Compiles and links the workload, then gives it all requests that begin from now on; those that
  /// run go on with the one before. The service before ends, and the new one starts. On an error
  /// everything stays as it was.
  virtual Task<void> swap(DevWorkload workload) = 0;
  /// Where it is reached, once a component is served: "http://127.0.0.1:8000"; empty while none
  /// answers requests.
  virtual std::string url() const = 0;
  /// Accepts nothing new, lets running requests finish for up to `limit`, and ends.
  virtual Task<void> stop(Clock::duration limit) = 0;
};

}  // namespace wasmcloud::wash
