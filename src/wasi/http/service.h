#pragma once

#include "base/error.h"
#include "base/task.h"

#include <cstdint>
#include <memory>

namespace wasmcloud::component {
class Instance;
class Prepared;
}  // namespace wasmcloud::component
namespace wasmcloud::http {
class Request;
class ResponseWriter;
}  // namespace wasmcloud::http
namespace wasmcloud::wasi {
class Context;
}

namespace wasmcloud::wasi::http {

/// The export wasi:http/handler of a component (WASI 0.3), found once.
///
/// Thread: any; immutable.
class Service {
 public:
  /// Errors: Errc::NotFound if the component does not export it; Errc::Invalid for another type.
  static Result<std::unique_ptr<const Service>> find(const component::Prepared& prepared);
  ~Service();

  /// Has the guest answer one request, and sends the answer, its body included; the guest's task
  /// may go on after that. Several may run in one instance. Cancelling it asks the guest's task to
  /// cancel. Returns the answer's status. Errors: those of the guest (Trap, Limit, Timeout,
  /// Cancelled); Refused with the reason if it gave none; why an answer was cut off.
  Task<uint16_t> serve(component::Instance& instance, Context& context,
                       wasmcloud::http::Request& request,
                       wasmcloud::http::ResponseWriter& response) const;

 private:
  struct Impl;
  explicit Service(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace wasmcloud::wasi::http
