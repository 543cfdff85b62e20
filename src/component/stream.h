#pragma once

#include "base/error.h"
#include "base/loop.h"
#include "base/readiness.h"
#include "base/recycled.h"
#include "base/task.h"
#include "component/abi/lift.h"
#include "component/abi/lower.h"
#include "component/async/copy.h"
#include "component/type_description.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

// The host's ends of streams and futures (component model, "Stream State", "Future State"). What
// goes through them is copied straight between the host's memory and the guest's buffer, when both
// are there. All of them are moved, not copied; who is destroyed lets go of its end. They belong to
// one loop. Guests' copies of no elements, by which they ask whether the other end is ready, are
// answered as soon as the host waits; nothing here ever returns because of one.

namespace wasmcloud::component {

namespace abi {
template <class T>
struct Type;
}

/// Moves bytes between a stream and something else of the host's as soon as a guest offers them, or
/// room for them: no task and no turn of the loop is between the two.
class DirectCopy {
 public:
  explicit DirectCopy(Loop& loop) : changed(loop) {}
  DirectCopy(const DirectCopy&) = delete;
  DirectCopy& operator=(const DirectCopy&) = delete;

  /// Moves what can be moved now. True once no more will be, by its own account or because the
  /// other end is gone; it may be asked again. Called beneath the guest: it neither waits nor runs
  /// a guest, and takes the guest's memory anew each time, which may have grown since.
  virtual bool move() noexcept = 0;

  /// To be set when there may be more to move, though the other end of the stream did nothing.
  Event changed;

 protected:
  ~DirectCopy() = default;
};

namespace detail {

/// Of a type's values; null for none.
template <class T>
constexpr const TypeDescription* description_of() {
  if constexpr (std::is_void_v<T>) {
    return nullptr;
  } else {
    return &abi::Type<T>::kDescription;
  }
}

template <class T>
using ItemOf = std::conditional_t<std::is_void_v<T>, std::monostate, T>;
template <class T>
inline constexpr bool kIsBytes = !std::is_void_v<T> && sizeof(ItemOf<T>) == 1;

/// One end that the host holds.
class StreamPort final : public HostPort, public Recycled {
 public:
  using Side = SharedCopy::Side;

  StreamPort(Loop& loop, std::shared_ptr<SharedCopy> shared, Side side);
  /// Drops the end, unless it was released.
  ~StreamPort();

  SharedCopy& shared() { return *shared_; }
  Loop& loop() { return loop_; }
  /// The end goes to somebody else.
  std::shared_ptr<SharedCopy> release();
  void peer_changed() noexcept override { changed_.notify(); }
  void copy_began() noexcept override;
  Signal& changed() { return changed_; }
  /// Until the other end does something.
  Task<void> wait();
  /// `copy` moves from now on what it can, until `run` has ended. It must not go before this does.
  void begin(DirectCopy& copy);
  /// Until `copy` has moved all. Errors: Cancelled.
  Task<void> run(DirectCopy& copy);
  /// Has `fetch` told of a guest at the other end that waits, now or when it comes, before anybody
  /// else is.
  using Fetch = void (*)(SharedCopy& shared) noexcept;
  void fetch_with(Fetch fetch);
  /// The other end, if that is the host's too.
  HostPort* other() const;

 private:
  /// The host waits, as long as this lives: `event` is set when the other end does something that
  /// `direct`, if there is one, leaves undone. Beginning to wait gives the guest its turn whose
  /// copy has made progress.
  class Waiting {
   public:
    Waiting(StreamPort& port, Event& event, DirectCopy* direct);
    ~Waiting();
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

   private:
    StreamPort& port_;
    Signal::Listener listener_;
  };

  Loop& loop_;
  Signal changed_;
  std::shared_ptr<SharedCopy> shared_;
  Side side_;
  DirectCopy* direct_ = nullptr;  ///< while the host waits
  Fetch fetch_ = nullptr;
  uint32_t turns_given_ = 0;  ///< to the guest, since the loop had one
};

/// What all ends that the host holds have in common. One that is moved from, or made of nothing,
/// is none.
class HostEnd {
 public:
  explicit operator bool() const { return port_ != nullptr; }
  void close() { port_.reset(); }
  bool is_peer_gone() const { return port_->shared().is_dropped(); }
  /// The other end offers something, has taken or given something, or is gone. For who waits for
  /// something else too.
  Signal& changed() { return port_->changed(); }
  /// Gives it to somebody else.
  std::shared_ptr<SharedCopy> release() { return std::exchange(port_, nullptr)->release(); }

 protected:
  using Side = SharedCopy::Side;

