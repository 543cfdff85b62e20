#pragma once

#include "base/task.h"

#include <memory>

namespace wasmcloud {
class Loop;
}
namespace wasmcloud::component {
class Instance;
class Prepared;
}  // namespace wasmcloud::component

namespace wasmcloud::wasi::cli {

/// The export wasi:cli/run of a component, found once. Of a component that exports it in both
/// generations, that of WASI 0.3.
///
/// Thread: any; immutable.
class Command {
 public:
  /// Errors: Errc::NotFound if the component does not export it; Errc::Invalid for another type.
  static Result<std::unique_ptr<const Command>> find(const component::Prepared& prepared);
  ~Command();

  /// Calls the guest and returns its exit status, when all that it does has come to its end.
  /// Cancelled, the instance is over. Errors: those of the guest: Trap, Limit, Timeout, Cancelled.
  Task<int> run(Loop& loop, component::Instance& instance) const;

 private:
  struct Impl;
  explicit Command(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace wasmcloud::wasi::cli
