#include "wasi/io/streams_0_3.h"

#include <algorithm>

namespace wasmcloud::wasi::io::v0_3 {
namespace {

/// What is moved before the guest, or the loop, has its turn.
constexpr size_t kMostAtOnce = size_t{256} << 10;

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

/// What a source has, on its way to where a guest reads it.
class Feeding final : public component::DirectCopy {
 public:
  Feeding(Loop& loop, Source& from, component::StreamWriter<uint8_t>& to)
      : DirectCopy(loop), from_(from), to_(to), of_source_(changed) {}

  bool move() noexcept override {
    bool asked = false;
    while (!ended_) {
      const std::span<std::byte> room = to_.room();
      if (room.empty()) return to_.is_peer_gone();
      auto count = from_.read_into(room.first(std::min(room.size(), kMostAtOnce)));
      if (!count) {
        ended_ = true;
        if (count.error().code() != Errc::Closed) result_ = fail(std::move(count).error());
      } else if (*count > 0) {
        // The reader has something; when it comes for more, we go on.
        to_.commit(*count);
        return false;
      } else {
        // Not before there is room: listening may read ahead.
        from_.listen(of_source_);
        if (!from_.is_ready() || std::exchange(asked, true)) return false;
      }
    }
    return true;
  }
  /// Errors: why reading failed.
  Result<void> take_result() { return std::move(result_); }

 private:
  Source& from_;
  component::StreamWriter<uint8_t>& to_;
  Signal::Listener of_source_;
  bool ended_ = false;
  Result<void> result_;
};

/// What a guest writes, on its way to a sink.
class Draining final : public component::DirectCopy {
 public:
  Draining(Loop& loop, component::StreamReader<uint8_t>& from, Sink& to, Signal* over)
      : DirectCopy(loop),
        from_(from),
        to_(to),
        of_sink_(changed),
        of_over_(changed),
        ends_with_sink_(over != nullptr) {
    if (over != nullptr) of_over_.listen(*over);
  }

  bool move() noexcept override {
    size_t moved = 0;
    bool asked = false;
    while (result_) {
      const auto bytes = from_.peek();
      if (bytes.empty()) {
        of_sink_.leave();
        if (from_.is_peer_gone()) return true;
        if (!ends_with_sink_) return false;
        auto room = to_.check_write();
        if (room) return false;
        result_ = fail(std::move(room).error());
        break;
      }
      // More is only there of a guest, which takes what was moved as a reason to come again.
      if (moved >= kMostAtOnce) return false;
      auto count = to_.write_some(bytes.first(std::min(bytes.size(), kMostAtOnce)));
      if (!count) {
        result_ = fail(std::move(count).error());
      } else if (*count > 0) {
        from_.consume(*count);
        moved += *count;
      } else {
        to_.listen(of_sink_);
        if (!to_.is_ready() || std::exchange(asked, true)) return false;
      }
    }
    return true;
  }
  /// Errors: why writing failed.
  Result<void> take_result() { return std::move(result_); }

 private:
  component::StreamReader<uint8_t>& from_;
  Sink& to_;
  Signal::Listener of_sink_;
  Signal::Listener of_over_;
  bool ends_with_sink_;
  Result<void> result_;
};

}  // namespace

Task<void> feed(Loop& loop, Ref<Source> source, component::StreamWriter<uint8_t> to) {
  const Held<Source> from(std::move(source));
  Feeding feeding(loop, *from, to);
  CO_TRY(co_await to.run(feeding));
  co_return feeding.take_result();
}

Task<void> drain(Loop& loop, component::StreamReader<uint8_t> from, Ref<Sink> sink, Signal* over) {
  const Held<Sink> to(std::move(sink));
  Draining draining(loop, from, *to, over);
  CO_TRY(co_await from.run(draining));
  CO_TRY(draining.take_result());
  CO_TRY(to->flush());
  CO_TRY(co_await wait_for(loop, *to));
  CO_TRY(to->check_write());
  co_return Result<void>();
}

}  // namespace wasmcloud::wasi::io::v0_3
