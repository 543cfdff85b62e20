#include "wasi/http/incoming_body.h"

namespace wasmcloud::wasi::http {

using wasmcloud::http::BodyState;

namespace {
constexpr size_t kDropAtOnce = size_t{64} << 10;
}

Result<Bytes> IncomingBody::read(size_t max) {
  if (max == 0) return Bytes();
  Bytes bytes = reader_.try_read(max);
  if (!bytes.empty()) return bytes;
  switch (reader_.state()) {
    case BodyState::Open:
      return Bytes();
    case BodyState::Ended:
      return fail(Errc::Closed, "the end of the body");
    case BodyState::Failed:
      break;
  }
  if (failure_told_) return fail(Errc::Closed, "the body failed before");
  failure_told_ = true;
  Error error = reader_.error();
  // `Closed` would read as the end of a whole body.
  if (error.code() == Errc::Closed) {
    return fail(Error(Errc::Refused, error.message()).with_number(error.number()));
  }
  return fail(std::move(error));
}

bool IncomingTrailers::is_ready() {
  while (!body_->reader().try_read(kDropAtOnce).empty()) {
  }
  return body_->reader().state() != BodyState::Open;
}

Result<Ref<FieldMap>> IncomingTrailers::get(Ref<Budget> budget) const {
  auto& reader = body_->reader();
  if (reader.state() == BodyState::Failed) return fail(reader.error());
  if (reader.trailers().empty()) return Ref<FieldMap>();
  return FieldMap::received(reader.trailers(), std::move(budget));
}

}  // namespace wasmcloud::wasi::http
