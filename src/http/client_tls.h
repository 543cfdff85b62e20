#pragma once

#include "http/tls.h"

#include <atomic>
#include <memory>
#include <mutex>

namespace wasmcloud::http {

/// The TLS context of clients, read from its files when a request first needs it: most programs
/// never do, and the system's roots are many.
///
/// Thread: any.
class ClientTls {
 public:
  explicit ClientTls(TlsClientConfig config) : config_(std::move(config)) {}

  /// The context if it was made before, else null.
  std::shared_ptr<const TlsContext> made() const {
    return made_.load(std::memory_order_acquire) ? context_ : nullptr;
  }
  /// Makes it unless it was. Reads files: not on a loop. Errors: those of TlsContext::create, each
  /// time again.
  Result<std::shared_ptr<const TlsContext>> make();

  /// Trusts the system's roots; one for the whole process.
  static const std::shared_ptr<ClientTls>& of_system();

 private:
  const TlsClientConfig config_;
  std::mutex mutex_;  // clients of several loops may ask at once, on blocking threads
  std::atomic<bool> made_ = false;
  std::shared_ptr<const TlsContext> context_;
};

}  // namespace wasmcloud::http
