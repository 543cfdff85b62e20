#include "component/stream.h"

namespace wasmcloud::component::detail {
namespace {

/// How often a guest may go on before the loop's other work does.
constexpr uint32_t kTurnsInARow = 16;

}  // namespace

StreamPort::StreamPort(Loop& loop, std::shared_ptr<SharedCopy> shared, Side side)
    : loop_(loop), shared_(std::move(shared)), side_(side) {
  shared_->attach(side_, this);
}

StreamPort::~StreamPort() {
  if (shared_ == nullptr) return;
  shared_->attach(side_, nullptr);
  shared_->drop();
}

std::shared_ptr<SharedCopy> StreamPort::release() {
  shared_->attach(side_, nullptr);
  return std::move(shared_);
}

HostPort* StreamPort::other() const {
  return shared_->port(side_ == Side::Reader ? Side::Writer : Side::Reader);
}

Task<void> StreamPort::wait() {
  Event event(loop_);
  Signal::Listener listener(event);
  listener.listen(changed_);
  waits = true;
  shared_->answer_probe();
  if (HostPort* const peer = other()) peer->peer_changed();
  // What the guest does next often is what we wait for.
  const bool may_give = turns_given_ < kTurnsInARow;
  turns_given_ = may_give && shared_->let_guest_go_on() ? turns_given_ + 1 : 0;
  auto waited = co_await event.wait();
  waits = false;
  co_return waited;
}

}  // namespace wasmcloud::component::detail
