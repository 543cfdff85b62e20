#pragma once

#include "component/definitions.h"
#include "engine/store.h"

namespace wasmcloud::component {

struct Lowered;

/// What runs when a guest calls a core function that a canonical definition made. The environment
/// is the `Lowered`, the store's data the `RunningInstance`.
Result<void> call_host_function(void* env, engine::Store& store, engine::RawValue* values) noexcept;
/// Async lowering, which nothing runs yet.
Result<void> refuse_async_lower(void* env, engine::Store& store, engine::RawValue* values) noexcept;
/// What calls `lowered.callee`; everything else of `lowered` is set.
engine::HostFunc guest_function(const Lowered& lowered);

/// The built-in of this kind; kinds that nothing runs yet get a function that fails with
/// Errc::Unsupported and their name.
engine::HostFunc builtin(CanonKind kind);

}  // namespace wasmcloud::component
