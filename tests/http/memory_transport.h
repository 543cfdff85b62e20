#pragma once

#include "base/loop.h"
#include "http/detail/transport.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace wasmcloud::http {

/// A transport without a socket: what the peer sends is given to `deliver`, what it would receive
/// is in `sent`. It takes as much of a write as `appetite` says, 0 included.
class MemoryTransport final : public detail::Transport {
 public:
  explicit MemoryTransport(Loop& loop) : loop_(loop) {}

  std::move_only_function<size_t()> appetite = [] { return SIZE_MAX; };
  std::string sent;

  bool is_reading() const { return !memory_.empty(); }
  /// At most what the reader has room for; returns how much that was. Empty: the end.
  size_t deliver(std::string_view bytes) {
    const size_t size = std::min(bytes.size(), memory_.size());
    if (size > 0) std::memcpy(memory_.data(), bytes.data(), size);
    memory_ = {};
    const Ref<Owner> owner = std::exchange(reader_, nullptr);
    owner->on_read(0, size);
    return size;
  }

  void start_read(std::span<std::byte> memory) override {
    memory_ = memory;
    reader_ = Ref<Owner>(owner_);
  }
  ssize_t write(std::span<const iovec> parts) override {
    if (!open_) return -EPIPE;
    size_t left = appetite();
    size_t taken = 0;
    for (const iovec& part : parts) {
      const size_t now = std::min(left, part.iov_len);
      sent.append(static_cast<const char*>(part.iov_base), now);
      taken += now;
      left -= now;
    }
    return static_cast<ssize_t>(taken);
  }
  void wait_writable() override {
    loop_.post([owner = Ref<Owner>(owner_)] { owner->on_writable(); });
  }
  size_t readable() const override { return 0; }
  void shutdown_write() override {}
  void close(Close) override {
    open_ = false;
    memory_ = {};
    if (Ref<Owner> owner = std::exchange(reader_, nullptr))
      loop_.post([last = std::move(owner)] { last->on_read(ECANCELED, 0); });
  }
  bool is_open() const override { return open_; }
  std::string peer() const override { return "memory"; }

 private:
  Loop& loop_;
  std::span<std::byte> memory_;
  Ref<Owner> reader_;
  bool open_ = true;
};

}  // namespace wasmcloud::http
