#pragma once

#include "wash/config/schema.h"
#include "wash/value.h"

#include <string>
#include <string_view>
#include <vector>

namespace wasmcloud::wash {

/// What a look at a whole configuration finds; one line each, which begins with the place.
struct Findings {
  std::vector<std::string> errors;
  /// What is accepted and has no effect, or looks like a slip of the pen.
  std::vector<std::string> warnings;
  /// Keys of files that are like no known one: newer versions may know them.
  std::vector<std::string> unknown;

  /// "FILE:LINE:COLUMN: build.env.PORT: what is wrong".
  void error(const Origin& origin, std::string_view field, std::string_view what);
  void warn(const Origin& origin, std::string_view what);
};

/// "dev.address".
std::string field_of(std::string_view above, std::string_view key);

/// The value against its shape, and all below it. What it finds no error in has the form that the
/// shape says.
void check_shape(const Value& value, const Shape& shape, const std::string& field,
                 Findings& findings);

}  // namespace wasmcloud::wash
