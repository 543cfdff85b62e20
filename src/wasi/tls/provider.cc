#include "wasi/tls/provider.h"

namespace wasmcloud::wasi::tls {
namespace {

using wasmcloud::http::CertificateCheck;
using wasmcloud::http::ClientTls;
using wasmcloud::http::TlsContext;
using wasmcloud::http::TlsEngine;

class OpenSslProvider final : public Provider {
 public:
  OpenSslProvider(std::shared_ptr<ClientTls> tls, CertificateCheck check)
      : tls_(std::move(tls)), check_(std::move(check)) {}

  Task<std::unique_ptr<TlsEngine>> start(Loop& loop, std::string server_name) const override {
    std::shared_ptr<const TlsContext> context = tls_->made();
    if (context == nullptr)
      context = CO_TRY(co_await loop.offload([this] { return tls_->make(); }));
    co_return wasmcloud::http::make_tls_engine(*context, server_name, check_);
  }

 private:
  const std::shared_ptr<ClientTls> tls_;
  const CertificateCheck check_;
};

}  // namespace

std::shared_ptr<const Provider> make_provider(std::shared_ptr<ClientTls> tls,
                                              CertificateCheck check) {
  return std::make_shared<OpenSslProvider>(std::move(tls), std::move(check));
}

}  // namespace wasmcloud::wasi::tls
