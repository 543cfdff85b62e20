#pragma once

#include <string>
#include <string_view>

/// How WIT's kebab-case names look in C++.
namespace wasmcloud::bindgen {

/// "blocking-read" → "blocking_read"; a C++ keyword, or a macro that systems define, gets a '_'.
std::string snake_case(std::string_view name);
/// "TLS-protocol-error" → "TlsProtocolError".
std::string pascal_case(std::string_view name);
/// `pascal_case` for a type: a name that generated code has for itself gets a '_'.
std::string type_name(std::string_view name);

}  // namespace wasmcloud::bindgen
