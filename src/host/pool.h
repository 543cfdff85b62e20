#pragma once

#include "base/loop.h"
#include "base/ref.h"
#include "host/workload.h"

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
      : loop_(loop), workload_(std::move(workload)) {}

  const Workload& workload() const { return *workload_; }
  size_t active() const { return active_; }

  /// Lets a guest answer. Returns when the guest has returned, with the status it answered, 0 if it
  /// gave no answer. Errors: the guest trapped (Trap), ended itself (Exit), was out of its limits
  /// (Limit), took too long (Timeout), or the client left (Cancelled); an answer may have begun.
  Task<uint16_t> handle(wasmcloud::http::Request& request,
                        wasmcloud::http::ResponseWriter& response);

 private:
  Loop& loop_;
  std::shared_ptr<const Workload> workload_;  // shared by all loops
  size_t active_ = 0;
};

}  // namespace wasmcloud::host
