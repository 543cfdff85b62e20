#include "http/detail/h2/body_sender.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace wasmcloud::http::detail::h2 {
namespace {

constexpr size_t kBuffer = size_t{4} * 1024;

}  // namespace

void BodySender::reset() {
  begun_ = no_body_ = deferred_ = false;
  state_ = BodyState::Open;
  declared_.reset();
  written_ = 0;
  trailers_.clear();
  parts_.clear();
  next_ = queued_ = 0;
  if (!buffer_.is_shared()) used_ = 0;
}

void BodySender::begin(std::optional<uint64_t> declared, bool no_body) {
  begun_ = true;
  no_body_ = no_body;
  if (!no_body) declared_ = declared;
}

void BodySender::fail(Errc code, std::string_view message, int number) {
  if (state_ == BodyState::Failed) return;
  state_ = BodyState::Failed;
  error_code_ = code;
  error_number_ = number;
  error_message_ = message;
  parts_.clear();
  next_ = queued_ = 0;
  changed_.notify();
}

void BodySender::break_off(Errc code, std::string_view message) {
  fail(code, message);
  output_.on_body_failed();
}

Bytes BodySender::take(size_t max) {
  Bytes& first = parts_[next_];
  Bytes taken;
  if (first.size() > max) {
    taken = first.split(max);
  } else {
    taken = std::move(first);
    if (++next_ == parts_.size()) {
      parts_.clear();
      next_ = 0;
    }
  }
  queued_ -= taken.size();
  return taken;
}

size_t BodySender::capacity() const {
  if (state_ != BodyState::Open || !begun_) return 0;
  return window_ - std::min(window_, queued_);
}

/// True if the bytes are to be sent.
Result<bool> BodySender::admit(size_t size) {
  if (state_ == BodyState::Ended) {
    return wasmcloud::fail(Errc::Invalid, "the body was finished already");
  }
  if (state_ == BodyState::Failed) return wasmcloud::fail(error());
  if (!begun_) return wasmcloud::fail(Errc::Invalid, "the message has no head yet");
  if (no_body_ || size == 0) return false;
  if (size > capacity()) {
    return wasmcloud::fail(Errc::Limit, "{} bytes written where {} fit into the window", size,
                           capacity());
  }
  if (declared_ && size > *declared_ - written_) {
    break_off(Errc::Invalid,
              fmt::format("the body is longer than its content-length of {} bytes", *declared_));
    return wasmcloud::fail(error());
  }
  written_ += size;
  queued_ += size;
  return true;
}

Result<void> BodySender::write(std::span<const std::byte> bytes) {
  if (!TRY(admit(bytes.size()))) return {};
  if (buffer_.capacity() - used_ >= bytes.size()) {
    std::memcpy(buffer_.data() + used_, bytes.data(), bytes.size());
    parts_.push_back(buffer_.slice(used_, bytes.size()));
    used_ += bytes.size();
  } else if (bytes.size() < kBuffer / 2) {
    buffer_ = ByteBuffer(kBuffer);
    std::memcpy(buffer_.data(), bytes.data(), bytes.size());
    parts_.push_back(buffer_.slice(0, bytes.size()));
    used_ = bytes.size();
  } else {
    parts_.push_back(Bytes::copy_of(bytes));
  }
  output_.on_body_written();
  return {};
}

Result<void> BodySender::write_owned(Bytes bytes) {
  if (!TRY(admit(bytes.size()))) return {};
  parts_.push_back(std::move(bytes));
  output_.on_body_written();
  return {};
}

Result<void> BodySender::finish(const Headers* trailers) {
  if (state_ == BodyState::Failed) return wasmcloud::fail(error());
  if (state_ == BodyState::Ended) {
    return wasmcloud::fail(Errc::Invalid, "the body was finished already");
  }
  if (!begun_) return wasmcloud::fail(Errc::Invalid, "the message has no head yet");
  if (declared_ && written_ != *declared_) {
    break_off(Errc::Invalid, fmt::format("the body has {} bytes, its content-length says {}",
                                         written_, *declared_));
    return wasmcloud::fail(error());
  }
  if (trailers != nullptr && !trailers->empty()) {
    for (const FieldView field : *trailers) {
      if (is_forbidden_trailer(field.name)) {
        return wasmcloud::fail(Errc::Invalid, "{} may not stand in trailers", field.name);
      }
    }
    trailers_ = *trailers;
  }
  state_ = BodyState::Ended;
  output_.on_body_written();
  changed_.notify();
  return {};
}

void BodySender::abort() {
  if (state_ == BodyState::Open) break_off(Errc::Cancelled, "the body was aborted");
}

}  // namespace wasmcloud::http::detail::h2
