#pragma once

#include "base/error.h"
#include "wit/ast.h"

#include <cstddef>
#include <span>
#include <string_view>

namespace wasmcloud::component::detail {

/// The custom section with what binary WIT packages have no other place for: documentation, and
/// since when items are there. A version byte and JSON.
inline constexpr std::string_view kPackageDocsSection = "package-docs";

/// Gives the package that `file` declares its documentation back. What the section says about items
/// that are not there is passed over. Errors: Errc::Malformed, Errc::Unsupported for a version.
Result<void> add_package_docs(std::span<const std::byte> section, wit::ast::File& file);

}  // namespace wasmcloud::component::detail
