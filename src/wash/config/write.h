#pragma once

#include "base/error.h"
#include "wash/value.h"

#include <string>
#include <string_view>

namespace wasmcloud::wash {

// Each writes a map so that the reader of its format gives it back, with a newline at the end.

std::string write_yaml(const Value& value);
/// TOML has no null: members that are null are left out.
std::string write_toml(const Value& value);

/// "yaml" or "yml", "json", "toml". Errors: Errc::Usage for any other.
Result<std::string> write_config(const Value& value, std::string_view format);

/// The value with what must not be shown replaced by stars: values of `secrets`, tokens of `wit`,
/// passwords in URLs.
Value mask_secrets(Value config);

}  // namespace wasmcloud::wash
