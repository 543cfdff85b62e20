#pragma once

#include "component/validator.h"

#include <span>
#include <string_view>

namespace wasmcloud::component {

/// A gated part of the component model, by the name under which tools switch it on.
struct Proposal {
  std::string_view name;  ///< "component-model-threading"
  bool Features::* feature;
};

std::span<const Proposal> proposals();
/// The name of the proposal that a feature is.
std::string_view proposal_of(bool Features::* feature);

}  // namespace wasmcloud::component
