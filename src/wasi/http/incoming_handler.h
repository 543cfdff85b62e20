#pragma once

#include "wasi/http/exchange.h"

#include <memory>

namespace wasmcloud::component {
class Instance;
class Prepared;
}  // namespace wasmcloud::component

namespace wasmcloud::wasi {
class Context;
}

namespace wasmcloud::wasi::http {

/// The export wasi:http/incoming-handler of a component, found once.
///
/// Thread: any; immutable.
class IncomingHandler {
 public:
  /// Errors: Errc::NotFound if the component does not export it; Errc::Invalid for another type.
  static Result<std::unique_ptr<const IncomingHandler>> find(const component::Prepared& prepared);
  ~IncomingHandler();

  /// Lowers the request and calls the guest; returns when the guest does. Runs on an engine::Stack.
  /// Errors: those of the guest: Trap, Exit, Limit, Timeout, Cancelled.
  Result<void> handle(component::Instance& instance, Context& context, Exchange& exchange) const;

 private:
  struct Impl;
  explicit IncomingHandler(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace wasmcloud::wasi::http
