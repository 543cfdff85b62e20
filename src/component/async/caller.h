#pragma once

#include "base/error.h"
#include "component/canonical_context.h"

#include <cstdint>

namespace wasmcloud::component {

/// A task's result as its guest gave it: core values one after another, or the place in memory
/// where they lie as a value.
struct CoreResult {
  engine::RawValue* flat = nullptr;
  uint32_t at = 0;
  bool is_in_memory = false;
};

/// Who called a guest's function (canonical ABI, "OnStart" and "OnResolve"). Each of these is
/// called at most once, and nothing after `resolve`, `cancelled` or `failed`.
class TaskCaller {
 public:
  TaskCaller() = default;
  TaskCaller(const TaskCaller&) = delete;
  TaskCaller& operator=(const TaskCaller&) = delete;

  /// The task was let in: lowers the arguments into it, at most 16 flat values or a pointer to a
  /// tuple.
  virtual Result<void> start(CanonicalContext& callee, engine::RawValue* flat) = 0;
  /// Lifts the result, if its type has one. Borrows are over, and post-return comes after it.
  virtual Result<void> resolve(CanonicalContext& callee, const CoreResult& result) = 0;
  virtual Result<void> cancelled() = 0;
  /// The callee's instance is over.
  virtual void failed(const Error& error) = 0;

 protected:
  ~TaskCaller() = default;
};

}  // namespace wasmcloud::component
