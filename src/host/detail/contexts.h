#pragma once

#include "host/workload.h"
#include "wasi/context.h"

#include <memory>
#include <span>
#include <vector>

namespace wasmcloud::host::detail {

/// What the host functions of one instance work with: a context for each component in it.
///
/// Thread: the loop's.
class Contexts {
 public:
  /// `client` sends the guests' requests.
  Contexts(Loop& loop, const Workload& workload, wasmcloud::http::Client& client)
      : first_(loop, workload.environment(), &client) {
    if (workload.linked_environments().empty()) [[likely]]
      return;
    all_.push_back(&first_);
    for (const auto& environment : workload.linked_environments()) {
      linked_.push_back(std::make_unique<wasi::Context>(loop, *environment, &client));
      all_.push_back(linked_.back().get());
    }
  }

  /// Of the component whose exports the host calls.
  wasi::Context& first() { return first_; }
  /// By part; empty for a component by itself.
  std::span<component::HostState* const> all() const { return all_; }

  bool is_idle() const {
    for (const auto& context : linked_) {
      if (!context->is_idle()) return false;
    }
    return first_.is_idle();
  }
  /// As `wasi::Context::finish`, of all.
  Task<void> finish() {
    for (const auto& context : linked_) CO_TRY(co_await context->finish());
    co_return co_await first_.finish();
  }

 private:
  wasi::Context first_;
  std::vector<std::unique_ptr<wasi::Context>> linked_;
  std::vector<component::HostState*> all_;
};

}  // namespace wasmcloud::host::detail
