#pragma once

#include "base/error.h"
#include "component/validator.h"
#include "wit/ast.h"
#include "wit/model.h"

#include <cstddef>
#include <span>
#include <string>

namespace wasmcloud::component {

/// What a binary says in WIT.
struct DecodedWit {
  enum class Kind : uint8_t {
    Component,  ///< one that runs: its imports and exports are the world "root" of "root:component"
    Package,    ///< WIT in binary form ("wit/README.md": package as wasm)
  };
  Kind kind = Kind::Component;
  wit::Model model;
  wit::PackageId package = {};  ///< the package at hand; others of the model are what it refers to
};

/// The WIT of a component: the world that it was made for, as far as it still has it (what a
/// component does not use is often left out when it is made); or of a WIT package in binary form,
/// with its documentation. Printed with `wit::print_with_dependencies`, it reads as the same again.
///
/// `path` is for messages. Errors: those of `decode` and `validate`; Errc::Unsupported for what WIT
/// cannot say (modules, components and bare types as imports and exports), Errc::Malformed for a
/// package whose documentation cannot be read.
Result<DecodedWit> decode_wit(std::span<const std::byte> bytes, const std::string& path);

/// The same of a component that was validated already.
Result<DecodedWit> decode_wit(const ValidatedComponent& component, std::span<const std::byte> bytes,
                              const std::string& path);

}  // namespace wasmcloud::component
