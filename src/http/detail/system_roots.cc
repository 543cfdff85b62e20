#include "http/detail/system_roots.h"

#include "base/check.h"
#include "base/log.h"

#include <openssl/err.h>
#include <openssl/x509.h>

#include <unistd.h>

#include <array>
#include <cstdlib>

namespace wasmcloud::http::detail {
namespace {

constexpr std::array kBundles = {
    "/etc/ssl/certs/ca-certificates.crt",                 // Debian, Arch, Gentoo, Alpine, NixOS
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // Fedora, RHEL
    "/etc/pki/tls/certs/ca-bundle.crt",                   // older ones of these
    "/var/lib/ca-certificates/ca-bundle.pem",             // SUSE
    "/etc/ssl/ca-bundle.pem",                             // older ones of these
    "/etc/ssl/cert.pem",                                  // BSD, and what follows it
};

bool is_there(const char* path) { return ::access(path, R_OK) == 0; }

bool is_named(const char* variable) {
  return std::getenv(variable) != nullptr;  // NOLINT(concurrency-mt-unsafe): nobody sets it
}

}  // namespace

std::optional<std::string> find_system_roots(const std::string& root) {
  for (const char* bundle : kBundles) {
    std::string path = root + bundle;
    if (is_there(path.c_str())) return path;
  }
  return std::nullopt;
}

void trust_system_roots(SSL_CTX* context) {
  CHECK(SSL_CTX_set_default_verify_paths(context) == 1);
  if (is_named(X509_get_default_cert_file_env()) || is_named(X509_get_default_cert_dir_env()) ||
      is_there(X509_get_default_cert_file()) || is_there(X509_get_default_cert_dir())) {
    return;
  }
  const auto bundle = find_system_roots();
  if (!bundle) {
    log::warn(
        "this system has no certificates of authorities in a known place: no server is trusted; "
        "install ca-certificates, or name a file with SSL_CERT_FILE");
    return;
  }
  if (SSL_CTX_load_verify_locations(context, bundle->c_str(), nullptr) != 1) {
    ERR_clear_error();
    log::warn("{} holds no certificates that can be read: no server is trusted", *bundle);
  }
}

}  // namespace wasmcloud::http::detail
