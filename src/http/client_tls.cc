#include "http/client_tls.h"

namespace wasmcloud::http {

Result<std::shared_ptr<const TlsContext>> ClientTls::make() {
  const std::lock_guard lock(mutex_);
  if (!made_.load(std::memory_order_relaxed)) {
    context_ = TRY(TlsContext::create(config_));
    made_.store(true, std::memory_order_release);
  }
  return context_;
}

const std::shared_ptr<ClientTls>& ClientTls::of_system() {
  static const auto kTls = std::make_shared<ClientTls>(TlsClientConfig());
  return kTls;
}

}  // namespace wasmcloud::http
