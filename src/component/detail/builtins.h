#pragma once

#include "component/definitions.h"
#include "engine/store.h"

namespace wasmcloud::component {

struct Lowered;

/// What runs when a guest calls a core function that a canonical definition made. The environment
/// is the `Lowered`, the store's data the `RunningInstance`.
Result<void> call_host_function(void* env, engine::Store& store, engine::RawValue* values) noexcept;
/// What calls `lowered.callee`; everything else of `lowered` is set.
engine::HostFunc guest_function(const Lowered& lowered);
/// What calls an async function of the host.
engine::HostFunc async_host_function();

/// The built-in of this kind; kinds that nothing runs get a function that fails with
/// Errc::Unsupported and their name.
engine::HostFunc builtin(CanonKind kind);
// Parts of it; null for other kinds.
engine::HostFunc task_builtin(CanonKind kind);
engine::HostFunc copy_builtin(CanonKind kind);
engine::HostFunc thread_builtin(CanonKind kind);
engine::HostFunc error_context_builtin(CanonKind kind);

}  // namespace wasmcloud::component
