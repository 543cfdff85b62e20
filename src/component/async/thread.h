#pragma once

#include "base/error.h"
#include "component/async/waitable.h"
#include "engine/values.h"

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace wasmcloud::component {

class GuestTask;
class Scheduler;
struct Worker;

/// What built-ins know of who calls them: a thread of the component model (canonical ABI,
/// "Threads"). A synchronous task runs on its caller's stack and often has nothing but this.
struct ThreadContext {
  std::array<uint64_t, 2> slots{};  ///< of context.get and context.set
  Thread* thread = nullptr;         ///< null where there is no more to know
};

/// What a blocked thread waits for.
struct WaitCondition {
  enum class Kind : uint8_t {
    Resume,    ///< that another thread resumes it
    Turn,      ///< only that others had theirs
    Event,     ///< an event in `set`
    Waitable,  ///< an event of `waitable`
    Entry,     ///< to be let into its instance
    Callback,  ///< its instance's exclusive lock, and an event in `set` if there is one
  };
  Kind kind = Kind::Turn;
  WaitableSet* set = nullptr;
  Waitable* waitable = nullptr;
};

struct RunTag;

/// A thread of a task: its first one, or one that the guest made. It goes on in turns: one for all,
/// but for tasks with a callback, whose turns end where they wait in their callback's loop. Only
/// in a turn does it need a stack.
class Thread final : public ThreadContext, public ListHook<RunTag> {
 public:
  enum class State : uint8_t {
    New,
    Running,
    Blocked,  ///< by a built-in, or between turns: `waits_for`
    Parked,   ///< by a host function that waits
    Woken,    ///< the same, but it may go on
    Ended,
  };
  /// Where it runs.
  enum class Place : uint8_t { OwnStack, CallersStack };

  Thread(GuestTask& owner, Place where) : task(owner), place(where) { thread = this; }
  ~Thread() {
    if (worker == nullptr && state == State::Blocked && waits_for.set != nullptr) {
      waits_for.set->remove_waiter(*this);
    }
  }

  /// Whether it can go on now.
  bool is_ready() const;
  bool is_suspended() const {
    return state == State::New ||
           (state == State::Blocked && waits_for.kind == WaitCondition::Kind::Resume && !cancelled);
  }
  /// It may be ready now: gives it a place in the line.
  void look_again();

  GuestTask& task;
  State state = State::New;
  bool cancelled = false;  ///< woken by its task's cancellation
  uint32_t index = 0;      ///< in its instance's thread table; 0 where threads have no numbers
  WaitCondition waits_for;
  Thread* next_waiter = nullptr;       ///< of the set it waits for
  ThreadContext* innermost = nullptr;  ///< what ran on its stack when that was suspended
  Worker* worker = nullptr;            ///< whose stack it has, in a turn
  Place place;
  /// Of a thread that the guest made.
  engine::Func function;
  uint64_t argument = 0;
};

/// The numbers that guests know threads by; the index freed last is used first.
class ThreadTable {
 public:
  uint32_t add(Thread& thread);
  void remove(uint32_t index);
  /// Errors: Errc::Trap.
  Result<Thread*> at(uint32_t index) const;

 private:
  std::vector<Thread*> threads_;  ///< thread i has index i + 1
  std::vector<uint32_t> free_;
};

}  // namespace wasmcloud::component
