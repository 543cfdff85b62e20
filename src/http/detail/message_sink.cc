#include "http/detail/message_sink.h"

#include "base/check.h"
#include "http/detail/head_text.h"
#include "http/message.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace wasmcloud::http::detail {
namespace {

/// Room for a chunk's size in hexadecimal and CRLF.
constexpr size_t kSlot = 18;
/// Owned bytes of less than this are copied: cheaper than a part of their own.
constexpr size_t kCopyOwned = 1024;
constexpr size_t kFirstBuffer = 4096;
constexpr size_t kMaxParts = 64;
/// Turns of the loop that a message's first bytes wait for its end, and what is short.
constexpr uint8_t kPatience = 3;
constexpr uint64_t kShort = 4096;

}  // namespace

void MessageSink::begin() {
  DCHECK(pending() == 0);
  restart();
}

void MessageSink::restart() {
  phase_ = Phase::NoHead;
  framing_ = Framing::Undecided;
  state_ = BodyState::Open;
  declared_.reset();
  written_ = 0;
  flushes_put_off_ = 0;
}

bool MessageSink::discard() {
  if (phase_ == Phase::HeadSealed) return false;
  chunk_.clear();
  slot_ = {};
  region_begin_ = used_;
  chunk_bytes_ = 0;
  restart();
  return true;
}

void MessageSink::give_head() {
  phase_ = Phase::HeadGiven;
  schedule();
}

void MessageSink::seal_head(Whole whole) {
  if (framing_ == Framing::Undecided) {
    framing_ = whole == Whole::Yes ? Framing::Length : stream_framing();
    if (framing_ == Framing::Length && announces(written_)) {
      append_field(head_, "content-length", Decimal(written_).text());
    } else if (framing_ == Framing::Chunked) {
      head_.append("transfer-encoding: chunked\r\n");
    }
  }
  end_fields();
  append(head_, std::string_view("\r\n"));
  phase_ = Phase::HeadSealed;
  push_wire(Bytes::from_static(head_));
}

size_t MessageSink::capacity() const {
  if (state_ != BodyState::Open || phase_ == Phase::NoHead) return 0;
  return window_ - std::min(window_, queued());
}

Error MessageSink::error() const {
  return Error(error_code_, error_message_).with_number(error_number_);
}

Result<bool> MessageSink::admit(size_t size) {
  switch (state_) {
    case BodyState::Open:
      break;
    case BodyState::Ended:
      return wasmcloud::fail(Errc::Invalid, "the {} was finished already", message_);
    case BodyState::Failed:
      return wasmcloud::fail(error());
  }
  if (phase_ == Phase::NoHead)
    return wasmcloud::fail(Errc::Invalid, "the {} has no head yet", message_);
  if (framing_ == Framing::NoBody || size == 0) return false;
  if (size > capacity()) {
    return wasmcloud::fail(Errc::Limit, "{} bytes written where {} fit into the window", size,
                           capacity());
  }
  if (declared_ && size > *declared_ - written_) {
    give_up(Errc::Invalid,
            fmt::format("the body is longer than its content-length of {} bytes", *declared_));
    return wasmcloud::fail(error());
  }
  written_ += size;
  return true;
}

Result<void> MessageSink::write(std::span<const std::byte> bytes) {
  if (!TRY(admit(bytes.size()))) return {};
  if (bytes.size() >= in_place_ && !blocked_) {
    send_in_place(bytes);
    if (state_ == BodyState::Failed) return wasmcloud::fail(error());
    return {};
  }
  copy_to_chunk(bytes);
  schedule();
  return {};
}

Result<void> MessageSink::write_owned(Bytes bytes) {
  if (!TRY(admit(bytes.size()))) return {};
  if (bytes.size() < kCopyOwned) {
    copy_to_chunk(bytes);
  } else {
    if (chunk_bytes_ == 0) copy_to_chunk({});
    close_region();
    chunk_bytes_ += bytes.size();
    chunk_.push_back(std::move(bytes));
  }
  schedule();
  return {};
}

