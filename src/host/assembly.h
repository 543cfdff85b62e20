#pragma once

#include "host/workload.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace wasmcloud::host {

/// A component of a workload, and what it alone runs with.
struct AssemblyPart {
  std::span<const std::byte> bytes;
  ComponentConfig config;  ///< its name is unique in the workload
};

/// A workload of several components: what one exports serves what another imports. They share a
/// loopback of their own, where a service may listen.
struct Assembly {
  /// What is shared; its own name is the workload's, and the rest of its `ComponentConfig` is not
  /// used.
  WorkloadConfig shared;
  std::vector<AssemblyPart> components;
  /// Runs all along, and may import from the components; none of these may import from it.
  std::optional<AssemblyPart> service;
};

/// What is to be run of it. All components were checked and linked, also those that nothing
/// reaches.
struct Assembled {
  /// The first component that answers HTTP requests, with those it is linked to; null if none does.
  std::shared_ptr<const Workload> http;  // shared by all loops
  /// For `run_command`; null without a service.
  std::shared_ptr<const Workload> service;  // shared with who runs it
  /// Where the service listens, and what counts those who come from outside: for `PublishedPorts`.
  std::shared_ptr<wasi::sockets::VirtualNetwork> loopback;  // shared with all components
  std::shared_ptr<ConnectionQuota> inbound;                 // shared with all connections
};

}  // namespace wasmcloud::host
