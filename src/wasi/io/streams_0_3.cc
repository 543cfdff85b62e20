#include "wasi/io/streams_0_3.h"

namespace wasmcloud::wasi::io::v0_3 {
namespace {

/// Tells a source or sink that its stream is gone, however that came.
template <class T>
class Held {
 public:
  explicit Held(Ref<T> object) : object_(std::move(object)) {}
  ~Held() { object_->dropped(); }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  T* operator->() const { return object_.get(); }
  T& operator*() const { return *object_; }

 private:
  Ref<T> object_;
};

/// As `StreamReader::readable`, but returns when `over` speaks up, too.
Task<void> wait_for_bytes(Loop& loop, component::SharedCopy& shared, Signal& changed,
                          Signal& over) {
  using Side = component::SharedCopy::Side;
  Event woken(loop);
  Signal::Listener of_writer(woken);
  Signal::Listener of_sink(woken);
  of_writer.listen(changed);
  of_sink.listen(over);
  component::HostPort& port = *shared.port(Side::Reader);
  port.waits = true;
  shared.answer_probe();
  if (component::HostPort* const writer = shared.port(Side::Writer)) writer->peer_changed();
  auto waited = co_await woken.wait();
  port.waits = false;
  co_return waited;
}

}  // namespace

Task<void> feed(Loop& loop, Ref<Source> source, component::StreamWriter<uint8_t> to) {
  const Held<Source> from(std::move(source));
  while (CO_TRY(co_await to.writable())) {
    auto count = from->read_into(to.room());
    if (!count) {
      if (count.error().code() == Errc::Closed) break;
      co_return fail(std::move(count).error());
    }
    if (*count > 0) {
      to.commit(*count);
    } else {
      CO_TRY(co_await wait_for_either(loop, *from, to));
    }
  }
  co_return Result<void>();
}

Task<void> drain(Loop& loop, component::StreamReader<uint8_t> from, Ref<Sink> sink) {
  const Held<Sink> to(std::move(sink));
  while (CO_TRY(co_await from.readable())) {
    const size_t room = CO_TRY(to->check_write());
    if (room == 0) {
      CO_TRY(co_await wait_for(loop, *to));
      continue;
    }
    const auto bytes = from.peek();
    const auto now = bytes.first(std::min(room, bytes.size()));
    CO_TRY(to->write(now));
    from.consume(now.size());
  }
  CO_TRY(to->flush());
  CO_TRY(co_await wait_for(loop, *to));
  CO_TRY(to->check_write());
  co_return Result<void>();
}

Task<void> drain_while(Loop& loop, component::StreamReader<uint8_t> from, Ref<Sink> sink,
                       Signal& over) {
  const Held<Sink> to(std::move(sink));
  const auto shared = from.release();
  from = component::StreamReader<uint8_t>(loop, shared);
  while (true) {
    const size_t room = CO_TRY(to->check_write());
    const auto bytes = from.peek();
    if (bytes.empty()) {
      if (from.is_peer_gone()) break;
      CO_TRY(co_await wait_for_bytes(loop, *shared, from.changed(), over));
    } else if (room == 0) {
      CO_TRY(co_await wait_for(loop, *to));
    } else {
      const auto now = bytes.first(std::min(room, bytes.size()));
      CO_TRY(to->write(now));
      from.consume(now.size());
    }
  }
  CO_TRY(to->flush());
  CO_TRY(co_await wait_for(loop, *to));
  CO_TRY(to->check_write());
  co_return Result<void>();
}

}  // namespace wasmcloud::wasi::io::v0_3
