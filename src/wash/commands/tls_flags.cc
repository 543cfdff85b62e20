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

const Flag kClientCaFlag = {
    .name = "--http-client-ca-path",
    .value = "PATH",
    .takes = Takes::Many,
    .help =
        "Trust the certificates in this PEM file, too, when the component sends requests; may be "
        "repeated, or several with commas"};
const Flag kClientRootsFlag = {
    .name = "--http-client-trust-roots",
    .value = "ROOTS",
    .takes = Takes::One,
    .help =
        "Whom the component's requests trust beside these: the system's roots (native, webpki, "
        "webpki-and-native) or nobody (extra-only)",
    .default_value = "webpki",
    .choices = "webpki|native|webpki-and-native|extra-only"};

Result<http::TlsClientConfig> client_tls_of(const Invocation& invocation,
                                            const ClientTrust& configured) {
  http::TlsClientConfig config;
  const std::string& folder = invocation.arguments.has(kClientCaFlag.name)
                                  ? invocation.working_directory
                                  : invocation.project;
  for (const std::string_view path :
       list_of(invocation.arguments, kClientCaFlag.name, configured.ca_paths))
    config.ca_paths.push_back(resolve(path, folder));
  std::string roots = configured.roots.value_or("webpki");
  if (invocation.arguments.has(kClientRootsFlag.name))
    roots = invocation.arguments.value(kClientRootsFlag.name);
  if (roots == "extra-only") {
    config.roots = http::TlsClientConfig::Roots::None;
  } else if (roots != "webpki" && roots != "native" && roots != "webpki-and-native") {
    return fail(Errc::Usage, "{}: '{}' should be webpki, native, webpki-and-native or extra-only",
                kClientRootsFlag.name, roots);
  }
  return config;
}

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
