#pragma once

#include "component/linker.h"

#include <map>
#include <memory>
#include <string>
#include <variant>

namespace wasmcloud::component {

/// A function of the host, as defined in a linker.
struct HostFunctionItem {
  FunctionDescription type;
  HostFunction function = nullptr;  ///< of a synchronous function
  void* self = nullptr;
  AsyncHostFunction async_function = nullptr;
};

/// By name, in order, so that what is said about them does not depend on hashing.
struct LinkerInstance::Items {
  using Item = std::variant<HostFunctionItem, const HostResourceType*,
                            std::unique_ptr<LinkerInstance>, std::shared_ptr<const engine::Module>>;
  std::map<std::string, Item, std::less<>> by_name;
};

}  // namespace wasmcloud::component
