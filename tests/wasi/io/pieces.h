#pragma once

#include "wasi/io/sink.h"

#include <deque>

namespace wasmcloud::wasi::io {

/// A source that a test feeds by hand.
class FedSource final : public Source {
 public:
  void feed(std::string text) {
    pieces_.push_back(Bytes(std::move(text)));
    notify();
  }
  void end() {
    ended_ = true;
    notify();
  }
  void break_off() {
    broken_ = true;
    notify();
  }
  bool is_ready() override { return ended_ || broken_ || !pieces_.empty(); }
  Result<Bytes> read(size_t max) override {
    if (pieces_.empty()) {
      if (std::exchange(broken_, false)) {
        ended_ = true;
        return fail(Errc::Io, "the disk fell out");
      }
      if (ended_) return fail(Errc::Closed, "the end");
      return Bytes();
    }
    Bytes part = pieces_.front().split(std::min(max, pieces_.front().size()));
    if (pieces_.front().empty()) pieces_.pop_front();
    return part;
  }

 private:
  std::deque<Bytes> pieces_;
  bool ended_ = false;
  bool broken_ = false;
};

/// A sink with room for a few bytes until a test empties it.
class NarrowSink final : public Sink {
 public:
  explicit NarrowSink(size_t room) : room_(room) {}
  const std::string& text() const { return text_; }
  void make_room(size_t bytes) {
    room_ += bytes;
    flushing_ = false;
    notify();
  }
  void close() {
    closed_ = true;
    notify();
  }
  bool is_flushing() const { return flushing_; }
  size_t largest_write = 0;

  bool is_ready() override { return closed_ || (room_ > 0 && !flushing_); }
  Result<size_t> check_write() override {
    if (closed_) return fail(Errc::Closed, "closed");
    return flushing_ ? 0 : room_;
  }
  Result<void> write(std::span<const std::byte> bytes) override {
    text_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    room_ -= bytes.size();
    largest_write = std::max(largest_write, bytes.size());
    return {};
  }
  Result<void> flush() override {
    flushing_ = true;
    return {};
  }

 private:
  size_t room_;
  bool flushing_ = false;
  bool closed_ = false;
  std::string text_;
};

}  // namespace wasmcloud::wasi::io
