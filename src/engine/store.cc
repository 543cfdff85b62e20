#include "engine/store.h"

#include "base/check.h"
#include "engine/detail/impl.h"
#include "engine/stack.h"

#include <pthread.h>
#include <time.h>

#include <cerrno>

namespace wasmcloud::engine {

namespace detail {

thread_local uintptr_t t_stack_limit = 0;

uintptr_t thread_stack_limit() {
  // A guess for platforms that do not tell; enough to let calls through.
  uintptr_t limit = 1;
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
    void* lowest = nullptr;
    size_t size = 0;
    size_t guard = 0;
    pthread_attr_getstack(&attributes, &lowest, &size);
    pthread_attr_getguardsize(&attributes, &guard);
    pthread_attr_destroy(&attributes);
    limit = reinterpret_cast<uintptr_t>(lowest) + guard;
  }
  return limit;
}

wasm_trap_t* call_host(void* entry, wasmtime_caller_t* caller, wasmtime_val_raw_t* values,
                       size_t /*count*/) noexcept {
  const auto& host = *static_cast<const HostEntry*>(entry);
  Store& store = Access::store(caller);
  Result<void> result = host.function(host.env, store, reinterpret_cast<RawValue*>(values));
  if (!result) [[unlikely]] {
    return Access::raise(store, std::move(result).error());
  }
  if (store.stack() != nullptr && store.stack()->is_cancelled()) [[unlikely]] {
    // The function did not pass the refusal on; the guest must not run on all the same.
    return Access::raise(store, Error(Errc::Cancelled, "the stack was cancelled"));
  }
  return nullptr;
}

namespace {
thread_local Clock::duration t_cpu_seen{};
}

Clock::duration take_cpu_time() {
  timespec now{};
  if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) != 0) return {};
  const Clock::duration used =
      std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
  return used - std::exchange(t_cpu_seen, used);
}

void delete_host_entry(void* entry) noexcept { delete static_cast<HostEntry*>(entry); }

}  // namespace detail

namespace {

wasmtime_error_t* epoch_callback(const wasmtime_context_t* /*context*/, void* data, uint64_t* delta,
                                 wasmtime_update_deadline_kind_t* kind) {
  return Access::on_epoch(*static_cast<Store*>(data), delta, kind);
}

// The C API does not tell a limit or a full pool from other refusals to instantiate; only the code
// and the number depend on these.
bool is_limit(std::string_view message) { return message.contains("limit"); }
bool is_full_pool(std::string_view message) { return message.contains("maximum concurrent"); }

}  // namespace

Result<void> Access::may_enter(Store& store) {
  const Stack* stack = store.stack_;
  if (stack != nullptr && stack->cancelled_) [[unlikely]] {
    return fail(Errc::Cancelled, "the stack was cancelled");
  }
  const Store::Impl& impl = *store.impl_;
  if (impl.cancelled.load(std::memory_order_relaxed)) [[unlikely]] {
    return fail(Errc::Cancelled, "the guest was cancelled");
  }
  if (detail::t_stack_limit == 0) [[unlikely]] {
    detail::t_stack_limit = detail::thread_stack_limit();
  }
  const auto here = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  const size_t needed = impl.engine->impl().options.max_wasm_stack + detail::kHostReserve;
  if (here < detail::t_stack_limit || here - detail::t_stack_limit < needed) [[unlikely]] {
    store.poisoned_ = true;
    return fail(Errc::Trap, "wasm trap: call stack exhausted");
  }
  return {};
}

wasm_trap_t* Access::raise(Store& store, Error error) {
  store.impl_->pending = std::move(error);
  return wasmtime_trap_new("host", 4);
}

