#include "wasi/tls/connection.h"

#include <algorithm>
#include <ranges>

namespace wasmcloud::wasi::tls {

/// What all ends have in common.
template <class Base, Connection::End kEnd>
class Connection::Half : public Base {
 public:
  explicit Half(Ref<Connection> connection) : connection_(std::move(connection)) {}
  bool is_ready() override { return connection_->is_ready(kEnd); }
  void listen(Signal::Listener& listener) override { listener.listen(connection_->signals_[kEnd]); }
  void dropped() override { connection_->dropped(kEnd); }

 protected:
  const Ref<Connection> connection_;
};

class Connection::CleartextIn final : public Half<io::Sink, kCleartextIn> {
 public:
  using Half::Half;
  Result<size_t> check_write() override { return connection_->room_for_cleartext(); }
  Result<void> write(std::span<const std::byte> bytes) override {
    return connection_->write_cleartext(bytes);
  }
  Result<void> flush() override {
    connection_->end_cleartext();
    return {};
  }
};

class Connection::CiphertextIn final : public Half<io::Sink, kCiphertextIn> {
 public:
  using Half::Half;
  Result<size_t> check_write() override { return connection_->room_for_ciphertext(); }
  Result<void> write(std::span<const std::byte> bytes) override {
    connection_->write_ciphertext(bytes);
    return {};
  }
  Result<void> flush() override { return {}; }
};

template <Connection::End kEnd, auto kRead>
class Connection::Out final : public Half<io::Source, kEnd> {
 public:
  using Half<io::Source, kEnd>::Half;
  Result<size_t> read_into(std::span<std::byte> into) override {
    return (this->connection_.get()->*kRead)(into);
  }
  Result<Bytes> read(size_t max) override {
    constexpr size_t kPiece = size_t{16} << 10;
    Result<size_t> count = 0;
    Bytes bytes = Bytes::filled(std::min(max, kPiece), [&](std::span<std::byte> room) {
      count = read_into(room);
      return count.value_or(0);
    });
    if (!count) return fail(std::move(count).error());
    return bytes;
  }
};

Connection::Connection(Loop& loop, const Ref<Budget>& budget) : loop_(loop), share_(budget) {
  if (auto place = share_.resize(1); !place) failed_ = std::move(place).error();
}

std::pair<Ref<io::Sink>, Ref<io::Source>> Connection::sending_ends() {
  has_sending_ends_ = true;
  const Ref<Connection> self(this);
  return {make_ref<CleartextIn>(self),
          make_ref<Out<kCiphertextOut, &Connection::read_ciphertext>>(self)};
}

std::pair<Ref<io::Sink>, Ref<io::Source>> Connection::receiving_ends() {
  has_receiving_ends_ = true;
  const Ref<Connection> self(this);
  return {make_ref<CiphertextIn>(self),
          make_ref<Out<kCleartextOut, &Connection::read_cleartext>>(self)};
}

void Connection::give_up(Error why) {
  if (failed_) return;
  failed_ = std::move(why);
  changed();
}

// --- the handshake

Task<void> Connection::connect(const Provider* provider, std::string server_name,
                               Clock::duration limit) {
  if (provider == nullptr) give_up({Errc::Denied, "this host speaks no TLS for its guests"});
  if (failed_) co_return fail(failed_->copy());
  Result<void> done = co_await with_deadline(loop_, limit, "the TLS handshake",
                                             handshake(*provider, std::move(server_name)));
  if (!done && done.error().code() != Errc::Cancelled) give_up(done.error().copy());
  co_return done;
}

Task<void> Connection::handshake(const Provider& provider, std::string server_name) {
  engine_ = CO_TRY(co_await provider.start(loop_, std::move(server_name)));
  if (gone_[kCiphertextIn]) engine_->end_receiving();
  shake_hands();
  changed();
  Event over(loop_);
  Signal::Listener listener(over);
  listener.listen(handshake_);
  while (!is_secured_ && !failed_) {
    CO_TRY(co_await over.wait());
    over.reset();
  }
  if (failed_) co_return fail(failed_->copy());
  co_return Result<void>();
}

void Connection::shake_hands() {
  if (is_secured_ || failed_) return;
  const Result<bool> done = engine_->shake_hands();
  if (!done) {
    failed_ = done.error().copy();
  } else if (*done) {
    is_secured_ = true;
    if (is_end_said_) say_end();
    if (gone_[kCleartextOut]) discard();
  }
}

// --- what was changed for whom

bool Connection::is_receiving_over() const {
  return is_secured_ && (engine_->has_ended() || (gone_[kCleartextOut] && is_sending_over()));
}

bool Connection::is_ready(End end) const {
  if (failed_) return true;
  switch (end) {
    case kCleartextIn:
      if (is_sending_over()) return true;
      if (!is_secured_) return false;
      return is_end_said_ ? is_sent_ : engine_->room_for_cleartext() > 0;
    case kCiphertextOut:
      return is_sent_ || (engine_ != nullptr && !engine_->to_send().empty());
    case kCiphertextIn:
      return is_receiving_over() || (engine_ != nullptr && engine_->room_for_ciphertext() > 0);
    case kCleartextOut:
      return is_secured_ && !is_dry_;
  }
  return true;
}

void Connection::changed() {
  if (is_secured_ || failed_) handshake_.notify();
  if (failed_ || is_sending_over() || is_receiving_over()) over_.notify();
  for (const End end : {kCleartextIn, kCiphertextOut, kCiphertextIn, kCleartextOut}) {
    if (signals_[end].has_listeners() && is_ready(end)) signals_[end].notify();
  }
}

void Connection::dropped(End end) {
  gone_[end] = true;
  switch (end) {
    case kCleartextIn:
      break;
    case kCiphertextOut:
      if (!is_secured_) give_up({Errc::Refused, "nobody takes what the TLS handshake sends"});
      break;
    case kCiphertextIn:
      if (engine_ == nullptr) break;
      engine_->end_receiving();
      shake_hands();
      is_dry_ = false;
      if (gone_[kCleartextOut]) discard();
      break;
    case kCleartextOut:
      if (is_secured_) discard();
      break;
  }
  changed();
}

// --- sending

Result<size_t> Connection::room_for_cleartext() const {
  if (is_sent_) return 0;
  if (failed_) return fail(failed_->copy());
  if (!is_secured_) return 0;
  if (is_sending_over()) return fail(Errc::Refused, "nobody takes the ciphertext");
  return is_end_said_ ? 0 : engine_->room_for_cleartext();
}

Result<void> Connection::write_cleartext(std::span<const std::byte> bytes) {
  Result<void> written = engine_->write(bytes);
  if (!written && !failed_) failed_ = written.error().copy();
  changed();
  return written;
}

void Connection::end_cleartext() {
  is_end_said_ = true;
  if (is_secured_) say_end();
  changed();
}

void Connection::say_end() {
  engine_->end_writing();
  is_sent_ = engine_->to_send().empty();
}

Result<size_t> Connection::read_ciphertext(std::span<std::byte> into) {
  if (is_sent_) return fail(Errc::Closed, "the end of the stream");
  if (engine_ != nullptr && !engine_->to_send().empty()) {
    const auto bytes = engine_->to_send();
    const size_t count = std::min(bytes.size(), into.size());
    std::ranges::copy(bytes.first(count), into.begin());
    engine_->sent(count);
    is_sent_ = is_secured_ && is_end_said_ && engine_->to_send().empty();
    changed();
    return count;
  }
  if (failed_) return fail(failed_->copy());
  return 0;
}

// --- receiving

Result<size_t> Connection::room_for_ciphertext() const {
  if (failed_) return fail(failed_->copy());
  if (is_receiving_over()) return fail(Errc::Closed, "the end of the stream");
  return engine_ == nullptr ? 0 : engine_->room_for_ciphertext();
}

void Connection::write_ciphertext(std::span<const std::byte> bytes) {
  engine_->receive(bytes);
  shake_hands();
  is_dry_ = false;
  if (gone_[kCleartextOut]) discard();
  changed();
}

Result<size_t> Connection::read_cleartext(std::span<std::byte> into) {
  if (!is_secured_) {
    if (failed_) return fail(failed_->copy());
    return 0;
  }
  Result<size_t> count = engine_->read(into);
  if (count && *count == 0) is_dry_ = !engine_->has_ended();
  // A peer that just goes away has still got what it was sent.
  const bool is_cut_off = !count && count.error().code() == Errc::Closed;
  if (!count && !is_cut_off && !failed_) failed_ = count.error().copy();
  changed();
  if (is_cut_off) return fail(Errc::Malformed, "{}", count.error().message());
  if (count && *count == 0 && engine_->has_ended()) {
    return fail(Errc::Closed, "the end of the stream");
  }
  return count;
}

void Connection::discard() {
  if (!is_secured_) return;
  std::array<std::byte, 4096> nowhere;
  while (true) {
    const Result<size_t> count = engine_->read(nowhere);
    if (!count && count.error().code() != Errc::Closed && !failed_) failed_ = count.error().copy();
    if (!count || *count == 0) return;
  }
}

}  // namespace wasmcloud::wasi::tls
