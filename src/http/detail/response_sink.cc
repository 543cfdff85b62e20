#include "http/detail/response_sink.h"

#include "base/check.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace wasmcloud::http::detail {
namespace {

/// Room for a chunk's size in hexadecimal and CRLF.
constexpr size_t kSlot = 18;
/// Written bytes of at least this size are sent from where they are, if the socket takes them;
/// below it, a copy is cheaper than a system call.
constexpr size_t kInPlace = size_t{16} * 1024;
/// Owned bytes of less than this are copied: cheaper than a part of their own.
constexpr size_t kCopyOwned = 1024;
constexpr size_t kFirstBuffer = 4096;
constexpr size_t kNextBuffer = size_t{16} * 1024;
constexpr size_t kMaxParts = 64;

std::string_view status_line(uint16_t status) {
  switch (status) {
    case 200:
      return "HTTP/1.1 200 OK\r\n";
    case 204:
      return "HTTP/1.1 204 No Content\r\n";
    case 404:
      return "HTTP/1.1 404 Not Found\r\n";
    case 500:
      return "HTTP/1.1 500 Internal Server Error\r\n";
    default:
      return {};
  }
}

/// A number in decimal, without allocating.
class Decimal {
 public:
  explicit Decimal(uint64_t number)
      : size_(static_cast<size_t>(
            std::to_chars(digits_.data(), digits_.data() + digits_.size(), number).ptr -
            digits_.data())) {}
  std::string_view text() const { return {digits_.data(), size_}; }

