#include "component/detail/builtins.h"

#include "component/detail/running_instance.h"

namespace wasmcloud::component {
namespace {

struct Call {
  const Lowered& lowered;
  RunningInstance& instance;
  Call(void* env, engine::Store& store)
      : lowered(*static_cast<const Lowered*>(env)), instance(RunningInstance::of(store)) {}
  HandleTable& handles() { return instance.component(lowered.options.instance).handles; }
};

// Canonical ABI, "canon resource.new", "resource.rep", "resource.drop".
Result<void> resource_new(void* env, engine::Store& store, engine::RawValue* values) noexcept {
  Call call(env, store);
  TRY(check_may_leave(call.instance, call.lowered));
  values[0].u64 = TRY(call.handles().add_own(call.lowered.resource, {.number = values[0].u32}));
  return {};
}

Result<void> resource_rep(void* env, engine::Store& store, engine::RawValue* values) noexcept {
  Call call(env, store);
  values[0].u64 = TRY(call.handles().representation(values[0].u32, call.lowered.resource)).number;
  return {};
}

Result<void> resource_drop(void* env, engine::Store& store, engine::RawValue* values) noexcept {
  Call call(env, store);
  TRY(check_may_leave(call.instance, call.lowered));
  const ResourceType type = call.lowered.resource;
  const HandleTable::Dropped dropped = TRY(call.handles().drop(values[0].u32, type));
  if (!dropped.owned) return {};
  if (type.is_host()) {
    delete dropped.representation.object;
    return {};
  }
  return call.instance.destroy(*type.guest(), dropped.representation.number);
}

Result<void> context_get(void* env, engine::Store& store, engine::RawValue* values) noexcept {
  Call call(env, store);
  values[0].u64 = call.instance.thread()->slots[call.lowered.slot];
  return {};
}

Result<void> context_set(void* env, engine::Store& store, engine::RawValue* values) noexcept {
  Call call(env, store);
  uint64_t& slot = call.instance.thread()->slots[call.lowered.slot];
  slot = call.lowered.core_type.params[0] == engine::ValueType::I64 ? values[0].u64 : values[0].u32;
  return {};
}

Result<void> unsupported_leaving(void* env, engine::Store& store, engine::RawValue*) noexcept {
  Call call(env, store);
  TRY(check_may_leave(call.instance, call.lowered));
  return fail(Errc::Unsupported, "built-in {}", call.lowered.name);
}

}  // namespace

Result<void> call_host_function(void* env, engine::Store& store,
                                engine::RawValue* values) noexcept {
  Call call(env, store);
  TRY(check_may_leave(call.instance, call.lowered));
  CallContext context(call.instance, call.lowered.options);
  return call.lowered.host(call.lowered.self, context, values);
}

engine::HostFunc builtin(CanonKind kind) {
  switch (kind) {
    case CanonKind::ResourceNew:
      return resource_new;
    case CanonKind::ResourceRep:
      return resource_rep;
    case CanonKind::ResourceDrop:
      return resource_drop;
    case CanonKind::ContextGet:
      return context_get;
    case CanonKind::ContextSet:
      return context_set;
    default:
      break;
  }
  for (const auto find : {task_builtin, copy_builtin, thread_builtin, error_context_builtin}) {
    if (const engine::HostFunc found = find(kind)) return found;
  }
  return unsupported_leaving;
}

}  // namespace wasmcloud::component