Error Access::failure(Store& store, wasmtime_error_t* native_error, wasm_trap_t* native_trap) {
  const detail::ErrorHandle error(native_error);
  const detail::TrapHandle trap(native_trap);
  Store::Impl& impl = *store.impl_;
  store.poisoned_ = true;
  if (impl.pending) {
    Error pending = std::move(*impl.pending);
    impl.pending.reset();
    if (pending.code() == Errc::Trap && pending.detail().empty()) {
      return std::move(pending).with_detail(detail::backtrace_of(native_error, native_trap));
    }
    return pending;
  }
  if (store.stack_ != nullptr && store.stack_->dropped_) {
    return Error(Errc::Cancelled, "the stack was dropped");
  }
  std::string backtrace = detail::backtrace_of(native_error, native_trap);
  if (wasmtime_context_has_exception(store.context_)) {
    // It would be caught by the guest that called this host function, which is another one.
    wasmtime_exnref_t exception;
    if (wasmtime_context_take_exception(store.context_, &exception)) {
      wasmtime_exnref_unroot(&exception);
    }
    return Error(Errc::Trap, "wasm trap: an exception was not caught")
        .with_detail(std::move(backtrace));
  }
  wasmtime_trap_code_t code = 0;
  if (trap && wasmtime_trap_code(trap.get(), &code)) {
    const detail::TrapHandle plain(wasmtime_trap_new_code(code));
    std::string message = detail::message_of(*plain);
    Errc kind = Errc::Trap;
    if (impl.native_limits.refused != 0) {
      // What a guest does that cannot go on without: its allocator or its language gives up.
      if (code == WASMTIME_TRAP_CODE_UNREACHABLE_CODE_REACHED) kind = Errc::Limit;
      message += fmt::format(" (after the store's limit of {} was reached)",
                             impl.native_limits.refused == 1
                                 ? fmt::format("{} bytes of memory", impl.limits.memory_bytes)
                                 : fmt::format("{} table elements", impl.limits.table_elements));
    }
    return Error(kind, std::move(message)).with_detail(std::move(backtrace));
  }
  return Error(Errc::Trap, trap ? detail::message_of(*trap) : detail::message_of(*error))
      .with_detail(std::move(backtrace));
}

wasmtime_error_t* Access::on_epoch(Store& store, uint64_t* delta,
                                   wasmtime_update_deadline_kind_t* kind) {
  Store::Impl& impl = *store.impl_;
  impl.engine->impl().ticker->touch();
  *delta = 1;
  *kind = WASMTIME_UPDATE_DEADLINE_CONTINUE;
  Result<void> metered;
  if (impl.meter != nullptr) {
    // Where it went on after another tick, only the run's own time has passed; where this is its
    // first, what it has used of the tick is unknown, and a whole one right on average.
    const Clock::duration tick = impl.engine->impl().options.tick;
    metered = impl.meter->used(std::min(detail::take_cpu_time(), tick));
  }
  const Stack* stack = store.stack_;
  if (impl.cancelled.load(std::memory_order_relaxed) || (stack != nullptr && stack->cancelled_)) {
    impl.pending = Error(Errc::Cancelled, "the guest was cancelled while it ran");
  } else if (store.deadline_ != Clock::time_point::max() && Clock::now() >= store.deadline_) {
    impl.pending = Error(Errc::Timeout, "the guest ran past its deadline");
  } else if (!metered) {
    impl.pending = std::move(metered).error();
  } else {
    if (stack != nullptr) *kind = WASMTIME_UPDATE_DEADLINE_YIELD;
    return nullptr;
  }
  return wasmtime_error_new("interrupted");
}

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Store::~Store() {
  // A stack that is still suspended in this store would be resumed into freed memory.
  CHECK(impl_->suspended_stacks == 0);
}

std::unique_ptr<Store> Store::create(const std::shared_ptr<Engine>& engine,
                                     const StoreLimits& limits, void* data) {
  auto impl = std::make_unique<Impl>();
  impl->engine = engine;
  impl->limits = limits;
  std::unique_ptr<Store> store(new Store(std::move(impl)));
  store->data_ = data;
  Impl& own = *store->impl_;
  own.native.reset(wasmtime_store_new(engine->impl().native.get(), store.get(), nullptr));
  store->context_ = wasmtime_store_context(own.native.get());
  own.native_limits = {.memory_bytes = limits.memory_bytes,
                       .table_elements = limits.table_elements,
                       .instances = limits.instances,
                       .tables = limits.tables,
                       .memories = limits.memories,
                       .refused = 0,
                       .memory_bytes_used = 0,
                       .table_elements_used = 0};
#ifdef WASH_ENGINE_SEAM
  wash_store_limit(own.native.get(), &own.native_limits);
#else
  const auto bounded = [](uint64_t value) {
    return static_cast<int64_t>(std::min<uint64_t>(value, INT64_MAX));
  };
  wasmtime_store_limiter(own.native.get(), bounded(limits.memory_bytes),
                         bounded(limits.table_elements), bounded(limits.instances),
                         bounded(limits.tables), bounded(limits.memories));
#endif
  wasmtime_store_epoch_deadline_callback(own.native.get(), epoch_callback, store.get(), nullptr);
  wasmtime_context_set_epoch_deadline(store->context_, 1);
  return store;
}

const std::shared_ptr<Engine>& Store::engine() const { return impl_->engine; }
const StoreLimits& Store::limits() const { return impl_->limits; }
uint64_t Store::memory_bytes_used() const { return impl_->native_limits.memory_bytes_used; }
bool Store::is_interrupted() const { return impl_->interrupted_stacks != 0; }

