#pragma once

#include "component/async/thread.h"
#include "component/canonical_context.h"
#include "component/detail/call_meter.h"
#include "component/detail/plan.h"
#include "component/handle_table.h"
#include "component/prepared.h"
#include "engine/store.h"
#include "engine/values.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace wasmcloud::component {

class Scheduler;

/// What a component instance has of its own; core instances have nothing.
struct ComponentState {
  HandleTable handles;
  HostState* host = nullptr;  ///< what host functions see that it calls
  bool may_leave = true;
  uint32_t backpressure = 0;
  uint32_t waiting_to_enter = 0;
  Thread* lock_holder = nullptr;     ///< the one thread of async tasks whose code may run
  HookedList<Thread, RunTag> aside;  ///< ready, but for the lock or the door
  ThreadTable& threads() {
    if (thread_table == nullptr) thread_table = std::make_unique<ThreadTable>();
    return *thread_table;
  }
  std::unique_ptr<ThreadTable> thread_table;
};

/// A tree of component instances in its store. Everything whose number the plan knows lies behind
/// it in the same allocation.
class RunningInstance {
 public:
  static std::unique_ptr<RunningInstance> create(const Plan& plan, const InstanceOptions& options);
  /// Runs the plan's steps; once, before anything else.
  Result<void> start();
  ~RunningInstance();
  RunningInstance(const RunningInstance&) = delete;
  RunningInstance& operator=(const RunningInstance&) = delete;
  void operator delete(void* at) { ::operator delete(at); }

  static RunningInstance& of(engine::Store& store) {
    return *static_cast<RunningInstance*>(store.data());
  }

  const Plan& plan() const { return plan_; }
  engine::Store& store() { return *store_; }
  Loop* loop() { return loop_; }
  uint32_t max_threads() const { return max_threads_; }
  bool is_shared() const { return is_shared_; }
  CallMeter& meter() { return meter_; }
  ComponentState& component(uint32_t index) { return components_[index]; }
  engine::Func function(uint32_t slot) const { return functions_[slot]; }
  std::span<std::byte> memory(uint32_t slot) const {
    if (slot == kNoSlot) return {};
    const engine::Memory& memory = memories_[slot];
    return memory.is_null() ? std::span<std::byte>() : store_->bytes(memory);
  }

  bool is_poisoned() const { return poisoned_; }
  /// What ended it; null as long as nothing did.
  const Error* failure() const { return failure_ ? &*failure_ : nullptr; }
  /// Nothing runs here any more; who waits outside is told.
  void fail(const Error& error);
  Scheduler& scheduler() {
    if (scheduler_ == nullptr) [[unlikely]]
      make_scheduler();
    return *scheduler_;
  }
  bool has_scheduler() const { return scheduler_ != nullptr; }

  /// The thread whose slots built-ins see.
  ThreadContext* thread() { return thread_; }
  void set_thread(ThreadContext* thread) { thread_ = thread; }

  /// Runs `body`'s core function as a synchronous task of its own in which nothing may leave
  /// (realloc, post-return).
  Result<void> call_without_leaving(uint32_t instance, uint32_t function,
                                    std::span<engine::RawValue> values);

  engine::Extern resolve(const ImportSource& source);

  /// Runs a guest resource's destructor, if it has one, as a synchronous call.
  Result<void> destroy(const GuestResourceType& type, uint32_t representation);

 private:
  RunningInstance(const Plan& plan, const InstanceOptions& options);
  Result<void> fix_up(const Step& step);
  void make_scheduler();

  const Plan& plan_;
  std::unique_ptr<engine::Store> store_;
  Loop* loop_;
  uint32_t max_threads_;
  bool is_shared_;
  CallMeter meter_;
  ThreadContext* thread_;
  bool poisoned_ = false;
  std::optional<Error> failure_;
  ThreadContext first_thread_;  ///< of start functions
  ComponentState* components_ = nullptr;
  engine::Func* functions_ = nullptr;
  engine::Memory* memories_ = nullptr;
  engine::CoreInstance* instances_ = nullptr;
  std::unique_ptr<Scheduler> scheduler_;
};

/// The thread of a synchronous task on its caller's stack, for as long as that runs.
class CalleeThread {
 public:
  explicit CalleeThread(RunningInstance& instance)
      : instance_(instance), interrupted_(instance.thread()) {
    instance_.set_thread(&thread_);
  }
  ~CalleeThread() { instance_.set_thread(interrupted_); }
  CalleeThread(const CalleeThread&) = delete;
  CalleeThread& operator=(const CalleeThread&) = delete;

 private:
  RunningInstance& instance_;
  ThreadContext* interrupted_;
  ThreadContext thread_;
};

/// Errors: Errc::Trap if `may_leave` is false.
Result<void> check_may_leave(RunningInstance& instance, const Lowered& lowered);
/// Errors: Errc::Trap if a task ends with borrow handles left.
Result<void> check_borrows(const BorrowScope& scope, const Lifted& lifted);

/// The context of a call into or out of a guest.
class CallContext final : public CanonicalContext {
 public:
  CallContext(RunningInstance& instance, const ResolvedOptions& options)
      : CanonicalContext(instance.component(options.instance).handles, options.encoding,
                         options.instance, instance.component(options.instance).host,
                         instance.loop()),
        instance_(instance),
        options_(options) {}
  ~CallContext() = default;

  RunningInstance& instance() { return instance_; }

 protected:
  std::span<std::byte> current_memory() override;
  Result<uint32_t> call_realloc(uint32_t old, uint32_t old_size, uint32_t align,
                                uint32_t new_size) override;
  Result<void> run(Task<void> task) override;
  Result<std::shared_ptr<SharedCopy>> remove_readable(uint32_t handle, bool is_future,
                                                      const Payload& payload) override;
  Result<uint32_t> add_readable(std::shared_ptr<SharedCopy> shared) override;
  Result<GuestResource::Home> find_home(const HostResourceType& name) override;

 private:
  RunningInstance& instance_;
  const ResolvedOptions& options_;
};

}  // namespace wasmcloud::component
