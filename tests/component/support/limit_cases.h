#pragma once

#include "component/support/component_builder.h"
#include "component/validator.h"

#include <string>
#include <vector>

namespace wasmcloud::component {

/// A limit of limits.h, and how to make a component that has just so much of it.
struct LimitCase {
  std::string name;
  uint64_t limit = 0;
  ComponentBuilder (*make)(uint64_t amount) = nullptr;
  Errc code = Errc::Limit;  ///< of one more
  std::string message;      ///< part of what is said then
};

/// Those that decoding and validation alone can reach.
std::vector<LimitCase> limit_cases();

}  // namespace wasmcloud::component
