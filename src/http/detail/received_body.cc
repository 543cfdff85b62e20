#include "http/detail/received_body.h"

#include <algorithm>
#include <cstring>

namespace wasmcloud::http::detail {
namespace {

/// Chunks of a chunked body that are smaller are put together for the reader.
constexpr size_t kSmallPart = 1024;
constexpr size_t kMergedPart = size_t{16} * 1024;
constexpr size_t kSmallBuffer = size_t{4} * 1024;

const Headers kNoTrailers;

}  // namespace

void ReceivedBody::reset(std::optional<uint64_t> declared_size) {
  parts_.clear();
  next_ = available_ = 0;
  state_ = BodyState::Open;
  declared_size_ = declared_size;
  trailers_ = nullptr;
  discarding_ = false;
  if (!small_.is_shared()) small_used_ = 0;
}

void ReceivedBody::on_body(std::string_view bytes) {
  if (bytes.empty() || discarding_ || state_ != BodyState::Open) return;
  const auto* const data = reinterpret_cast<const std::byte*>(bytes.data());
  parts_.push_back(buffer_->slice(static_cast<size_t>(data - buffer_->data()), bytes.size()));
  available_ += bytes.size();
}

void ReceivedBody::on_small_body(std::string_view bytes) {
  if (bytes.empty() || discarding_ || state_ != BodyState::Open) return;
  if (small_.capacity() - small_used_ < bytes.size()) {
    small_ = ByteBuffer(std::max(bytes.size(), kSmallBuffer));
    small_used_ = 0;
  }
  std::byte* const at = small_.data() + small_used_;
  std::memcpy(at, bytes.data(), bytes.size());
  const bool adjoins = queued_parts() > 0 && parts_.back().data() + parts_.back().size() == at;
  const size_t before = adjoins ? parts_.back().size() : 0;
  if (adjoins) parts_.pop_back();
  parts_.push_back(small_.slice(small_used_ - before, before + bytes.size()));
  small_used_ += bytes.size();
  available_ += bytes.size();
}

void ReceivedBody::on_shared_body(Bytes bytes) {
  if (bytes.empty() || discarding_ || state_ != BodyState::Open) return;
  available_ += bytes.size();
  parts_.push_back(std::move(bytes));
}

void ReceivedBody::end(const Headers& trailers) {
  if (state_ != BodyState::Open) return;
  state_ = BodyState::Ended;
  trailers_ = &trailers;
}

void ReceivedBody::fail(Errc code, std::string_view message, int number) {
  if (state_ != BodyState::Open) return;
  state_ = BodyState::Failed;
  error_code_ = code;
  error_number_ = number;
  error_message_ = message;
  changed_.notify();
}

void ReceivedBody::discard() {
  discarding_ = true;
  parts_.clear();
  next_ = available_ = 0;
}

Bytes ReceivedBody::take(size_t max) {
  Bytes& first = parts_[next_];
  if (first.size() > max) return first.split(max);
  Bytes whole = std::move(first);
  if (++next_ == parts_.size()) {
    parts_.clear();
    next_ = 0;
  }
  return whole;
}

Bytes ReceivedBody::merge(size_t max) {
  size_t total = 0;
  for (size_t i = next_; i < parts_.size() && total < max; ++i) total += parts_[i].size();
  return Bytes::filled(std::min(total, max), [&](std::span<std::byte> memory) {
    size_t filled = 0;
    while (filled < memory.size()) {
      const Bytes part = take(memory.size() - filled);
      std::memcpy(memory.data() + filled, part.data(), part.size());
      filled += part.size();
    }
    return filled;
  });
}

Bytes ReceivedBody::try_read(size_t max) {
  if (max == 0) return {};
  if (available_ == 0) {
    if (state_ == BodyState::Open) source_.on_body_wanted();
    return {};
  }
  const bool small = parts_[next_].size() < std::min(kSmallPart, max) && queued_parts() > 1;
  Bytes bytes = small ? merge(std::min(max, kMergedPart)) : take(max);
  available_ -= bytes.size();
  source_.on_body_taken();
  return bytes;
}

Error ReceivedBody::error() const {
  return Error(error_code_, error_message_).with_number(error_number_);
}

const Headers& ReceivedBody::trailers() const {
  return trailers_ == nullptr || available_ > 0 ? kNoTrailers : *trailers_;
}

Signal& ReceivedBody::changed() {
  if (available_ == 0 && state_ == BodyState::Open) source_.on_body_wanted();
  return changed_;
}

}  // namespace wasmcloud::http::detail
