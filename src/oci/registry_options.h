#pragma once

#include "http/client.h"
#include "oci/credentials.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace wasmcloud::oci {

/// How often, and how long, what may pass is waited for.
struct RetryPolicy {
  int attempts = 5;  ///< without progress, the first included
  std::chrono::milliseconds first_wait = std::chrono::milliseconds(250);
  std::chrono::milliseconds longest_wait = std::chrono::seconds(5);
  /// A Retry-After field that asks for more than this is told to the user instead.
  std::chrono::milliseconds longest_asked = std::chrono::seconds(30);
};

/// Who one is for one registry.
struct RegistryLogin {
  std::string registry;  ///< its host, or a URL of it, as docker's configuration has them
  Credentials who;
};

struct RegistryOptions {
  /// Its `tls` says whom to believe, such as `trust_of` makes it.
  http::ClientOptions http;
  /// Registries, as references write them, that are spoken to without TLS.
  std::vector<std::string> plain_http;
  bool plain_http_for_all = false;
  /// For every registry that asks; docker's configuration is not read then.
  std::optional<Credentials> login;
  /// For these registries; docker's configuration is not asked about them.
  std::vector<RegistryLogin> logins;
  /// For messages: what there is besides "docker login".
  std::string other_login = "give --user and --password";
  /// For messages: how one says that a registry is spoken to without TLS.
  std::string plain_switch = "give --insecure";
  /// Docker's config.json; empty: none.
  std::string docker_config;
  std::string user_agent = "wash";
  RetryPolicy retry;
  uint64_t max_blob_bytes = uint64_t{512} << 20;
  /// A blob above this is sent in pieces of it, of which each may be tried again.
  uint64_t upload_piece_bytes = uint64_t{8} << 20;
};

/// The system's roots, and certificates of these PEM files besides.
std::shared_ptr<http::ClientTls> trust_of(std::vector<std::string> ca_paths);

/// Told while bytes come or go.
using Progress = std::function<void(uint64_t done, uint64_t total)>;

}  // namespace wasmcloud::oci
