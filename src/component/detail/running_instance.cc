#include "component/detail/running_instance.h"

#include "base/check.h"
#include "component/async/copy.h"
#include "component/async/scheduler.h"
#include "engine/wait.h"

#include <new>

namespace wasmcloud::component {
namespace {

constexpr size_t round_up(size_t value) {
  return (value + alignof(std::max_align_t) - 1) / alignof(std::max_align_t) *
         alignof(std::max_align_t);
}

template <class T>
T* place(std::byte*& at, size_t count) {
  T* const first = reinterpret_cast<T*>(at);
  for (size_t i = 0; i < count; ++i) new (first + i) T();
  at += round_up(count * sizeof(T));
  return first;
}

}  // namespace

RunningInstance::RunningInstance(const Plan& plan, const InstanceOptions& options)
    : plan_(plan),
      store_(engine::Store::create(plan.component->engine(), options.limits, this)),
      loop_(options.loop),
      max_threads_(options.max_threads),
      is_shared_(options.is_shared),
      meter_(*this, options.call_cpu_time),
      thread_(&first_thread_) {
  if (options.call_cpu_time.count() != 0) store_->set_meter(&meter_);
  std::byte* at = reinterpret_cast<std::byte*>(this) + round_up(sizeof(RunningInstance));
  components_ = place<ComponentState>(at, plan.component_instances);
  functions_ = place<engine::Func>(at, plan.functions);
  memories_ = place<engine::Memory>(at, plan.memories);
  instances_ = place<engine::CoreInstance>(at, plan.steps.size());
  for (uint32_t i = 0; i < plan.component_instances; ++i) {
    components_[i].handles.set_limit(std::min(options.max_handles, HandleTable::kMaxEntries));
    components_[i].host = plan.part_of_instance.empty() || options.hosts.empty()
                              ? options.host
                              : options.hosts[plan.part_of_instance[i]];
  }
}

RunningInstance::~RunningInstance() {
  fail(Error(Errc::Cancelled, "the instance is gone"));
  if (scheduler_ != nullptr) scheduler_->shut_down();
  // Host objects may hold on to things of the store; guests run no more.
  for (uint32_t i = 0; i < plan_.component_instances; ++i) components_[i].~ComponentState();
}

std::unique_ptr<RunningInstance> RunningInstance::create(const Plan& plan,
                                                         const InstanceOptions& options) {
  const size_t size = round_up(sizeof(RunningInstance)) +
                      round_up(plan.component_instances * sizeof(ComponentState)) +
                      round_up(plan.functions * sizeof(engine::Func)) +
                      round_up(plan.memories * sizeof(engine::Memory)) +
                      round_up(plan.steps.size() * sizeof(engine::CoreInstance));
  return std::unique_ptr<RunningInstance>(new (::operator new(size))
                                              RunningInstance(plan, options));
}

Result<void> RunningInstance::start() {
  for (const LoweredSlot& it : plan_.lowered_slots) {
    functions_[it.slot] = plan_.host_funcs->get(*store_, it.lowered->host_func);
  }
  std::vector<engine::Extern> imports;
  for (size_t i = 0; i < plan_.steps.size(); ++i) {
    const Step& step = plan_.steps[i];
    if (step.form == Step::Form::Nothing) continue;
    if (step.form == Step::Form::Fixup) {
      TRY(fix_up(step));
      continue;
    }
    if (step.prepared != nullptr) {
      instances_[i] = TRY(step.prepared->instantiate(*store_));
    } else {
      imports.clear();
      for (const ImportSource& source : step.imports) imports.push_back(resolve(source));
      instances_[i] = TRY(store_->instantiate(*step.module, imports));
    }
    for (const Extract& it : step.functions) {
      functions_[it.slot] = store_->export_at(instances_[i], *step.module, it.export_index).func;
    }
    for (const Extract& it : step.memories) {
      memories_[it.slot] = store_->export_at(instances_[i], *step.module, it.export_index).memory;
    }
  }
  return {};
}

engine::Extern RunningInstance::resolve(const ImportSource& source) {
  if (source.lowered != nullptr) {
    return plan_.host_funcs->get(*store_, source.lowered->host_func);
  }
  return store_->export_at(instances_[source.instance], *plan_.steps[source.instance].module,
                           source.index);
}

// What the fixup module would do if it were instantiated.
Result<void> RunningInstance::fix_up(const Step& step) {
  for (const TableWrite& write : step.writes) {
    const engine::Table table =
        resolve({.instance = write.table_instance, .index = write.table_export}).table;
    TRY(store_->set(table, write.index, resolve(write.function).func));
  }
  if (!step.start) return {};
  return store_->call(resolve(*step.start).func, {});
}

Result<void> RunningInstance::call_without_leaving(uint32_t instance, uint32_t function,
                                                   std::span<engine::RawValue> values) {
  ComponentState& state = components_[instance];
  const bool may_leave = state.may_leave;
  state.may_leave = false;
  Result<void> result = store_->call(functions_[function], values);
  state.may_leave = may_leave;
  return result;
}

void RunningInstance::make_scheduler() { scheduler_ = std::make_unique<Scheduler>(*this); }

void RunningInstance::fail(const Error& error) {
  if (std::exchange(poisoned_, true)) return;
  failure_ = error.copy();
  if (scheduler_ == nullptr) return;
  scheduler_->fail_callers(error);
  scheduler_->withdraw_kept();
  for (uint32_t i = 0; i < plan_.component_instances; ++i) {
    components_[i].handles.for_each_item([](TableItem& item) {
      if (is_copy_end(item)) static_cast<CopyEnd&>(item).abandon();
    });
  }
}

Result<void> RunningInstance::destroy(const GuestResourceType& type, uint32_t representation) {
  if (type.destructor == kNoSlot) return {};
  const CalleeThread thread(*this);
  engine::RawValue value;
  value.u64 = representation;
  return store_->call(functions_[type.destructor], {&value, 1});
}

Result<void> check_may_leave(RunningInstance& instance, const Lowered& lowered) {
  if (instance.component(lowered.options.instance).may_leave && !instance.is_poisoned()) [[likely]]
    return {};
  if (instance.is_poisoned()) return fail(Errc::Trap, "the instance is over");
  return fail(Errc::Trap,
              "cannot leave component instance: {} is called from realloc or post-return",
              lowered.name.empty() ? "an import" : lowered.name);
}

Result<void> check_borrows(const BorrowScope& scope, const Lifted& lifted) {
  if (scope.open == 0) [[likely]]
    return {};
  return fail(Errc::Trap, "{} borrow handles still remain at the end of the call of {}", scope.open,
              lifted.name);
}

std::span<std::byte> CallContext::current_memory() { return instance_.memory(options_.memory); }

Result<uint32_t> CallContext::call_realloc(uint32_t old, uint32_t old_size, uint32_t align,
                                           uint32_t new_size) {
  if (options_.realloc == kNoSlot) {
    return fail(Errc::Trap, "the guest must allocate memory, but its function has no realloc");
  }
  std::array<engine::RawValue, 4> values;
  values[0].u64 = old;
  values[1].u64 = old_size;
  values[2].u64 = align;
  values[3].u64 = new_size;
  // A synchronous task of its own: the interrupted thread's slots are not for it to see.
  const CalleeThread thread(instance_);
  TRY(instance_.call_without_leaving(options_.instance, options_.realloc, values));
  return values[0].u32;
}

Result<GuestResource::Home> CallContext::find_home(const HostResourceType& name) {
  const GuestResourceType* const type = find_exported_resource(instance_.plan(), name);
  if (type == nullptr) return CanonicalContext::find_home(name);
  return GuestResource::Home{.type = type, .instance = &instance_};
}

Result<void> CallContext::run(Task<void> task) {
  if (instance_.loop() == nullptr) {
    return fail(Errc::Trap, "a host function waits in an instance without a loop");
  }
  ThreadContext* const interrupted = instance_.thread();
  memory_is_stale();
  Result<void> result = engine::wait<void>(*instance_.loop(), instance_.store(), std::move(task));
  instance_.set_thread(interrupted);
  return result;
}

// Canonical ABI, "lift_async_value".
Result<std::shared_ptr<SharedCopy>> CallContext::remove_readable(uint32_t handle, bool is_future,
                                                                 const Payload& payload) {
  using Kind = TableItem::Kind;
  const Kind wanted = is_future ? Kind::ReadableFuture : Kind::ReadableStream;
  const std::string_view name = is_future ? "future" : "stream";
  CopyEnd& end = *TRY(find_item<CopyEnd>(handles(), handle, wanted));
  const bool fits =
      std::visit([&](const auto* type) { return end.shared().element().is(type); }, payload);
  if (!fits) {
    return fail(Errc::Trap, "handle index {} used with the wrong type: a {} of another payload",
                handle, name);
  }
  if (end.is_copying()) return fail(Errc::Trap, "cannot remove busy {}", name);
  if (end.state() == CopyEnd::State::Done) {
    if (is_future) {
      return fail(Errc::Trap, "cannot lift future after previous read succeeded");
    }
    return fail(Errc::Trap,
                "cannot lift stream after being notified that the writable end dropped");
  }
  if (end.is_in_set()) {
    return fail(Errc::Trap, "cannot lift {} while it's in a waitable set", name);
  }
  std::shared_ptr<SharedCopy> shared = end.give_up();
  handles().remove_item(handle);
  return shared;
}

Result<uint32_t> CallContext::add_readable(std::shared_ptr<SharedCopy> shared) {
  auto end = std::make_unique<CopyEnd>(instance_, options_.instance, std::move(shared),
                                       CopyEnd::Side::Reader);
  CopyEnd& added = *end;
  const uint32_t index = TRY(handles().add_item(std::move(end)));
  added.index = index;
  return index;
}

}  // namespace wasmcloud::component
