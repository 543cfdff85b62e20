#pragma once

#include "http/body.h"

#include <deque>

namespace wasmcloud::wasi::http {

using wasmcloud::http::BodyState;

/// A received body that a test feeds by hand.
class FakeReader final : public wasmcloud::http::BodyReader {
 public:
  explicit FakeReader(Loop& loop) : loop_(loop) {}

  void feed(std::string text) {
    pieces_.push_back(Bytes(std::move(text)));
    changed_.notify();
  }
  void end() {
    state_ = BodyState::Ended;
    changed_.notify();
  }
  void break_off(Errc code) {
    state_ = BodyState::Failed;
    code_ = code;
    changed_.notify();
  }
  wasmcloud::http::Headers trailers_to_come;

  Bytes try_read(size_t max) override {
    if (pieces_.empty()) return {};
    Bytes part = pieces_.front().split(std::min(max, pieces_.front().size()));
    if (pieces_.front().empty()) pieces_.pop_front();
    return part;
  }
  size_t available() const override { return pieces_.empty() ? 0 : pieces_.front().size(); }
  BodyState state() const override { return pieces_.empty() ? state_ : BodyState::Open; }
  Error error() const override { return Error(code_, "broken off"); }
  std::optional<uint64_t> declared_size() const override { return std::nullopt; }
  const wasmcloud::http::Headers& trailers() const override {
    static const wasmcloud::http::Headers kNone;
    return state() == BodyState::Ended ? trailers_to_come : kNone;
  }
  Signal& changed() override { return changed_; }
  Loop& loop() const override { return loop_; }

 private:
  Loop& loop_;
  std::deque<Bytes> pieces_;
  BodyState state_ = BodyState::Open;
  Errc code_ = Errc::Closed;
  Signal changed_;
};

/// Keeps what is written, with a window that a test opens by hand.
class FakeWriter final : public wasmcloud::http::BodyWriter {
 public:
  FakeWriter(Loop& loop, size_t window) : loop_(loop), window_(window) {}

  std::string text;
  std::optional<wasmcloud::http::Headers> trailers;
  bool aborted = false;
  void drain() {
    pending_ = 0;
    changed_.notify();
  }
  void break_off() {
    state_ = BodyState::Failed;
    changed_.notify();
  }

  size_t capacity() const override { return state_ == BodyState::Open ? window_ - pending_ : 0; }
  size_t pending() const override { return pending_; }
  BodyState state() const override { return state_; }
  Error error() const override { return Error(Errc::Closed, "the client went away"); }
  Result<void> write(std::span<const std::byte> bytes) override {
    if (bytes.size() > capacity()) return fail(Errc::Limit, "too much");
    text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    pending_ += bytes.size();
    return {};
  }
  Result<void> write_owned(Bytes bytes) override { return write(bytes.span()); }
  Result<void> finish(const wasmcloud::http::Headers* with = nullptr) override {
    state_ = BodyState::Ended;
    if (with != nullptr) trailers = *with;
    return {};
  }
  void abort() override {
    state_ = BodyState::Failed;
    aborted = true;
  }
  Signal& changed() override { return changed_; }
  Loop& loop() const override { return loop_; }

 private:
  Loop& loop_;
  size_t window_;
  size_t pending_ = 0;
  BodyState state_ = BodyState::Open;
  Signal changed_;
};

}  // namespace wasmcloud::wasi::http
