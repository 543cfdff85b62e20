#pragma once

#include "base/loop.h"
#include "http/client_tls.h"
#include "http/tls_engine.h"

#include <memory>
#include <string>

namespace wasmcloud::component {
class Linker;
}

namespace wasmcloud::wasi::tls {

/// Makes the TLS connections of guests (wasi:tls): says whom they trust and what speaks TLS. For an
/// embedder to replace.
///
/// Thread: any.
class Provider {
 public:
  Provider() = default;
  Provider(const Provider&) = delete;
  Provider& operator=(const Provider&) = delete;
  virtual ~Provider() = default;

  /// A client's side of a connection to `server_name`, which is the guest's word: the engine must
  /// accept no certificate but one for it. Errors: their messages are told to the guest.
  virtual Task<std::unique_ptr<wasmcloud::http::TlsEngine>> start(
      Loop& loop, std::string server_name) const = 0;
};

/// OpenSSL, trusting whom `tls` names, which is read when a guest first asks. With `check`, servers
/// must pass that too.
std::shared_ptr<const Provider> make_provider(
    std::shared_ptr<wasmcloud::http::ClientTls> tls = wasmcloud::http::ClientTls::of_system(),
    wasmcloud::http::CertificateCheck check = {});

/// Offers wasi:tls (client, 0.3.0-draft), apart from the rest of WASI since it is a draft. Guests
/// can connect where `Environment::tls` is set.
void add_to_linker(component::Linker& linker);

}  // namespace wasmcloud::wasi::tls
