#include "component/proposals.h"

#include "base/check.h"

#include <algorithm>
#include <array>

namespace wasmcloud::component {
namespace {

constexpr std::array<Proposal, 11> kProposals = {{
    {"component-model-async", &Features::async},
    {"component-model-map", &Features::map},
    {"component-model-implements", &Features::implements},
    {"component-model-more-async-builtins", &Features::more_async_builtins},
    {"component-model-async-stackful", &Features::async_stackful},
    {"component-model-threading", &Features::threading},
    {"component-model-error-context", &Features::error_context},
    {"component-model-fixed-length-lists", &Features::fixed_length_lists},
    {"component-model-memory64", &Features::memory64},
    {"component-model-accessors", &Features::accessors},
    {"component-model-forward", &Features::forward},
}};

}  // namespace

std::span<const Proposal> proposals() { return kProposals; }

std::string_view proposal_of(bool Features::* feature) {
  const auto* const found =
      std::ranges::find_if(kProposals, [&](const auto& each) { return each.feature == feature; });
  CHECK(found != kProposals.end());
  return found->name;
}

}  // namespace wasmcloud::component