  HostEnd() = default;
  HostEnd(Loop& loop, std::shared_ptr<SharedCopy> shared, Side side)
      : port_(std::make_unique<StreamPort>(loop, std::move(shared), side)) {}

  std::unique_ptr<StreamPort> port_;
};

/// Between two ends that are both the host's.
template <class T>
class Queue final : public HostQueue {
 public:
  static constexpr size_t kCapacity = sizeof(T) == 1 ? size_t{64} << 10 : 64;

  static Queue& of(SharedCopy& shared) {
    if (shared.queue == nullptr) shared.queue = std::make_unique<Queue>();
    return static_cast<Queue&>(*shared.queue);
  }
  std::span<T> items() { return std::span(items_).subspan(first_, end_ - first_); }
  std::span<T> room() {
    if (first_ == end_) first_ = end_ = 0;
    if (items_.empty()) items_.resize(kCapacity);
    return std::span(items_).subspan(end_);
  }
  void added(size_t count) { end_ += count; }
  void taken(size_t count) { first_ += count; }

 private:
  std::vector<T> items_;
  size_t first_ = 0;
  size_t end_ = 0;
};

/// Copies elements from a guest's buffer.
template <class T>
Result<void> load_all(void* into, CanonicalContext& context, uint32_t at, uint32_t count) {
  using Type = abi::Type<T>;
  abi::Lift in(context);
  T* out = static_cast<T*>(into);
  if constexpr (Type::kPlain) {
    std::memcpy(out, in.bytes(at, count * Type::kSize).data(), size_t{count} * Type::kSize);
  } else {
    for (uint32_t i = 0; i < count && !in.failed(); ++i) {
      Type::load(in, at + i * Type::kSize, out[i]);
    }
  }
  return in.result();
}

/// Copies elements into a guest's buffer; they may be moved from.
template <class T>
Result<void> store_all(void* from, CanonicalContext& context, uint32_t at, uint32_t count) {
  using Type = abi::Type<T>;
  abi::Lower out(context);
  T* const values = static_cast<T*>(from);
  if constexpr (Type::kPlain) {
    out.put_bytes(at, std::as_bytes(std::span(values, count)));
  } else {
    for (uint32_t i = 0; i < count && !out.failed(); ++i) {
      Type::store(out, values[i], at + i * Type::kSize);
    }
  }
  return out.result();
}

}  // namespace detail

/// The readable end of a stream.
template <class T>
class StreamReader : public detail::HostEnd {
 public:
  /// std::monostate where nothing is carried.
  using Item = detail::ItemOf<T>;

  /// None.
  StreamReader() = default;
  StreamReader(Loop& loop, std::shared_ptr<SharedCopy> shared)
      : HostEnd(loop, std::move(shared), Side::Reader) {}

  /// Waits for at least one element and moves as many as there are into `into`, which has room for
  /// one. 0: the stream has ended. Errors: those of a guest that gives what is no value; Cancelled.
  Task<size_t> read(std::span<Item> into) {
    SharedCopy& shared = port_->shared();
    while (true) {
      if (shared.queue != nullptr) {
        auto& queue = detail::Queue<Item>::of(shared);
        const std::span<Item> items = queue.items();
        if (const size_t count = std::min(items.size(), into.size()); count != 0) {
          std::move(items.begin(), items.begin() + count, into.begin());
          queue.taken(count);
          if (HostPort* const writer = port_->other()) writer->peer_changed();
          co_return count;
        }
      }
      const auto count =
          static_cast<uint32_t>(std::min<size_t>(shared.offered(Side::Reader), into.size()));
      if (count != 0) {
        CO_TRY(shared.move_offered(count, detail::load_all<Item>, into.data()));
        co_return count;
      }
      if (shared.is_dropped()) co_return size_t{0};
      CO_TRY(co_await port_->wait());
    }
  }

  // --- Bytes where they are