Result<void> MessageSink::finish(const Headers* trailers) {
  if (state_ == BodyState::Failed) return wasmcloud::fail(error());
  if (state_ == BodyState::Ended)
    return wasmcloud::fail(Errc::Invalid, "the {} was finished already", message_);
  if (phase_ == Phase::NoHead)
    return wasmcloud::fail(Errc::Invalid, "the {} has no head yet", message_);
  if (framing_ == Framing::Length && written_ != declared_.value_or(written_)) {
    give_up(Errc::Invalid,
            fmt::format("the body has {} bytes, its content-length says {}", written_, *declared_));
    return wasmcloud::fail(error());
  }
  const bool has_trailers = trailers != nullptr && !trailers->empty();
  if (has_trailers) {
    for (const FieldView field : *trailers) {
      if (is_forbidden_trailer(field.name)) {
        return wasmcloud::fail(Errc::Invalid, "{} may not stand in trailers", field.name);
      }
    }
  }
  if (phase_ == Phase::HeadGiven) {
    seal_head(has_trailers && stream_framing() == Framing::Chunked ? Whole::No : Whole::Yes);
  }
  seal_chunk();
  if (framing_ == Framing::Chunked) {
    if (has_trailers) {
      std::string text = "0\r\n";
      for (const auto [name, value] : *trailers) {
        append_field(text, name, value);
      }
      push_text(text.append("\r\n"));
    } else {
      push_text("0\r\n\r\n");
    }
  }
  state_ = BodyState::Ended;
  if (!blocked_) send_wire();
  changed_.notify();
  if (state_ == BodyState::Failed) return wasmcloud::fail(error());
  return {};
}

void MessageSink::abort() {
  if (state_ == BodyState::Open)
    give_up(Errc::Cancelled, fmt::format("the {} was aborted", message_));
}

void MessageSink::withdraw(Errc code, std::string_view message) {
  state_ = BodyState::Failed;
  error_code_ = code;
  error_message_ = message;
  changed_.notify();
  schedule();
}

/// A failure found on this side.
void MessageSink::break_off(Errc code, std::string_view message) {
  fail(code, message);
  output_.on_sink_failed();
}

void MessageSink::fail(Errc code, std::string_view message, int number) {
  if (is_failed()) return;
  state_ = BodyState::Failed;
  error_code_ = code;
  error_number_ = number;
  error_message_ = message;
  drop_output();
  changed_.notify();
}

void MessageSink::drop_output() {
  phase_ = Phase::HeadSealed;
  chunk_.clear();
  wire_.clear();
  slot_ = {};
  wire_next_ = wire_bytes_ = chunk_bytes_ = 0;
  region_begin_ = used_;
}

void MessageSink::schedule() {
  if (flush_scheduled_) return;
  flush_scheduled_ = true;
  output_.schedule_flush();
}

void MessageSink::flush_scheduled() {
  flush_scheduled_ = false;
  if (state_ != BodyState::Open || phase_ == Phase::NoHead || blocked_) return;
  // Who writes a body in turns of the loop of its own is about to end a short one: then the whole
  // message is one packet, and its length known.
  if (phase_ == Phase::HeadGiven && written_ < kShort && put_off(kPatience)) return;
  if (phase_ == Phase::HeadGiven) seal_head(Whole::No);
  seal_chunk();
  send_wire();
}

bool MessageSink::put_off(uint8_t turns) {
  if (flushes_put_off_ >= turns) return false;
  ++flushes_put_off_;
  schedule();
  return true;
}

void MessageSink::unblock() {
  blocked_ = false;
  // The rest of this turn may still make it a whole message.
  if (phase_ == Phase::HeadGiven && state_ == BodyState::Open) {
    schedule();
  } else {
    on_writable();
  }
}

void MessageSink::push_interim(std::string_view text) {
  close_region();
  push_text(text);
  if (!blocked_) send_wire();
}

void MessageSink::on_writable() {
  blocked_ = false;
  if (is_failed()) return;
  if (phase_ == Phase::HeadSealed) seal_chunk();
  send_wire();
}

void MessageSink::begin_bulk(size_t window) {
  window_ = window;
  // Each write wakes who receives it: a copy is cheaper than that.
  in_place_ = std::max(kInPlace, window / 2);
  // With the frame of a chunk.
  next_buffer_ = window + 2 * kSlot;
}

void MessageSink::end_bulk(size_t window) {
  window_ = window;
  in_place_ = kInPlace;
  next_buffer_ = kNextBuffer;
  if (buffer_.capacity() <= kNextBuffer) return;
  close_region();
  buffer_ = ByteBuffer();
  used_ = region_begin_ = 0;
}

/// Memory for `size` bytes at `used_`, in the same buffer as the region if that has room.
std::byte* MessageSink::room(size_t size) {
  if (buffer_.capacity() - used_ < size) {
    close_region();
    const size_t next = buffer_.capacity() == 0 ? kFirstBuffer : next_buffer_;
    buffer_ = ByteBuffer(std::max(size, next));
    used_ = region_begin_ = 0;
  }
  return buffer_.data() + used_;
}

