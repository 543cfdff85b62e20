#pragma once

#include <openssl/ssl.h>

#include <optional>
#include <string>

namespace wasmcloud::http::detail {

/// Trusts whom the operating system trusts: $SSL_CERT_FILE and $SSL_CERT_DIR, else OpenSSL's own
/// places, else the file of whichever distribution this is.
void trust_system_roots(SSL_CTX* context);

/// The first file of roots that a known distribution has, below `root`.
std::optional<std::string> find_system_roots(const std::string& root = "");

}  // namespace wasmcloud::http::detail
