#pragma once

#include "base/error.h"
#include "component/handle_table.h"

#include <boost/intrusive/list.hpp>

#include <cstdint>

namespace wasmcloud::component {

class Thread;
class WaitableSet;

/// A place in one of several lists, left by itself at the end.
template <class Tag>
using ListHook =
    boost::intrusive::list_base_hook<boost::intrusive::tag<Tag>,
                                     boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;
template <class T, class Tag>
using HookedList = boost::intrusive::list<T, boost::intrusive::base_hook<ListHook<Tag>>,
                                          boost::intrusive::constant_time_size<false>>;

template <class Tag>
void leave(ListHook<Tag>& item) {
  if (item.is_linked()) item.unlink();
}

/// As guests see them.
enum class EventCode : uint32_t {
  None = 0,
  Subtask = 1,
  StreamRead = 2,
  StreamWrite = 3,
  FutureRead = 4,
  FutureWrite = 5,
  TaskCancelled = 6,
};

struct WaitableEvent {
  EventCode code = EventCode::None;
  uint32_t index = 0;
  uint32_t payload = 0;
};

struct MemberTag;
struct ReadyTag;

/// Anything that has events (canonical ABI, "Waitable State"): subtasks and the ends of streams and
/// futures. At most one event is pending, in at most one set.
class Waitable : public TableItem, public ListHook<MemberTag>, public ListHook<ReadyTag> {
 public:
  using TableItem::TableItem;

  bool has_event() const { return has_event_; }
  /// Something happened; what it is, is asked for when a guest takes it. Wakes who waits for it.
  void set_event();
  /// There is one.
  WaitableEvent take_event();

  bool is_in_set() const { return set_ != nullptr; }
  /// Moves it there from the set it is in; null for none.
  void join(WaitableSet* set);

  /// Whether a built-in has blocked its thread until there is an event.
  bool has_sync_waiter() const { return has_sync_waiter_; }
  /// `thread` is null for a synchronous task, which looks for itself.
  void begin_sync_wait(Thread* thread) {
    sync_waiter_ = thread;
    has_sync_waiter_ = true;
  }
  void end_sync_wait() {
    sync_waiter_ = nullptr;
    has_sync_waiter_ = false;
  }

  /// Its index in its instance's table, once it is there.
  uint32_t index = 0;

 protected:
  virtual WaitableEvent deliver_event() = 0;

 private:
  friend class WaitableSet;

  WaitableSet* set_ = nullptr;
  Thread* sync_waiter_ = nullptr;
  bool has_sync_waiter_ = false;
  bool has_event_ = false;
};

struct WaiterTag;

class WaitableSet final : public TableItem {
 public:
  WaitableSet() : TableItem(Kind::WaitableSet) {}
  ~WaitableSet() override;

  bool has_event() const { return !ready_.empty(); }
  /// The oldest. There is one.
  WaitableEvent take_event() { return ready_.front().take_event(); }

  bool has_members() const { return !members_.empty(); }
  bool has_waiters() const { return waiters_ != 0; }
  void add_waiter(Thread& thread);
  void remove_waiter(Thread& thread);
  /// Synchronous tasks, which look for themselves.
  void add_sync_waiter() { ++waiters_; }
  void remove_sync_waiter() { --waiters_; }

 private:
  friend class Waitable;
  void wake();

  HookedList<Waitable, MemberTag> members_;
  HookedList<Waitable, ReadyTag> ready_;  ///< members with an event, in the order they got it
  Thread* first_waiter_ = nullptr;        ///< linked through Thread::next_waiter
  uint32_t waiters_ = 0;
};

}  // namespace wasmcloud::component