void MessageSink::copy_to_chunk(std::span<const std::byte> bytes) {
  const bool may_chunk = framing_ == Framing::Chunked || framing_ == Framing::Undecided;
  if (chunk_bytes_ == 0 && slot_.empty() && may_chunk) {
    slot_memory_ = room(kSlot);
    slot_ = buffer_.slice(used_, kSlot);
    used_ += kSlot;
    region_begin_ = used_;
  }
  chunk_bytes_ += bytes.size();
  while (!bytes.empty()) {
    std::byte* const memory = room(1);
    const size_t now = std::min(bytes.size(), buffer_.capacity() - used_);
    std::memcpy(memory, bytes.data(), now);
    used_ += now;
    bytes = bytes.subspan(now);
  }
}

void MessageSink::close_region() {
  if (used_ > region_begin_) chunk_.push_back(buffer_.slice(region_begin_, used_ - region_begin_));
  region_begin_ = used_;
}

void MessageSink::push_wire(Bytes bytes) {
  wire_bytes_ += bytes.size();
  wire_.push_back(std::move(bytes));
}

void MessageSink::push_text(std::string_view text) {
  std::byte* const memory = room(text.size());
  std::memcpy(memory, text.data(), text.size());
  push_wire(buffer_.slice(used_, text.size()));
  used_ += text.size();
  region_begin_ = used_;
}

void MessageSink::seal_chunk() {
  close_region();
  if (chunk_bytes_ == 0) return;
  const bool chunked = framing_ == Framing::Chunked;
  if (chunked) {
    std::array<char, kSlot> size;
    char* const end = std::to_chars(size.data(), size.data() + kSlot - 2, chunk_bytes_, 16).ptr;
    end[0] = '\r';
    end[1] = '\n';
    const size_t length = static_cast<size_t>(end + 2 - size.data());
    // Right-aligned, so that it stands directly before the bytes.
    std::memcpy(slot_memory_ + kSlot - length, size.data(), length);
    slot_.remove_prefix(kSlot - length);
    push_wire(std::move(slot_));
  }
  slot_ = {};
  for (Bytes& part : chunk_) push_wire(std::move(part));
  chunk_.clear();
  chunk_bytes_ = 0;
  if (chunked) push_text("\r\n");
}

void MessageSink::send_in_place(std::span<const std::byte> bytes) {
  if (phase_ == Phase::HeadGiven) seal_head(Whole::No);
  seal_chunk();
  const bool chunked = framing_ == Framing::Chunked;
  if (chunked) push_text(fmt::format("{:x}\r\n", bytes.size()));
  push_wire(Bytes(bytes, nullptr, nullptr));
  if (chunked) push_text("\r\n");
  send_wire();
  for (size_t i = wire_next_; i < wire_.size(); ++i) {
    Bytes& part = wire_[i];
    const bool inside = part.data() >= bytes.data() && part.data() < bytes.data() + bytes.size();
    if (inside) part = Bytes::copy_of(part.span());
  }
}

void MessageSink::send_wire() {
  std::array<iovec, kMaxParts> parts;
  while (wire_bytes_ > 0) {
    size_t count = 0;
    size_t offered = 0;
    for (size_t i = wire_next_; i < wire_.size(); ++i) {
      void* const data = const_cast<std::byte*>(wire_[i].data());
      const size_t size = wire_[i].size();
      if (count > 0 &&
          static_cast<std::byte*>(parts[count - 1].iov_base) + parts[count - 1].iov_len == data) {
        parts[count - 1].iov_len += size;
      } else if (count < kMaxParts) {
        parts[count++] = {.iov_base = data, .iov_len = size};
      } else {
        break;
      }
      offered += size;
    }
    const ssize_t sent = output_.write_now(std::span(parts.data(), count));
    if (sent < 0) {
      return break_off(Errc::Closed, fmt::format("the {} closed the connection", peer_));
    }
    wire_bytes_ -= static_cast<size_t>(sent);
    blocked_ = static_cast<size_t>(sent) < offered;
    for (auto left = static_cast<size_t>(sent); left > 0;) {
      const size_t now = std::min(left, wire_[wire_next_].size());
      wire_[wire_next_].remove_prefix(now);
      if (wire_[wire_next_].empty()) wire_[wire_next_++] = {};
      left -= now;
    }
    if (blocked_) break;
  }
  if (wire_bytes_ == 0) {
    wire_.clear();
    wire_next_ = 0;
    if (chunk_bytes_ == 0 && slot_.empty() && !buffer_.is_shared()) used_ = region_begin_ = 0;
  }
  changed_.notify();
}

}  // namespace wasmcloud::http::detail
