#pragma once

#include "base/error.h"
#include "base/recycled.h"
#include "component/async/waitable.h"
#include "component/canonical_context.h"
#include "component/type_description.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace wasmcloud::component {

class CopyEnd;
class RunningInstance;
struct ResolvedOptions;
struct RuntimeType;

/// How a copy ended, as guests see it.
enum class CopyResult : uint32_t { Completed = 0, Dropped = 1, Cancelled = 2 };

/// The host's end of a stream or future. A guest's buffer is what gets copied from or to, when both
/// are there; the host parks none.
class HostPort {
 public:
  HostPort() = default;
  HostPort(const HostPort&) = delete;
  HostPort& operator=(const HostPort&) = delete;

  /// The other end offers something, has taken or given something, or is gone. Called beneath the
  /// guest: wakes, and does no more.
  virtual void peer_changed() noexcept = 0;
  /// The guest at the other end has just begun a copy, and parked it. What is there may be copied
  /// at once; the guest then goes on without a turn of anybody else.
  virtual void copy_began() noexcept { peer_changed(); }
  /// The host waits for the other end with something to give, or room.
  bool waits = false;

 protected:
  ~HostPort() = default;
};

/// Elements on their way from one end that the host holds to another.
class HostQueue : public Recycled {
 public:
  virtual ~HostQueue() = default;
};

/// The payload's type: of a guest's types, or as the host describes it; null for none.
class ElementType {
 public:
  explicit ElementType(const RuntimeType* type) : type_(type), is_known_(true) {}
  explicit ElementType(const TypeDescription* description)
      : description_(description), is_described_(true) {}

  bool is(const RuntimeType* type);
  bool is(const TypeDescription* description);
  const RuntimeType* type() const { return type_; }

 private:
  const RuntimeType* type_ = nullptr;
  const TypeDescription* description_ = nullptr;
  bool is_known_ = false;
  bool is_described_ = false;
};

struct KeptTag;

/// What the two ends of a stream or future share (canonical ABI, "SharedStreamImpl",
/// "SharedFutureImpl"): at most one buffer that waits for the other side.
///
/// Thread: one loop, that of all instances it goes through.
class SharedCopy : public ListHook<KeptTag> {
 public:
  enum class Form : uint8_t { Stream, Future };
  enum class Side : uint8_t { Reader, Writer };

  SharedCopy(Form form, ElementType element) : form_(form), element_(element) {}
  SharedCopy(const SharedCopy&) = delete;
  SharedCopy& operator=(const SharedCopy&) = delete;

  Form form() const { return form_; }
  bool is_future() const { return form_ == Form::Future; }
  ElementType& element() { return element_; }
  /// One end is gone.
  bool is_dropped() const { return is_dropped_; }

  // --- for guests' ends

  /// Begins `end`'s copy, which has its buffer. Errors: Errc::Trap.
  Result<void> copy(CopyEnd& end);
  void cancel(CopyEnd& end);
  void drop();
  void forget_parked(CopyEnd& end) {
    if (parked_ == &end) parked_ = nullptr;
  }

  // --- for the host's ends

  void attach(Side side, HostPort* port);
  HostPort* port(Side side) const { return ports_[static_cast<size_t>(side)]; }
  /// The buffer that the guest at the other end waits with, if it has one with elements or room.
  uint32_t offered(Side host_side) const;
  /// Its bytes, for elements of one byte.
  std::span<std::byte> offered_bytes(Side host_side) const;
  /// `count` elements were copied.
  void copied(uint32_t count);
  /// Has `move` copy `count` elements, the first at address `at`. Errors: `move`'s; the guest's
  /// instance is over then.
  using Move = Result<void> (*)(void* self, CanonicalContext& context, uint32_t at, uint32_t count);
  Result<void> move_offered(uint32_t count, Move move, void* self);
  /// Of a future, once: has `move` copy the value that a guest waits with to where `value` keeps it
  /// for the reader, whoever that will be; `port` is its. If the guest's instance is over before
  /// the value is read, so is the value.
  Result<void> keep(Move move, void* into, std::unique_ptr<HostQueue> value, HostPort& port);
  /// What was kept is gone, and so is who should have written it.
  void withdraw();
  /// The guest at the other end is not stopped where it cannot be asked for memory.
  bool may_run_guest() const;
  /// Answers zero-length copies: the host is ready, or waits.
  void answer_probe();
  /// The guest whose copy has made progress gets its turn, if it can have it at once. True if it
  /// had one.
  bool let_guest_go_on();

  /// What has left the host's writer, and not reached its reader.
  std::unique_ptr<HostQueue> queue;

 private:
  Result<void> copy_stream(CopyEnd& end);
  Result<void> copy_future(CopyEnd& end);
  bool meet_port(CopyEnd& end);

  Form form_;
  ElementType element_;
  bool is_dropped_ = false;
  CopyEnd* parked_ = nullptr;
  HostPort* ports_[2] = {};
};

inline std::shared_ptr<SharedCopy> make_shared_copy(SharedCopy::Form form, ElementType element) {
  return std::allocate_shared<SharedCopy>(RecyclingAllocator<SharedCopy>(), form, element);
}

/// Whether an item of a table is one of these.
inline bool is_copy_end(const TableItem& item) {
  using Kind = TableItem::Kind;
  return item.kind() == Kind::ReadableStream || item.kind() == Kind::WritableStream ||
         item.kind() == Kind::ReadableFuture || item.kind() == Kind::WritableFuture;
}

/// A guest's end of a stream or future (canonical ABI, "CopyEnd").
class CopyEnd final : public Waitable {
 public:
  enum class State : uint8_t { Idle, Copying, Cancelling, Done };
  using Side = SharedCopy::Side;

  CopyEnd(RunningInstance& instance, uint32_t component, std::shared_ptr<SharedCopy> shared,
          Side side);
  ~CopyEnd() override;

  Side side() const { return side_; }
  State state() const { return state_; }
  bool is_copying() const { return state_ == State::Copying || state_ == State::Cancelling; }
  SharedCopy& shared() { return *shared_; }
  RunningInstance& instance() { return instance_; }
  uint32_t component() const { return component_; }

  /// Idle. Takes the buffer, which has been checked.
  Result<void> begin(const ResolvedOptions& options, uint32_t at, uint32_t length);
  void cancel();
  /// The instance is over: who is at the other end finds this one gone.
  void abandon() {
    if (shared_ != nullptr) shared_->drop();
  }
  /// Hands over what is shared; the end is Idle and goes.
  std::shared_ptr<SharedCopy> give_up() { return std::move(shared_); }

  // For SharedCopy.
  uint32_t left() const { return length_ - progress_; }
  bool is_probe() const { return length_ == 0; }
  const ResolvedOptions& options() const { return *options_; }
  uint32_t next_address() const;
  void add_progress(uint32_t count) { progress_ += count; }
  /// The copy is over; the buffer is the guest's again.
  void finish(CopyResult result);
  /// Something was copied; there may be more until the guest takes the event.
  void progressed();
  void count_as_outside_work();

 protected:
  WaitableEvent deliver_event() override;

 private:
  RunningInstance& instance_;
  uint32_t component_;
  std::shared_ptr<SharedCopy> shared_;
  const ResolvedOptions* options_ = nullptr;
  Side side_;
  State state_ = State::Idle;
  CopyResult result_ = CopyResult::Completed;
  bool is_outside_work_ = false;
  uint32_t at_ = 0;
  uint32_t length_ = 0;
  uint32_t progress_ = 0;
};

}  // namespace wasmcloud::component
