#pragma once

#include "base/loop.h"
#include "http/tls.h"

#include <functional>
#include <memory>

namespace wasmcloud::http {

/// Reads a server's certificate, key and CA anew whenever their files change, however that is done:
/// written in place, renamed over, or by a link that is pointed elsewhere (as Kubernetes mounts
/// secrets). What cannot be used is logged, and the context before goes on.
///
/// Thread: the loop's.
class TlsRenewal {
 public:
  using Use = std::function<void(std::shared_ptr<const TlsContext>)>;

  /// Reads the files. Errors: those of TlsContext::create.
  static Result<std::unique_ptr<TlsRenewal>> create(Loop& loop, TlsServerConfig config);
  /// Only after `stop`, if it was started.
  ~TlsRenewal();
  TlsRenewal(const TlsRenewal&) = delete;
  TlsRenewal& operator=(const TlsRenewal&) = delete;

  /// What the files hold, as far as it is known.
  const std::shared_ptr<const TlsContext>& context() const;
  /// Watches from now on; `use` gets each new context, also if the files have changed since they
  /// were read first. Blocks for as long as it takes to look into the files' folders. Errors: those
  /// of FileWatch::tree.
  Result<void> start(Use use);
  Task<void> stop();

 private:
  struct Impl;
  explicit TlsRenewal(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace wasmcloud::http
