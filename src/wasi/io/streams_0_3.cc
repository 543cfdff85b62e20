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

}  // namespace wasmcloud::wasi::io::v0_3
