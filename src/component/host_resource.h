#pragma once

#include "base/recycled.h"

#include <string_view>

namespace wasmcloud::component {

/// Base of every resource that the host implements. A guest's handle owns it: it is destroyed
/// exactly once, when the guest drops the handle, when the host takes it back and lets go of it, or
/// with the store.
class HostResource : public Recycled {
 public:
  HostResource() = default;
  HostResource(const HostResource&) = delete;
  HostResource& operator=(const HostResource&) = delete;
  virtual ~HostResource() = default;
};

/// Names a resource type of the host. Its identity is its address, so it is a static object, one
/// for each resource however many versions of its interface export it.
struct HostResourceType {
  std::string_view interface;
  std::string_view name;
};

/// What the embedder attached to an instance's store; host functions get at their own state through
/// it.
class HostState {
 public:
  HostState() = default;
  HostState(const HostState&) = delete;
  HostState& operator=(const HostState&) = delete;
  virtual ~HostState() = default;
};

}  // namespace wasmcloud::component