 private:
  std::array<char, 20> digits_;
  size_t size_;
};

char* put(char* at, std::string_view text) {
  if (!text.empty()) std::memcpy(at, text.data(), text.size());
  return at + text.size();
}

/// One growth instead of one for each part: this is on the way of every response.
template <class... Parts>
void append(std::string& text, Parts... parts) {
  const size_t before = text.size();
  const size_t after = before + (parts.size() + ...);
  // libstdc++ 12 may pass more than was asked for.
  text.resize_and_overwrite(after, [&](char* data, size_t) {
    char* at = data + before;
    ((at = put(at, parts)), ...);
    return after;
  });
}

void append_field(std::string& text, std::string_view name, std::string_view value) {
  append(text, name, std::string_view(": "), value, std::string_view("\r\n"));
}

std::optional<uint64_t> parse_number(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

void ResponseSink::reset(const RequestHead& request) {
  DCHECK(pending() == 0);
  phase_ = Phase::NoHead;
  framing_ = Framing::Undecided;
  state_ = BodyState::Open;
  http10_ = request.version == Version::Http10;
  to_head_ = request.method.kind() == Method::Kind::Head;
  // After a response to CONNECT a client may take the connection for a tunnel.
  to_connect_ = request.method.kind() == Method::Kind::Connect;
  closes_ = to_connect_;
  declared_.reset();
  written_ = 0;
}

bool ResponseSink::discard() {
  if (phase_ == Phase::HeadSealed) return false;
  chunk_.clear();
  slot_ = {};
  region_begin_ = used_;
  chunk_bytes_ = 0;
  phase_ = Phase::NoHead;
  framing_ = Framing::Undecided;
  state_ = BodyState::Open;
  closes_ = to_connect_;
  declared_.reset();
  written_ = 0;
  return true;
}

Result<void> ResponseSink::send_head(const ResponseHead& head) {
  if (is_failed()) return wasmcloud::fail(error());
  if (phase_ != Phase::NoHead)
    return wasmcloud::fail(Errc::Invalid, "the response's head was sent already");
  if (is_withdrawn()) discard();
  if (head.status < 200 || head.status > 999) {
    return wasmcloud::fail(Errc::Invalid,
                           "{} is no status of a final response; expected 200 to 999", head.status);
  }
  head_.clear();
  append(head_, status_line(head.status));
  if (head_.empty()) {
    append(head_, std::string_view("HTTP/1.1 "), Decimal(head.status).text(), std::string_view(" "),
           reason_phrase(head.status), std::string_view("\r\n"));
  }
  const bool no_body = to_head_ || head.status == 204 || head.status == 304;
  if (no_body) framing_ = Framing::NoBody;
  if (auto added = add_fields(head); !added) {
    framing_ = Framing::Undecided;
    declared_.reset();
    closes_ = to_connect_;
    return added;
  }
  if (!no_body && declared_) framing_ = Framing::Length;
  phase_ = Phase::HeadGiven;
  schedule();
  return {};
}

Result<void> ResponseSink::add_fields(const ResponseHead& head) {
  bool has_date = false;
  for (const auto [name, value] : head.headers) {
    switch (name.size()) {
      case 4:
        has_date |= names_equal(name, "date");
        break;
      case 7:
        if (names_equal(name, "upgrade")) continue;
        break;
      case 10:
        if (names_equal(name, "connection")) {
          closes_ |= list_contains(value, "close");
          continue;
        }
        if (names_equal(name, "keep-alive")) continue;
        break;
      case 14:
        if (names_equal(name, "content-length")) {
          const auto number = parse_number(value);
          if (!number || (declared_ && declared_ != number)) {
            return wasmcloud::fail(Errc::Invalid,
                                   "content-length \"{}\" is no number of bytes, or the second one",
                                   value);
          }
          if (declared_ || head.status == 204) continue;
          declared_ = number;
        }
        break;
      case 16:
        if (names_equal(name, "proxy-connection")) continue;
        break;
      case 17:
        if (names_equal(name, "transfer-encoding")) {
          return wasmcloud::fail(Errc::Invalid, "transfer-encoding is for the server to set");
        }
        break;
      default:
        break;
    }
    append_field(head_, name, value);
  }
  if (!has_date) append_field(head_, "date", output_.date());
  return {};
}

Result<void> ResponseSink::respond(const ResponseHead& head, Bytes body) {
  // Nothing needs to be flushed before the end.
  const bool scheduled = std::exchange(flush_scheduled_, true);
  auto result = send_head(head);
  if (result) result = write_owned(std::move(body));
  if (result) result = finish(nullptr);
  flush_scheduled_ = scheduled;
  return result;
}

void ResponseSink::seal_head(Whole whole) {
  if (framing_ == Framing::Undecided) {
    if (whole == Whole::Yes) {
      framing_ = Framing::Length;
      append_field(head_, "content-length", Decimal(written_).text());
    } else if (http10_) {
      framing_ = Framing::Close;
      closes_ = true;
    } else {
      framing_ = Framing::Chunked;
      head_.append("transfer-encoding: chunked\r\n");
    }
  }
  closes_ |= !output_.may_keep_alive();
  if (closes_) {
    head_.append("connection: close\r\n");
  } else if (http10_) {
    head_.append("connection: keep-alive\r\n");
  }
  append(head_, std::string_view("\r\n"));
  phase_ = Phase::HeadSealed;
  push_wire(Bytes::from_static(head_));
}

size_t ResponseSink::capacity() const {
  if (state_ != BodyState::Open || phase_ == Phase::NoHead) return 0;
  return window_ - std::min(window_, queued());
}

Error ResponseSink::error() const { return {error_code_, error_message_}; }

Result<bool> ResponseSink::admit(size_t size) {
  switch (state_) {
    case BodyState::Open:
      break;
    case BodyState::Ended:
      return wasmcloud::fail(Errc::Invalid, "the response was finished already");
    case BodyState::Failed:
      return wasmcloud::fail(error());
  }
  if (phase_ == Phase::NoHead)
    return wasmcloud::fail(Errc::Invalid, "the response has no head yet");
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

Result<void> ResponseSink::write(std::span<const std::byte> bytes) {
  if (!TRY(admit(bytes.size()))) return {};
  if (bytes.size() >= kInPlace && !blocked_) {
    send_in_place(bytes);
    if (state_ == BodyState::Failed) return wasmcloud::fail(error());
    return {};
  }
  copy_to_chunk(bytes);
  schedule();
  return {};
}

Result<void> ResponseSink::write_owned(Bytes bytes) {
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

Result<void> ResponseSink::finish(const Headers* trailers) {
  if (state_ == BodyState::Failed) return wasmcloud::fail(error());
  if (state_ == BodyState::Ended)
    return wasmcloud::fail(Errc::Invalid, "the response was finished already");
  if (phase_ == Phase::NoHead)
    return wasmcloud::fail(Errc::Invalid, "the response has no head yet");
  if (framing_ == Framing::Length && written_ != *declared_) {
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
    seal_head(has_trailers && !http10_ ? Whole::No : Whole::Yes);
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

void ResponseSink::abort() {
  if (state_ == BodyState::Open) give_up(Errc::Cancelled, "the response was aborted");
}

/// The response as the handler gave it cannot be. If none of it was sent, the client gets another
/// one: the handler's, or ours in the next turn of the loop, since the handler may go on for long.
void ResponseSink::give_up(Errc code, std::string_view message) {
  if (!discard()) return break_off(code, message);
  state_ = BodyState::Failed;
  error_code_ = code;
  error_message_ = message;
  changed_.notify();
  schedule();
}

/// A failure found on this side.
void ResponseSink::break_off(Errc code, std::string_view message) {
  fail(code, message);
  output_.on_response_failed();
}

void ResponseSink::fail(Errc code, std::string_view message) {
  if (is_failed()) return;
  state_ = BodyState::Failed;
  error_code_ = code;
  error_message_ = message;
  phase_ = Phase::HeadSealed;
  chunk_.clear();
  wire_.clear();
  slot_ = {};
  wire_next_ = wire_bytes_ = chunk_bytes_ = 0;
  changed_.notify();
}

void ResponseSink::schedule() {
  if (flush_scheduled_) return;
  flush_scheduled_ = true;
  output_.schedule_flush();
}

void ResponseSink::flush_scheduled() {
  flush_scheduled_ = false;
  if (is_withdrawn()) return send_refusal(500, reason_phrase(500));
  if (state_ != BodyState::Open || phase_ == Phase::NoHead || blocked_) return;
  if (phase_ == Phase::HeadGiven) seal_head(Whole::No);
  seal_chunk();
  send_wire();
}

void ResponseSink::on_writable() {
  blocked_ = false;
  if (is_failed()) return;
  if (phase_ == Phase::HeadSealed) seal_chunk();
  send_wire();
}

void ResponseSink::send_continue() {
  if (phase_ == Phase::HeadSealed || state_ != BodyState::Open) return;
  close_region();
  push_text("HTTP/1.1 100 Continue\r\n\r\n");
  if (!blocked_) send_wire();
}

void ResponseSink::send_refusal(uint16_t status, std::string_view reason) {
  ResponseHead head{.status = status, .headers = {}};
  head.headers.append_valid("content-type", "text/plain; charset=utf-8");
  head.headers.append_valid("connection", "close");
  static_cast<void>(respond(head, Bytes::copy_of(fmt::format("{}\n", reason))));
}

/// Memory for `size` bytes at `used_`, in the same buffer as the region if that has room.
std::byte* ResponseSink::room(size_t size) {
  if (buffer_.capacity() - used_ < size) {
    close_region();
    const size_t next = buffer_.capacity() == 0 ? kFirstBuffer : kNextBuffer;
    buffer_ = ByteBuffer(std::max(size, next));
    used_ = region_begin_ = 0;
  }
  return buffer_.data() + used_;
}

void ResponseSink::copy_to_chunk(std::span<const std::byte> bytes) {
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

void ResponseSink::close_region() {
  if (used_ > region_begin_) chunk_.push_back(buffer_.slice(region_begin_, used_ - region_begin_));
  region_begin_ = used_;
}

void ResponseSink::push_wire(Bytes bytes) {
  wire_bytes_ += bytes.size();
  wire_.push_back(std::move(bytes));
}

void ResponseSink::push_text(std::string_view text) {
  std::byte* const memory = room(text.size());
  std::memcpy(memory, text.data(), text.size());
  push_wire(buffer_.slice(used_, text.size()));
  used_ += text.size();
  region_begin_ = used_;
}

void ResponseSink::seal_chunk() {
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

void ResponseSink::send_in_place(std::span<const std::byte> bytes) {
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

void ResponseSink::send_wire() {
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
      return break_off(Errc::Closed, "the client closed the connection");
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
