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

/// Runs requests in instances of one workload on one loop, each in a fresh one. Held by what routes
/// to it and by every request in it, so a workload that was replaced lives until its last request
/// has ended.
///
/// Thread: owning loop.
class Pool final : public Counted {
 public:
  Pool(Loop& loop, std::shared_ptr<const Workload> workload)
      : loop_(loop), workload_(std::move(workload)), client_(loop, workload_->client_options()) {}

  const Workload& workload() const { return *workload_; }

  /// Lets a guest answer, when it is this request's turn. Returns when the guest has returned, with
  /// the status it answered. Errors: the guest trapped (Trap), ended itself (Exit), was out of its
  /// limits (Limit), took too long (Timeout), gave no answer (Refused), or the client left
  /// (Cancelled); an answer may have begun. Limit with number EAGAIN: it had no turn; later it may.
  Task<uint16_t> handle(wasmcloud::http::Request& request,
                        wasmcloud::http::ResponseWriter& response);

 private:
  Loop& loop_;
  std::shared_ptr<const Workload> workload_;  // shared by all loops
  wasmcloud::http::Client client_;            ///< of the guest's own requests
};

}  // namespace wasmcloud::host
