#include "base/check.h"
#include "component/detail/builtins.h"
#include "component/detail/flatten.h"
#include "component/detail/module_match.h"

namespace wasmcloud::component {
namespace {

template <class Key>
uint32_t slot_for(std::map<Key, uint32_t>& slots, const Key& key, uint32_t& next, bool& is_new) {
  const auto [found, inserted] = slots.try_emplace(key, next);
  if (inserted) ++next;
  is_new = inserted;
  return found->second;
}

}  // namespace

RuntimeTypes::Resources Flattener::resources_of(const Scope& scope) const {
  return [&scope](ResourceId id) {
    const auto found = scope.resources.find(id.value);
    CHECK(found != scope.resources.end());
    return found->second;
  };
}

uint32_t Flattener::function_slot(const CoreItem& item) {
  bool is_new = false;
  if (item.lowered != nullptr) {
    const uint32_t slot = slot_for(lowered_slots_, item.lowered, plan_.functions, is_new);
    if (is_new) plan_.lowered_slots.push_back({.lowered = item.lowered, .slot = slot});
    return slot;
  }
  const uint32_t slot =
      slot_for(function_slots_, {item.instance, item.index}, plan_.functions, is_new);
  if (is_new) {
    plan_.steps[item.instance].functions.push_back({.export_index = item.index, .slot = slot});
  }
  return slot;
}

uint32_t Flattener::memory_slot(const CoreItem& item) {
  bool is_new = false;
  const uint32_t slot =
      slot_for(memory_slots_, {item.instance, item.index}, plan_.memories, is_new);
  if (is_new) {
    plan_.steps[item.instance].memories.push_back({.export_index = item.index, .slot = slot});
  }
  return slot;
}

Result<ResolvedOptions> Flattener::resolve(const Scope& scope, const CanonOptions& options) {
  if (options.gc) return fail(Errc::Unsupported, "canonical option gc");
  ResolvedOptions out{
      .encoding = options.encoding, .is_async = options.is_async, .instance = scope.instance};
  if (options.memory) out.memory = memory_slot(scope.core_memories[options.memory->value]);
  if (options.realloc) out.realloc = function_slot(scope.core_functions[options.realloc->value]);
  if (options.post_return) {
    out.post_return = function_slot(scope.core_functions[options.post_return->value]);
  }
  if (options.callback) {
    out.callback = function_slot(scope.core_functions[options.callback->value]);
  }
  return out;
}

Result<void> Flattener::define(Scope& scope, const Canon& canon) {
  const CanonInfo& meaning = info(scope).canons[canon.number];
  if (meaning.pointer == PointerSize::Bits64) {
    return fail(Errc::Unsupported, "64-bit memories in canonical definitions");
  }
  if (canon.kind == CanonKind::Lift) return lift(scope, canon);
  Lowered* lowered = nullptr;
  if (canon.kind == CanonKind::Lower) {
    lowered = TRY(lower(scope, canon));
  } else {
    lowered = &plan_.lowered.emplace_back();
    lowered->function = builtin(canon.kind);
    lowered->name = name_of(canon.kind);
    lowered->options = TRY(resolve(scope, canon.options));
    lowered->slot = canon.slot;
    lowered->is_async_form = canon.is_async;
    if (meaning.type) {
      lowered->payload = plan_.types.from(table(), *meaning.type, resources_of(scope));
      // Copies ask for what goes through; task.return has the result itself.
      if (canon.kind != CanonKind::TaskReturn) lowered->payload = lowered->payload->parts[0].type;
    }
    if (canon.kind == CanonKind::WaitableSetWait || canon.kind == CanonKind::WaitableSetPoll) {
      lowered->options.memory = memory_slot(scope.core_memories[canon.memory.value]);
    }
    if (canon.kind == CanonKind::ThreadNewIndirect) {
      const CoreItem& item = scope.core_tables[canon.table.value];
      lowered->table = {.instance = item.instance, .index = item.index};
    }
    if (thread_builtin(canon.kind) != nullptr) plan_.has_threads = true;
    if (canon.kind == CanonKind::ResourceNew || canon.kind == CanonKind::ResourceRep ||
        canon.kind == CanonKind::ResourceDrop) {
      const auto resource = scope.resources.find(meaning.resource.value);
      CHECK(resource != scope.resources.end());
      lowered->resource = resource->second;
    }
  }
  lowered->core_type = engine_type(table().core().function(meaning.core));
  scope.core_functions.push_back({.lowered = lowered});
  return {};
}

Result<void> Flattener::lift(Scope& scope, const Canon& canon) {
  const CanonInfo& meaning = info(scope).canons[canon.number];
  const CoreFunctionType& core = table().core().function(meaning.core);
  Lifted& lifted = plan_.lifted.emplace_back();
  lifted.options = TRY(resolve(scope, canon.options));
  lifted.function = function_slot(scope.core_functions[canon.core_function.value]);
  lifted.type = plan_.types.from(table(), table()[meaning.function], resources_of(scope));
  lifted.core_params = static_cast<uint32_t>(core.params.size());
  lifted.core_results = static_cast<uint32_t>(core.results.size());
  scope.functions.push_back({.lifted = &lifted, .type = lifted.type});
  return {};
}

Result<Lowered*> Flattener::lower(Scope& scope, const Canon& canon) {
  const FunctionItem& function = scope.functions[canon.function.value];
  Lowered& lowered = plan_.lowered.emplace_back();
  lowered.options = TRY(resolve(scope, canon.options));
  lowered.type = function.type;
  if (function.host != nullptr) {
    lowered.name = function.name;
    lowered.host = function.host->function;
    lowered.async_host = function.host->async_function;
    lowered.self = function.host->self;
    lowered.function = lowered.async_host != nullptr ? async_host_function() : call_host_function;
  } else {
    lowered.name = function.name;
    lowered.callee = function.lifted;
    lowered.function = guest_function(lowered);
  }
  return &lowered;
}

}  // namespace wasmcloud::component
