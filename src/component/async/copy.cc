#include "component/async/copy.h"

#include "base/check.h"
#include "component/async/scheduler.h"
#include "component/detail/running_instance.h"
#include "component/detail/value_copy.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace wasmcloud::component {
namespace {

using Side = SharedCopy::Side;

Side other(Side side) { return side == Side::Reader ? Side::Writer : Side::Reader; }

TableItem::Kind kind_of(const SharedCopy& shared, Side side) {
  using Kind = TableItem::Kind;
  if (shared.is_future()) {
    return side == Side::Reader ? Kind::ReadableFuture : Kind::WritableFuture;
  }
  return side == Side::Reader ? Kind::ReadableStream : Kind::WritableStream;
}

/// Payloads that may be read and written in one component instance.
bool is_none_or_number(const RuntimeType* type) {
  return type == nullptr || (type->kind >= TypeKind::S8 && type->kind <= TypeKind::F64);
}

/// The next `count` elements from one guest's buffer to the other's.
Result<void> copy_between(CopyEnd& a, CopyEnd& b, uint32_t count) {
  CopyEnd& writer = a.side() == Side::Writer ? a : b;
  CopyEnd& reader = a.side() == Side::Writer ? b : a;
  const RuntimeType* const element = a.shared().element().type();
  if (&a.instance() == &b.instance() && a.component() == b.component() &&
      !is_none_or_number(element)) {
    return fail(Errc::Trap,
                "cannot read from and write to intra-component future/stream with non-numeric "
                "payload");
  }
  if (element != nullptr) {
    CallContext from(writer.instance(), writer.options());
    CallContext to(reader.instance(), reader.options());
    const uint32_t source = writer.next_address();
    const uint32_t sink = reader.next_address();
    if (element->is_plain) {
      std::memmove(to.memory().data() + sink, from.memory().data() + source,
                   size_t{count} * element->size);
    } else {
      ValueCopy copy(from, to);
      for (uint32_t i = 0; i < count; ++i) {
        TRY(copy.memory_to_memory(*element, source + i * element->size, sink + i * element->size));
      }
    }
  }
  writer.add_progress(count);
  reader.add_progress(count);
  return {};
}

}  // namespace

bool ElementType::is(const RuntimeType* type) {
  if (is_known_) return is_same_type(type_, type);
  if (!is_same_type(type, description_)) return false;
  type_ = type;
  is_known_ = true;
  return true;
}

bool ElementType::is(const TypeDescription* description) {
  if (is_described_ && description_ == description) return true;
  if (is_known_ ? !is_same_type(type_, description) : !is_same_type(description_, description)) {
    return false;
  }
  description_ = description;
  is_described_ = true;
  return true;
}

// --- SharedCopy

Result<void> SharedCopy::copy(CopyEnd& end) {
  const bool is_kept = is_linked();
  if (is_dropped_ && !is_kept) {
    if (is_future() && end.side() == Side::Reader) {
      return fail(Errc::Trap, "cannot read from future: who should have written it is gone");
    }
    end.finish(CopyResult::Dropped);
    return {};
  }
  if (meet_port(end)) return {};
  if (parked_ == nullptr) {
    parked_ = &end;
    return {};
  }
  return is_future() ? copy_future(end) : copy_stream(end);
}

bool SharedCopy::meet_port(CopyEnd& end) {
  HostPort* const host = port(other(end.side()));
  if (host == nullptr) return false;
  if (end.is_probe() && host->waits) {
    end.finish(CopyResult::Completed);
    return true;
  }
  parked_ = &end;
  end.count_as_outside_work();
  host->copy_began();
  return true;
}

Result<void> SharedCopy::copy_stream(CopyEnd& end) {
  CopyEnd& first = *parked_;
  if (first.left() > 0) {
    if (end.left() > 0) {
      TRY(copy_between(first, end, std::min(first.left(), end.left())));
      first.progressed();
    }
    end.finish(CopyResult::Completed);
  } else if (end.side() == Side::Writer && end.is_probe() && first.is_probe()) {
    end.finish(CopyResult::Completed);
  } else {
    first.finish(CopyResult::Completed);
    parked_ = &end;
  }
  return {};
}

Result<void> SharedCopy::copy_future(CopyEnd& end) {
  CopyEnd& first = *parked_;
  TRY(copy_between(first, end, 1));
  first.finish(CopyResult::Completed);
  end.finish(CopyResult::Completed);
  return {};
}

void SharedCopy::cancel(CopyEnd& end) { end.finish(CopyResult::Cancelled); }

void SharedCopy::drop() {
  if (is_dropped_) return;
  is_dropped_ = true;
  if (CopyEnd* const end = parked_) {
    if (is_future() && end->side() == Side::Reader) {
      // No guest's end goes without a value, so it was the host's; there is no answer for it.
      end->instance().fail(
          Error(Errc::Trap, "who should have written a future that the guest reads is gone"));
    } else {
      end->finish(CopyResult::Dropped);
    }
  }
  for (HostPort* const host : ports_) {
    if (host != nullptr) host->peer_changed();
  }
}

