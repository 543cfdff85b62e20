#pragma once

#include "http/tls.h"
#include "support/temporary_folder.h"

#include <memory>
#include <string>
#include <string_view>

namespace wasmcloud::http {

/// Certificates made for one test, as PEM files in a folder of its own.
///
/// "server", "renewed" and "expired" are for localhost and 127.0.0.1 and "client" for a client, all
/// from the CA "ca"; "stranger" is a client of another CA, "other-ca". Each is NAME.pem with
/// NAME.key.
class Certificates {
 public:
  Certificates();
  ~Certificates();
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;

  std::string certificate(std::string_view name) const {
    return folder_.path(std::string(name) + ".pem");
  }
  std::string key(std::string_view name) const { return folder_.path(std::string(name) + ".key"); }
  const testing::TemporaryFolder& folder() const { return folder_; }

  TlsServerConfig server() const {
    return {
        .certificate_path = certificate("server"), .key_path = key("server"), .client_ca_path = {}};
  }
  /// Of one CA alone.
  TlsClientConfig client(std::string_view ca = "ca") const {
    TlsClientConfig config;
    config.roots = TlsClientConfig::Roots::None;
    config.ca_paths = {certificate(ca)};
    return config;
  }

 private:
  testing::TemporaryFolder folder_;
};

/// For tests; a failure is one of the test.
template <class Config>
std::shared_ptr<const TlsContext> context_of(const Config& config) {
  auto made = TlsContext::create(config);
  if (made) return *made;
  ADD_FAILURE() << made.error().message();
  return nullptr;
}

}  // namespace wasmcloud::http
