#pragma once

#include "wit/ast.h"

namespace wasmcloud::wit {

/// No type expression nests deeper in the text (spec: limits, type depth).
inline constexpr int kMaxTypeNesting = 100;

/// Reads one file. Errors: Errc::Malformed, with file:line:column and what was expected.
Result<ast::File> parse(const Sources& sources, uint32_t file);

}  // namespace wasmcloud::wit
