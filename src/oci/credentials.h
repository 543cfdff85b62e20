#pragma once

#include "base/loop.h"
#include "base/secret.h"

#include <optional>
#include <string>
#include <string_view>

namespace wasmcloud::oci {

/// Who one is for a registry; nobody if all is empty.
struct Credentials {
  std::string user;
  Secret password;
  /// In place of the two: what a token server gives tokens for (OAuth 2's refresh token).
  Secret identity_token;

  bool is_anonymous() const { return user.empty() && identity_token.empty(); }
  Credentials copy() const {
    return {.user = user, .password = password.copy(), .identity_token = identity_token.copy()};
  }
};

/// What docker's configuration says of a registry: the helper that `credHelpers` names for it,
/// else what `auths` holds, else the helper of `credsStore`. Helpers run as processes
/// (docker-credential-NAME get). Nobody if it says nothing, or there is no such file.
///
/// Errors: Errc::Malformed for a file that cannot be understood; Errc::NotFound for a helper that
/// is not installed; Errc::Refused for one that fails; Errc::Timeout. Their messages hold nothing
/// of what the file or a helper said but names.
Task<Credentials> find_credentials(Loop& loop, std::string config_path, std::string registry);

/// Whether the key of an entry, a host or a URL of it, means this registry of a reference. The
/// Docker Hub has several names.
bool means_registry(std::string_view key, std::string_view registry);

/// The file that docker reads: config.json in $DOCKER_CONFIG, or else in .docker at home; empty if
/// neither is known.
std::string docker_config_path(const std::optional<std::string>& docker_config,
                               const std::optional<std::string>& home);

}  // namespace wasmcloud::oci
