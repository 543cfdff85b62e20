#pragma once

#include "base/loop.h"
#include "wash/config/config.h"

#include <string>
#include <string_view>

namespace wasmcloud::wash {

/// A component to serve.
struct DevComponent {
  std::string bytes;
  std::string path;  ///< where it came from, for messages
  StringMap environment;
  StringMap config;
  std::vector<host::InterfaceGrant> interfaces;
  wasi::http::EgressPolicy egress;

  friend bool operator==(const DevComponent&, const DevComponent&) = default;
};

/// What `wash dev` needs of a host: one component at a time, served over HTTP.
///
/// Thread: owning loop.
class ComponentHost {
 public:
  ComponentHost() = default;
  virtual ~ComponentHost() = default;
  ComponentHost(const ComponentHost&) = delete;
  ComponentHost& operator=(const ComponentHost&) = delete;

  /// Compiles and links the component, then gives it all requests that begin from now on; those
  /// that run go on with the one before. On an error everything stays as it was.
  virtual Task<void> swap(DevComponent component) = 0;
  /// Where it is reached, once a component is served: "http://127.0.0.1:8000".
  virtual std::string url() const = 0;
  /// Accepts nothing new, lets running requests finish for up to `limit`, and ends.
  virtual Task<void> stop(Clock::duration limit) = 0;
};

}  // namespace wasmcloud::wash