  /// Waits until there are some. False: the stream has ended.
  Task<bool> readable()
    requires(detail::kIsBytes<T>)
  {
    while (peek().empty()) {
      if (port_->shared().is_dropped()) co_return false;
      CO_TRY(co_await port_->wait());
    }
    co_return true;
  }
  /// `copy` takes from now on what the other end offers. To be followed by `run`, before which
  /// `copy` may not go unless this end does. May be called beneath the guest.
  void begin(DirectCopy& copy)
    requires(detail::kIsBytes<T>)
  {
    port_->begin(copy);
  }
  /// Waits until `copy`, which takes what the other end offers, has moved all. Both must outlive
  /// the wait. Errors: Cancelled.
  Task<void> run(DirectCopy& copy)
    requires(detail::kIsBytes<T>)
  {
    return port_->run(copy);
  }
  /// What is there, in the guest's memory. Until the next suspension or call of the guest.
  std::span<const std::byte> peek()
    requires(detail::kIsBytes<T>)
  {
    SharedCopy& shared = port_->shared();
    if (shared.queue != nullptr) {
      const auto items = detail::Queue<Item>::of(shared).items();
      if (!items.empty()) return std::as_bytes(items);
    }
    return shared.offered_bytes(Side::Reader);
  }
  void consume(size_t count)
    requires(detail::kIsBytes<T>)
  {
    SharedCopy& shared = port_->shared();
    if (shared.queue != nullptr && !detail::Queue<Item>::of(shared).items().empty()) {
      detail::Queue<Item>::of(shared).taken(count);
      if (HostPort* const writer = port_->other()) writer->peer_changed();
    } else if (count != 0) {
      shared.copied(static_cast<uint32_t>(count));
    }
  }
};

/// The writable end of a stream.
template <class T>
class StreamWriter : public detail::HostEnd {
 public:
  /// std::monostate where nothing is carried.
  using Item = detail::ItemOf<T>;

  /// None.
  StreamWriter() = default;
  StreamWriter(Loop& loop, std::shared_ptr<SharedCopy> shared)
      : HostEnd(loop, std::move(shared), Side::Writer) {}

  /// Waits until all elements were taken, or the reader has gone, and returns how many were.
  /// Elements are moved from. Errors: those of a guest whose `realloc` fails; Cancelled.
  Task<size_t> write(std::span<Item> values) {
    SharedCopy& shared = port_->shared();
    size_t done = 0;
    while (done != values.size() && !shared.is_dropped()) {
      const auto count = static_cast<uint32_t>(
          std::min<size_t>(shared.offered(Side::Writer), values.size() - done));
      if (count != 0 && (abi::Type<Item>::kPlain || shared.may_run_guest())) {
        CO_TRY(shared.move_offered(count, detail::store_all<Item>, values.data() + done));
        done += count;
        continue;
      }
      if (HostPort* const reader = port_->other(); reader != nullptr && reader->waits) {
        auto& queue = detail::Queue<Item>::of(shared);
        const std::span<Item> room = queue.room();
        const size_t moved = std::min(room.size(), values.size() - done);
        std::move(values.begin() + done, values.begin() + done + moved, room.begin());
        queue.added(moved);
        done += moved;
        reader->peer_changed();
        if (moved != 0) continue;
      }
      if (count != 0) {
        // The guest was stopped where it cannot be asked for memory.
        CO_TRY(co_await sleep_for(port_->loop(), {}));
      } else {
        CO_TRY(co_await port_->wait());
      }
    }
    co_return done;
  }

  // --- Bytes into where they go

  /// Waits until there is room. False: the reader has gone.
  Task<bool> writable()
    requires(detail::kIsBytes<T>)
  {
    while (true) {
      if (port_->shared().is_dropped()) co_return false;
      if (!room().empty()) co_return true;
      CO_TRY(co_await port_->wait());
    }
  }
  /// As StreamReader::run, for a copy that fills the room that the other end offers.
  Task<void> run(DirectCopy& copy)
    requires(detail::kIsBytes<T>)
  {
    return port_->run(copy);
  }
  /// The guest's own buffer. Until the next suspension or call of the guest.
  std::span<std::byte> room()
    requires(detail::kIsBytes<T>)
  {
    SharedCopy& shared = port_->shared();
    const std::span<std::byte> offered = shared.offered_bytes(Side::Writer);
    if (!offered.empty()) return offered;
    if (const HostPort* const reader = port_->other(); reader != nullptr && reader->waits) {
      return std::as_writable_bytes(detail::Queue<Item>::of(shared).room());
    }
    return {};
  }
  void commit(size_t count)
    requires(detail::kIsBytes<T>)
  {
    SharedCopy& shared = port_->shared();
    if (count == 0) return;
    if (shared.offered(Side::Writer) != 0) {
      shared.copied(static_cast<uint32_t>(count));
    } else {
      detail::Queue<Item>::of(shared).added(count);
      if (HostPort* const reader = port_->other()) reader->peer_changed();
    }
  }
};

/// Both ends of a new stream, for the host to write what a guest reads, or the reverse.
template <class T>
std::pair<StreamWriter<T>, StreamReader<T>> make_stream(Loop& loop) {
  auto shared =
      make_shared_copy(SharedCopy::Form::Stream, ElementType(detail::description_of<T>()));
  return {StreamWriter<T>(loop, shared), StreamReader<T>(loop, shared)};
}

namespace detail {

/// A future's value, until its reader comes.
template <class T>
class FutureValue final : public HostQueue, public HostPort {
 public:
  FutureValue(SharedCopy& shared, T value) : shared_(shared), value_(std::move(value)) {}