void SharedCopy::attach(Side side, HostPort* port) {
  ports_[static_cast<size_t>(side)] = port;
  if (port != nullptr && parked_ != nullptr && parked_->side() == other(side)) {
    parked_->count_as_outside_work();
  }
}

uint32_t SharedCopy::offered(Side host_side) const {
  return parked_ == nullptr || parked_->side() == host_side ? 0 : parked_->left();
}

std::span<std::byte> SharedCopy::offered_bytes(Side host_side) const {
  const uint32_t left = offered(host_side);
  if (left == 0) return {};
  return parked_->instance()
      .memory(parked_->options().memory)
      .subspan(parked_->next_address(), left);
}

void SharedCopy::copied(uint32_t count) {
  CopyEnd& end = *parked_;
  end.add_progress(count);
  if (is_future())
    end.finish(CopyResult::Completed);
  else
    end.progressed();
}

Result<void> SharedCopy::move_offered(uint32_t count, Move move, void* self) {
  CopyEnd& end = *parked_;
  CallContext context(end.instance(), end.options());
  if (Result<void> moved = move(self, context, end.next_address(), count); !moved) {
    end.instance().fail(moved.error());
    return moved;
  }
  copied(count);
  return {};
}

Result<void> SharedCopy::keep(Move move, void* into, std::unique_ptr<HostQueue> value,
                              HostPort& port) {
  Scheduler& writer = parked_->instance().scheduler();
  TRY(move_offered(1, move, into));
  queue = std::move(value);
  attach(Side::Writer, &port);
  writer.add_kept(*this);
  return {};
}

void SharedCopy::withdraw() {
  leave<KeptTag>(*this);
  attach(Side::Writer, nullptr);
  queue.reset();
  drop();
}

bool SharedCopy::may_run_guest() const {
  return parked_ == nullptr || !parked_->instance().store().is_interrupted();
}

void SharedCopy::answer_probe() {
  if (parked_ != nullptr && parked_->is_probe()) parked_->finish(CopyResult::Completed);
}

bool SharedCopy::let_guest_go_on() {
  return parked_ != nullptr && parked_->has_event() && parked_->instance().scheduler().run_now();
}

// --- CopyEnd

CopyEnd::CopyEnd(RunningInstance& instance, uint32_t component, std::shared_ptr<SharedCopy> shared,
                 Side side)
    : Waitable(kind_of(*shared, side)),
      instance_(instance),
      component_(component),
      shared_(std::move(shared)),
      side_(side) {}

CopyEnd::~CopyEnd() {
  if (shared_ == nullptr) return;
  shared_->forget_parked(*this);
  shared_->drop();
}

Result<void> CopyEnd::begin(const ResolvedOptions& options, uint32_t at, uint32_t length) {
  options_ = &options;
  at_ = at;
  length_ = length;
  progress_ = 0;
  state_ = State::Copying;
  return shared_->copy(*this);
}

void CopyEnd::cancel() {
  state_ = State::Cancelling;
  if (!has_event()) {
    shared_->cancel(*this);
  } else if (!shared_->is_future() && result_ == CopyResult::Completed) {
    result_ = CopyResult::Cancelled;
  }
}

uint32_t CopyEnd::next_address() const {
  const RuntimeType* const element = shared_->element().type();
  return element == nullptr ? at_ : at_ + progress_ * element->size;
}

void CopyEnd::count_as_outside_work() {
  if (std::exchange(is_outside_work_, true)) return;
  instance_.scheduler().add_outside_work();
}

void CopyEnd::finish(CopyResult result) {
  result_ = result;
  shared_->forget_parked(*this);
  if (std::exchange(is_outside_work_, false)) instance_.scheduler().remove_outside_work();
  set_event();
}

void CopyEnd::progressed() {
  result_ = CopyResult::Completed;
  if (std::exchange(is_outside_work_, false)) instance_.scheduler().remove_outside_work();
  set_event();
}

WaitableEvent CopyEnd::deliver_event() {
  shared_->forget_parked(*this);
  const bool is_future = shared_->is_future();
  const bool is_done =
      result_ == CopyResult::Dropped || (is_future && result_ == CopyResult::Completed);
  state_ = is_done ? State::Done : State::Idle;
  EventCode code = EventCode::StreamRead;
  if (is_future) {
    code = side_ == Side::Reader ? EventCode::FutureRead : EventCode::FutureWrite;
  } else if (side_ == Side::Writer) {
    code = EventCode::StreamWrite;
  }
  const auto result = static_cast<uint32_t>(result_);
  return {.code = code, .index = index, .payload = is_future ? result : result | progress_ << 4};
}

}  // namespace wasmcloud::component
