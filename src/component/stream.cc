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

void StreamPort::fetch_with(Fetch fetch) {
  fetch_ = fetch;
  fetch(*shared_);
}

void StreamPort::copy_began() noexcept {
  if (fetch_ != nullptr) fetch_(*shared_);
  if (direct_ != nullptr && turns_given_ < kTurnsInARow) {
    ++turns_given_;
    if (!direct_->move()) return;
  }
  changed_.notify();
}

StreamPort::Waiting::Waiting(StreamPort& port, Event& event, DirectCopy* direct)
    : port_(port), listener_(event) {
  listener_.listen(port.changed_);
  port.waits = true;
  port.direct_ = direct;
  SharedCopy& shared = *port.shared_;
  shared.answer_probe();
  // To a writer, that there is room. Two ends that told each other that they wait would never rest.
  if (HostPort* const peer = port.other(); peer != nullptr && port.side_ == Side::Reader) {
    peer->peer_changed();
  }
  // What the guest does next often is what we wait for.
  const bool may_give = port.turns_given_ < kTurnsInARow;
  port.turns_given_ = may_give && shared.let_guest_go_on() ? port.turns_given_ + 1 : 0;
}

StreamPort::Waiting::~Waiting() {
  port_.waits = false;
  port_.direct_ = nullptr;
}

Task<void> StreamPort::wait() {
  Event event(loop_);
  const Waiting waiting(*this, event, nullptr);
  co_return co_await event.wait();
}

void StreamPort::begin(DirectCopy& copy) {
  if (copy.move()) return;
  waits = true;
  direct_ = &copy;
  shared_->answer_probe();
}

Task<void> StreamPort::run(DirectCopy& copy) {
  while (!copy.move()) {
    const Waiting waiting(*this, copy.changed, &copy);
    if (!copy.changed.is_set()) CO_TRY(co_await copy.changed.wait());
    copy.changed.reset();
  }
  co_return Result<void>();
}

}  // namespace wasmcloud::component::detail