  void peer_changed() noexcept override {
    if (!value_ || shared_.offered(SharedCopy::Side::Writer) == 0) return;
    // An error has ended the reader's instance.
    auto value = std::exchange(value_, std::nullopt);
    static_cast<void>(shared_.move_offered(1, store_all<T>, &*value));
  }
  std::optional<T> take() { return std::exchange(value_, std::nullopt); }
  T& value() { return *value_; }

 private:
  SharedCopy& shared_;
  std::optional<T> value_;
};

struct NoValue {};

}  // namespace detail

/// The readable end of a future.
template <class T>
class FutureReader : public detail::HostEnd {
 public:
  /// None.
  FutureReader() = default;
  FutureReader(Loop& loop, std::shared_ptr<SharedCopy> shared)
      : HostEnd(loop, std::move(shared), Side::Reader) {}

  /// Waits for the value; once. Errors: Errc::Closed if there will be none; those of a guest that
  /// gives what is no value; Cancelled.
  Task<T> read() {
    while (true) {
      if (auto value = try_read()) co_return std::move(*value);
      CO_TRY(co_await port_->wait());
    }
  }
  /// The same if the value is there, or never will be; nothing if it may come.
  std::optional<Result<T>> try_read() {
    SharedCopy& shared = port_->shared();
    if (shared.queue != nullptr) {
      if constexpr (std::is_void_v<T>) {
        return Result<void>();
      } else {
        return std::move(*static_cast<detail::FutureValue<T>&>(*shared.queue).take());
      }
    }
    if (shared.offered(Side::Reader) != 0) {
      if constexpr (std::is_void_v<T>) {
        shared.copied(1);
        return Result<void>();
      } else {
        T value{};
        Result<void> moved = shared.move_offered(1, detail::load_all<T>, &value);
        if (!moved) return fail(std::move(moved).error());
        return value;
      }
    }
    if (shared.is_dropped()) {
      return fail(Errc::Closed, "who should have written the future is gone");
    }
    return std::nullopt;
  }
  /// A guest that writes the value does not wait until somebody reads it. What it wrote is gone if
  /// its instance is over before that.
  void keep_value()
    requires(!std::is_void_v<T>)
  {
    port_->fetch_with(+[](SharedCopy& shared) noexcept {
      if (shared.offered(Side::Reader) == 0) return;
      auto kept = std::make_unique<detail::FutureValue<T>>(shared, T{});
      detail::FutureValue<T>& value = *kept;
      // An error has ended the writer's instance.
      static_cast<void>(shared.keep(detail::load_all<T>, &value.value(), std::move(kept), value));
    });
  }
};

/// The writable end of a future. A guest that waits for a value that never comes traps.
template <class T>
class FutureWriter : public detail::HostEnd {
 public:
  using Item = detail::ItemOf<T>;

  FutureWriter() = default;
  FutureWriter(Loop& loop, std::shared_ptr<SharedCopy> shared)
      : HostEnd(loop, std::move(shared), Side::Writer) {}

  /// Once. Its reader gets it when it asks.
  void write(Item value) {
    if (is_peer_gone()) return close();
    const std::shared_ptr<SharedCopy> shared = release();
    put(*shared, std::move(value));
  }
  static void put(SharedCopy& shared, Item value) {
    auto kept = std::make_unique<detail::FutureValue<Item>>(shared, std::move(value));
    detail::FutureValue<Item>& port = *kept;
    shared.queue = std::move(kept);
    shared.attach(Side::Writer, &port);
    port.peer_changed();
    if (HostPort* const reader = shared.port(Side::Reader)) reader->peer_changed();
  }
};

template <class T>
std::pair<FutureWriter<T>, FutureReader<T>> make_future(Loop& loop) {
  auto shared =
      make_shared_copy(SharedCopy::Form::Future, ElementType(detail::description_of<T>()));
  return {FutureWriter<T>(loop, shared), FutureReader<T>(loop, shared)};
}

/// A future whose value is there.
template <class T>
FutureReader<T> ready_future(Loop& loop, T value) {
  auto shared =
      make_shared_copy(SharedCopy::Form::Future, ElementType(detail::description_of<T>()));
  FutureWriter<T>::put(*shared, std::move(value));
  return FutureReader<T>(loop, std::move(shared));
}

}  // namespace wasmcloud::component
