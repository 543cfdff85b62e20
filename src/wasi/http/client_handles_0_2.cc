#include "wasi/http/client_handles_0_2.h"

#include "wasi/context.h"
#include "wasi/http/error_code.h"
#include "wasi/http/handles_0_2.h"
#include "wasi/io/bindings_0_2.h"

namespace wasmcloud::wasi::http::v0_2 {

using component::guest_error;
using wit::types::ErrorCode;

Result<std::unique_ptr<wit::types::Pollable>> FutureIncomingResponseHandle::subscribe() {
  return io::v0_2::make_pollable(context_.loop(), exchange_);
}

Result<std::optional<std::expected<
    std::expected<std::unique_ptr<wit::types::IncomingResponse>, ErrorCode>, std::monostate>>>
FutureIncomingResponseHandle::get() {
  using Answer = std::expected<std::unique_ptr<wit::types::IncomingResponse>, ErrorCode>;
  using Got = std::optional<std::expected<Answer, std::monostate>>;
  if (!exchange_->is_ready()) return Got();
  if (std::exchange(taken_, true)) return Got(std::unexpected(std::monostate()));
  auto head = exchange_->client().take_head();
  if (!head) return Got(Answer(std::unexpected(error_code_of(head.error()))));
  return Got(Answer(std::make_unique<IncomingResponseHandle>(
      context_, exchange_, head->status,
      FieldMap::received(head->headers, context_.http_budget()))));
}

Result<std::unique_ptr<wit::types::Fields>> IncomingResponseHandle::headers() {
  return make_fields(headers_, FieldSet::Mode::Immutable);
}

Result<std::expected<std::unique_ptr<wit::types::IncomingBody>, std::monostate>>
IncomingResponseHandle::consume() {
  if (std::exchange(consumed_, true)) return guest_error(std::monostate());
  std::unique_ptr<wit::types::IncomingBody> body = std::make_unique<IncomingBodyHandle>(
      context_.loop(),
      make_ref<http::IncomingBody>(exchange_->client().response_body(), exchange_));
  return std::move(body);
}

}  // namespace wasmcloud::wasi::http::v0_2
