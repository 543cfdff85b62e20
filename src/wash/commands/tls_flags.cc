#include "wash/commands/tls_flags.h"

namespace wasmcloud::wash {

const Flag kTlsCertFlag = {
    .name = "--tls-cert-path",
    .value = "PATH",
    .takes = Takes::One,
    .help = "Serve HTTPS with this certificate and those that vouch for it, a PEM file"};
const Flag kTlsKeyFlag = {.name = "--tls-key-path",
                          .value = "PATH",
                          .takes = Takes::One,
                          .help = "The certificate's private key, a PEM file without a passphrase"};
const Flag kTlsCaFlag = {
    .name = "--tls-ca-path",
    .value = "PATH",
    .takes = Takes::One,
    .help = "Serve only clients with a certificate that one in this PEM file vouches for"};

Result<std::optional<http::TlsServerConfig>> tls_of(const Invocation& invocation,
                                                    const TlsPaths& configured) {
  const auto path_of = [&](const Flag& flag, const std::optional<std::string>& otherwise) {
    if (invocation.arguments.has(flag.name))
      return resolve(invocation.arguments.value(flag.name), invocation.working_directory);
    return otherwise ? resolve(*otherwise, invocation.project) : std::string();
  };
  http::TlsServerConfig config = {.certificate_path = path_of(kTlsCertFlag, configured.cert),
                                  .key_path = path_of(kTlsKeyFlag, configured.key),
                                  .client_ca_path = path_of(kTlsCaFlag, configured.ca)};
  if (config.certificate_path.empty() != config.key_path.empty()) {
    const bool has_key = config.certificate_path.empty();
    return fail(Errc::Usage, "{} is given without {}; give both",
                (has_key ? kTlsKeyFlag : kTlsCertFlag).name,
                (has_key ? kTlsCertFlag : kTlsKeyFlag).name);
  }
  if (config.certificate_path.empty()) {
    if (config.client_ca_path.empty()) return std::nullopt;
    return fail(Errc::Usage,
                "{} is given without TLS, which clients need to show certificates; give {} and {} "
                "too",
                kTlsCaFlag.name, kTlsCertFlag.name, kTlsKeyFlag.name);
  }
  return config;
}

}  // namespace wasmcloud::wash