Result<void> Store::check_type(Func func, const FuncType& type) {
  const detail::FuncTypeHandle native(wasmtime_func_type(context_, detail::native(func)));
  if (detail::from_native(*native) == type) return {};
  return fail(Errc::Trap, "wasm trap: indirect call type mismatch");
}

void Store::set_meter(CpuMeter* meter) { impl_->meter = meter; }
void Store::cancel() { impl_->cancelled.store(true, std::memory_order_relaxed); }

Result<void> Store::call(Func func, std::span<RawValue> values) {
  TRY(Access::may_enter(*this));
  if (stack_ == nullptr) impl_->engine->impl().ticker->touch();
  wasm_trap_t* trap = nullptr;
  wasmtime_error_t* error = wasmtime_func_call_unchecked(
      context_, detail::native(func), detail::native(values.data()), values.size(), &trap);
  if (error != nullptr || trap != nullptr) [[unlikely]] {
    return fail(Access::failure(*this, error, trap));
  }
  return {};
}

Error Access::instantiation_failure(Store& store, wasmtime_error_t* error, wasm_trap_t* trap) {
  const wash_store_limits_t& limits = store.impl_->native_limits;
  if (trap != nullptr) return failure(store, error, trap);
  std::string message = detail::message_of(*error);
  wasmtime_error_delete(error);
  if (limits.refused == 1) {
    return Error(Errc::Limit, fmt::format("{} (the store's limit is {} bytes of memory)", message,
                                          limits.memory_bytes));
  }
  if (limits.refused == 2) {
    return Error(Errc::Limit, fmt::format("{} (the store's limit is {} table elements)", message,
                                          limits.table_elements));
  }
  const Errc code = is_limit(message) ? Errc::Limit : Errc::Invalid;
  const int number = is_full_pool(message) ? EAGAIN : 0;
  return Error(code, std::move(message)).with_number(number);
}

Result<CoreInstance> Access::run_start(Store& store, const Module& module, CoreInstance instance) {
  if (!module.has_start()) return instance;
  const Extern start = TRY(store.export_named(instance, detail::kStartExport));
  TRY(store.call(start.func, {}));
  return instance;
}

Result<void> Access::outside_calls(Store& store, std::move_only_function<void()> work) {
  if (store.stack_ == nullptr) {
    work();
    return {};
  }
  // The engine refuses to instantiate where it could block, which is everywhere on a stack but
  // inside the callback of a function that blocks.
  TRY(may_enter(store));
  store.impl_->errand = std::move(work);
  wasm_trap_t* trap = nullptr;
  wasmtime_error_t* error = wasmtime_func_call_unchecked(
      store.context_, detail::native(park_func(store)), nullptr, 0, &trap);
  store.impl_->errand = nullptr;
  if (error != nullptr || trap != nullptr) return fail(failure(store, error, trap));
  return {};
}

Result<CoreInstance> Store::instantiate(const Module& module, std::span<const Extern> imports) {
  DCHECK(module.engine() == impl_->engine);
  if (imports.size() != module.imports().size()) {
    return fail(Errc::Invalid, "the module imports {} items, {} were given",
                module.imports().size(), imports.size());
  }
  CoreInstance instance;
  wasm_trap_t* trap = nullptr;
  wasmtime_error_t* error = nullptr;
  TRY(Access::outside_calls(*this, [&] {
    error =
        wasmtime_instance_new(context_, module.impl().native.get(), detail::native(imports.data()),
                              imports.size(), detail::native(instance), &trap);
  }));
  if (error != nullptr || trap != nullptr) {
    return fail(Access::instantiation_failure(*this, error, trap));
  }
  return Access::run_start(*this, module, instance);
}

Extern Store::export_at(const CoreInstance& instance, const Module& module, size_t index) {
  const std::string& name = module.exports()[index].name;
  Extern item;
  const bool found = wasmtime_instance_export_get(context_, detail::native(instance), name.data(),
                                                  name.size(), detail::native(&item));
  CHECK(found);
  return item;
}

Result<Extern> Store::export_named(const CoreInstance& instance, std::string_view name) {
  Extern item;
  if (!wasmtime_instance_export_get(context_, detail::native(instance), name.data(), name.size(),
                                    detail::native(&item))) {
    return fail(Errc::NotFound, "the instance has no export '{}'", name);
  }
  return item;
}

Func Store::make_func(const FuncType& type, HostFunc function, void* env) {
  Func func;
  const detail::FuncTypeHandle native_type = detail::to_native(type);
  wasmtime_func_new_unchecked(
      context_, native_type.get(), detail::call_host,
      new detail::HostEntry{.function = function, .env = env},  // deleted by its finalizer
      detail::delete_host_entry, detail::native(func));
  return func;
}

}  // namespace wasmcloud::engine
