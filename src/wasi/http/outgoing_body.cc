#include "wasi/http/outgoing_body.h"

namespace wasmcloud::wasi::http {

using wasmcloud::http::BodyState;

namespace {
constexpr size_t kMaxEarly = size_t{64} << 10;
}

void OutgoingBody::attach(wasmcloud::http::BodyWriter& writer, Ref<Counted> owner) {
  writer_ = &writer;
  owner_ = std::move(owner);
  if (!early_.empty()) {
    // A failure shows in the writer's state, which is asked from now on.
    static_cast<void>(writer_->write_owned(Bytes(std::exchange(early_, {}))));
    static_cast<void>(early_share_.resize(0));
  }
  if (end_ == End::Finished) static_cast<void>(finish_writer());
  if (end_ == End::Aborted) writer_->abort();
  notify();
}

void OutgoingBody::close() {
  closed_ = true;
  early_ = {};
  static_cast<void>(early_share_.resize(0));
  notify();
}

Result<void> OutgoingBody::finish(Ref<FieldMap> trailers) {
  end_ = End::Finished;
  trailers_ = std::move(trailers);
  if (writer_ == nullptr) return {};
  return finish_writer();
}

Result<void> OutgoingBody::finish_writer() {
  auto result = writer_->finish(trailers_ ? &trailers_->headers() : nullptr);
  trailers_ = nullptr;
  return result;
}

void OutgoingBody::abort() {
  if (end_ != End::Open) return;
  end_ = End::Aborted;
  if (writer_ != nullptr) writer_->abort();
}

bool OutgoingBody::is_ready() {
  if (closed_ || end_ != End::Open) return true;
  if (writer_ == nullptr) return early_.size() < kMaxEarly;
  return writer_->is_writable();
}

Result<size_t> OutgoingBody::check_write() {
  if (closed_ || end_ != End::Open) return fail(Errc::Closed, "the body has ended");
  if (writer_ == nullptr) return kMaxEarly - early_.size();
  if (writer_->state() == BodyState::Open) return writer_->capacity();
  if (failure_told_ || writer_->state() == BodyState::Ended) {
    return fail(Errc::Closed, "the body has ended");
  }
  failure_told_ = true;
  Error error = writer_->error();
  if (error.code() == Errc::Closed) {
    return fail(Error(Errc::Refused, error.message()).with_number(error.number()));
  }
  return fail(std::move(error));
}

Result<void> OutgoingBody::write(std::span<const std::byte> bytes) {
  written_ += bytes.size();
  if (writer_ != nullptr) return writer_->write(bytes);
  TRY(early_share_.resize(early_.size() + bytes.size()));
  early_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return {};
}

Result<void> OutgoingBody::write(Bytes bytes) {
  if (writer_ == nullptr) return write(bytes.span());
  written_ += bytes.size();
  return writer_->write_owned(std::move(bytes));
}

void OutgoingBody::listen(Signal::Listener& listener) {
  // The guest that sets the head is the one that waits here, so waiting comes after `attach`.
  if (writer_ == nullptr) {
    io::Sink::listen(listener);
  } else {
    listener.listen(writer_->changed());
  }
}

}  // namespace wasmcloud::wasi::http
