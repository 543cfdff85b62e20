#pragma once

#include "host/pool.h"
#include "http/server.h"

#include <functional>

namespace wasmcloud::host {

/// One request that has ended, for a line of a log. Valid during the call.
struct RequestRecord {
  const Workload* workload;  ///< null if there was none
  std::string_view method;
  std::string_view path;
  uint16_t status;  ///< what the client was sent; 0 if it left before
  Clock::duration time;
  const Error* error;  ///< why the guest failed, or null
};

using RequestHook = std::move_only_function<void(const RequestRecord&)>;

/// Answers a server's requests on one loop with the current workload, which may be replaced at any
/// time: requests that run go on with the one they began with.
///
/// What a client sees of a failure is a status and a short text: 503 without a workload, or
/// with more requests than it may have, 504 at the deadline, 500 for the rest; an aborted
/// connection if the answer had begun. Why is in the log.
///
/// Thread: owning loop.
class Ingress final : public wasmcloud::http::Handler {
 public:
  /// `on_end` is called for each request; it must not block.
  explicit Ingress(Loop& loop, RequestHook on_end = nullptr)
      : loop_(loop), on_end_(std::move(on_end)) {}

  /// From the next request on; null for none.
  void serve(std::shared_ptr<const Workload> workload);
  /// Serves none from now on, and waits until nothing is left of the last workload's instances.
  /// Before the loop ends, once no request comes any more.
  Task<void> finish();

  Task<void> handle(wasmcloud::http::Request& request,
                    wasmcloud::http::ResponseWriter& response) override;

 private:
  Loop& loop_;
  Ref<Pool> current_;
  RequestHook on_end_;
};

}  // namespace wasmcloud::host
