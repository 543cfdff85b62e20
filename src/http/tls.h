#pragma once

#include "base/error.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

struct ssl_ctx_st;

namespace wasmcloud::http {

/// How a server proves who it is, and what it asks of its clients. All files are PEM.
struct TlsServerConfig {
  /// Its certificate, then those between it and a root.
  std::string certificate_path;
  /// Without a passphrase.
  std::string key_path;
  /// Not empty: a client must show a certificate that one of these vouches for.
  std::string client_ca_path;
};

/// Whom a client believes, and what it says of itself. All files are PEM.
struct TlsClientConfig {
  enum class Roots : uint8_t {
    System,  ///< those of the operating system
    None,    ///< only `ca_paths`
  };
  Roots roots = Roots::System;
  /// Certificates that are trusted besides.
  std::vector<std::string> ca_paths;
  /// What servers are shown that ask for it; both or none.
  std::string certificate_path;
  std::string key_path;
};

/// Certificates, keys and rules, read and checked once, for any number of connections: TLS 1.2 and
/// 1.3, forward secrecy and authenticated encryption only, no renegotiation. A server's sessions
/// are resumed by tickets that it keeps nothing for; it speaks "h2" and "http/1.1" by ALPN.
///
/// Messages of errors name files and never show what is in them.
///
/// Thread: any; immutable, shared by all loops.
class TlsContext {
 public:
  /// Reads files: not on a loop that serves. Errors: those of `read_file`; Errc::Malformed for a
  /// file without what it should hold; Errc::Invalid for a key that is not the certificate's, a
  /// key or certificate that is too weak, or one given without the other.
  static Result<std::shared_ptr<const TlsContext>> create(const TlsServerConfig& config);
  /// Errors: the same; Errc::Invalid besides where nobody would be trusted.
  static Result<std::shared_ptr<const TlsContext>> create(const TlsClientConfig& config);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  enum class Side : uint8_t { Server, Client };
  Side side() const { return side_; }
  /// OpenSSL's SSL_CTX.
  ssl_ctx_st* native() const { return context_; }

 private:
  TlsContext(Side side, ssl_ctx_st* context) : side_(side), context_(context) {}

  const Side side_;
  ssl_ctx_st* const context_;
};

}  // namespace wasmcloud::http
