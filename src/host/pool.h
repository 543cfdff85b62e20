#pragma once

#include "base/loop.h"
#include "base/ref.h"
#include "host/workload.h"
#include "http/client.h"

namespace wasmcloud::http {
class Request;
class ResponseWriter;
}  // namespace wasmcloud::http

namespace wasmcloud::host {

namespace detail {
class SharedInstances;
}

/// Runs requests in instances of one workload on one loop: those of WASI 0.2 each in a fresh one
/// unless the workload has it otherwise, those of WASI 0.3 in instances that are reused
/// (`Limits::reuse`). Held by what routes to it and
/// by every request in it, so a workload that was replaced lives until its last request has ended.
///
/// Thread: owning loop.
class Pool final : public Counted {
 public:
  Pool(Loop& loop, std::shared_ptr<const Workload> workload);
  ~Pool() override;

  const Workload& workload() const { return *workload_; }

  /// Lets a guest answer, when it is this request's turn. Returns when the guest has returned, with
  /// the status it answered. Errors: the guest trapped (Trap), ended itself (Exit), was out of its
  /// limits (Limit), took too long (Timeout), gave no answer (Refused), or the client left
  /// (Cancelled); an answer may have begun. Limit with number EAGAIN: it had no turn; later it may.
  Task<uint16_t> handle(wasmcloud::http::Request& request,
                        wasmcloud::http::ResponseWriter& response);

  /// No more requests come: instances end with their last.
  void retire();
  /// The same, and what guests do behind their answers is given up; waits until none is left.
  Task<void> finish();

 private:
  Task<uint16_t> handle_in_fresh(Clock::duration time, wasmcloud::http::Request& request,
                                 wasmcloud::http::ResponseWriter& response);
  /// One after another, in instances of WASI 0.2.
  Task<uint16_t> handle_in_reused(Clock::duration time, wasmcloud::http::Request& request,
                                  wasmcloud::http::ResponseWriter& response);
  Task<uint16_t> handle_in_shared(Clock::duration time, wasmcloud::http::Request& request,
                                  wasmcloud::http::ResponseWriter& response);

  Loop& loop_;
  std::shared_ptr<const Workload> workload_;         // shared by all loops
  wasmcloud::http::Client client_;                   ///< of the guest's own requests
  std::unique_ptr<detail::SharedInstances> shared_;  ///< of a workload that reuses them
};

}  // namespace wasmcloud::host
