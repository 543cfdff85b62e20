#pragma once

#include "base/loop.h"
#include "base/readiness.h"
#include "base/ref.h"
#include "component/instance.h"
#include "host/detail/contexts.h"
#include "host/workload.h"
#include "wasi/context.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace wasmcloud::host::detail {

/// An instance that answers several requests, one after another, and at once if it is one of WASI
/// 0.3.
class SharedInstance final : public Counted {
 public:
  SharedInstance(Loop& loop, const Workload& workload, wasmcloud::http::Client& client);
  ~SharedInstance() override { count_out(); }

  component::Instance& instance() { return *instance_; }
  wasi::Context& context() { return contexts_.first(); }

 private:
  friend class SharedInstances;

  void count_out();

  Contexts contexts_;
  std::unique_ptr<component::Instance> instance_;
  uint32_t calls_begun_ = 0;
  std::vector<Clock::time_point> deadlines_;  ///< of the calls that run
  Clock::time_point idle_since_;
  std::optional<size_t> handles_;          ///< open after its first call
  std::atomic<uint32_t>* kept_ = nullptr;  ///< where it counts among those that are kept
  bool is_retired_ = false;
};

/// The instances of one workload on one loop that are reused, within `Reuse`. Retired ones end
/// behind the requests: what their guests still do after their answers gets a while for it.
///
/// Thread: the loop's.
class SharedInstances {
 public:
  /// `owner` is held by what goes on after the last request.
  SharedInstances(Loop& loop, const Workload& workload, wasmcloud::http::Client& client,
                  Counted& owner);

  /// A call's place in an instance.
  class Call {
   public:
    Call(SharedInstances& all, Ref<SharedInstance> instance, Clock::time_point deadline);
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;
    SharedInstance& instance() const { return *instance_; }
    /// The instance cannot be used again, and what it holds must be gone before the call is:
    /// returns when it is. Cannot be cancelled.
    Task<void> end_with_instance();

   private:
    SharedInstances& all_;
    Ref<SharedInstance> instance_;
    Clock::time_point deadline_;
  };

  /// One with room, or null.
  Ref<SharedInstance> with_room() const;
  /// One with room, or a new one; if the engine has no room for that, others that are idle are
  /// given up for it. Errors: those of making one.
  Task<Ref<SharedInstance>> take();
  /// No new calls from now on; each ends with its last call.
  void retire_all();
  /// Ends those that no call uses; how many of them are gone.
  size_t give_up_idle();
  /// What goes on after the last call is given up.
  void cut_off();
  bool is_empty() const { return instances_.empty() && ending_.empty(); }
  /// `is_empty()` may have become true.
  Signal& changed() { return changed_; }
  Loop& loop() const { return loop_; }

 private:
  Task<Ref<SharedInstance>> make();
  void keep(SharedInstance& instance);
  bool has_room(const SharedInstance& instance) const;
  bool is_worn(const SharedInstance& instance) const;
  bool leaks(SharedInstance& instance) const;
  void begin(SharedInstance& instance, Clock::time_point deadline);
  void end(const Ref<SharedInstance>& instance, Clock::time_point deadline);
  void retire(const Ref<SharedInstance>& instance);
  bool take_out(const Ref<SharedInstance>& instance);
  void watch();
  static boost::asio::awaitable<void, Executor> finish(SharedInstances* self, Ref<Counted> owner,
                                                       Ref<SharedInstance> instance);
  static boost::asio::awaitable<void, Executor> watch_idle(SharedInstances* self,
                                                           Ref<Counted> owner);

  Loop& loop_;
  const Workload& workload_;
  wasmcloud::http::Client& client_;
  Counted& owner_;
  const uint32_t max_calls_;
  const uint32_t max_calls_at_once_;
  std::unique_ptr<IdleInstances::Membership> membership_;
  std::vector<Ref<SharedInstance>> instances_;
  std::vector<Ref<SharedInstance>> ending_;
  bool is_watching_ = false;
  Signal changed_;
};

}  // namespace wasmcloud::host::detail
