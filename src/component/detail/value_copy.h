#pragma once

#include "component/canonical_context.h"
#include "component/detail/runtime_type.h"
#include "engine/values.h"

namespace wasmcloud::component {

/// Moves values from one guest to another: lifts from `from` and lowers into `to` in one pass,
/// without anything in between.
class ValueCopy {
 public:
  ValueCopy(CanonicalContext& from, CanonicalContext& to) : from_(from), to_(to) {}

  Result<void> flat_to_flat(const RuntimeType& type, const engine::RawValue* source,
                            engine::RawValue* sink);
  // Places in memory have been checked.
  Result<void> flat_to_memory(const RuntimeType& type, const engine::RawValue* source,
                              uint32_t sink);
  Result<void> memory_to_flat(const RuntimeType& type, uint32_t source, engine::RawValue* sink);
  Result<void> memory_to_memory(const RuntimeType& type, uint32_t source, uint32_t sink);

 private:
  template <class Source, class Sink>
  Result<void> copy(const RuntimeType& type, Source&& source, Sink&& sink);
  template <class Source, class Sink>
  Result<void> copy_parts(const RuntimeType& type, Source&& source, Sink&& sink);
  template <class Source, class Sink>
  Result<void> copy_variant(const RuntimeType& type, Source&& source, Sink&& sink);
  template <class Source, class Sink>
  Result<void> copy_list(const RuntimeType& element, Source&& source, Sink&& sink);
  template <class Source, class Sink>
  Result<void> copy_string(Source&& source, Sink&& sink);
  /// `count` values of a static type one after another, by addresses.
  Result<void> copy_static(const RuntimeType& type, const std::byte* source, std::byte* sink,
                           uint32_t count);
  Result<uint32_t> move_own(const RuntimeType& type, uint32_t handle);
  Result<uint32_t> move_readable(const RuntimeType& type, uint32_t handle);
  Result<uint32_t> share_error_context(uint32_t handle);
  Result<uint32_t> lend(const RuntimeType& type, uint32_t handle);

  /// Errors: Errc::Trap if one call moves more than any guest has reason to.
  Result<void> charge(uint64_t bytes);

  /// Lists may overlap where they come from, and a callee may give one block for all of them, so
  /// that memory does not bound what a call moves.
  static constexpr uint64_t kMaxBytes = uint64_t{1} << 30;

  uint64_t left_ = kMaxBytes;
  CanonicalContext& from_;
  CanonicalContext& to_;
};

}  // namespace wasmcloud::component
