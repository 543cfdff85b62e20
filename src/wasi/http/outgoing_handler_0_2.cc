#include "wasi/http/bindings_0_2.h"
#include "wasi/http/client_handles_0_2.h"
#include "wasi/http/error_code.h"
#include "wasi/http/handles_0_2.h"
#include "wasi/http/request_rules.h"
#include "wasi/http/sent_request.h"

namespace wasmcloud::wasi::http::v0_2 {

using component::guest_error;
using wasmcloud::http::ClientTimeouts;
using wasmcloud::http::RequestHead;
using wit::types::ErrorCode;

namespace {

ClientTimeouts timeouts_of(const RequestOptionsHandle* options) {
  ClientTimeouts timeouts;
  if (options == nullptr) return timeouts;
  limit(timeouts.connect, options->connect_limit());
  limit(timeouts.first_byte, options->first_byte_limit());
  limit(timeouts.between_bytes, options->between_bytes_limit());
  return timeouts;
}

}  // namespace

std::expected<RequestHead, ErrorCode> OutgoingRequestHandle::head() const {
  return make_head<ErrorCode>(method_, scheme_, authority_.value_or(""),
                              path_with_query_.value_or("/"), *headers_);
}

Result<std::expected<std::unique_ptr<wit::types::FutureIncomingResponse>, ErrorCode>>
OutgoingHandlerInterface::handle(
    std::unique_ptr<wit::types::OutgoingRequest> request,
    std::optional<std::unique_ptr<wit::types::RequestOptions>> options) {
  auto& guest_request = static_cast<OutgoingRequestHandle&>(*request);
  auto head = guest_request.head();
  if (!head) return guest_error(std::move(head).error());
  const auto* const limits =
      options ? static_cast<const RequestOptionsHandle*>(options->get()) : nullptr;
  auto sent =
      send_if_allowed<error_code_of>(context_, std::move(*head), timeouts_of(limits), denial_told_);
  if (!sent) return guest_error(std::move(sent).error());
  guest_request.give_body_to(sent->exchange->request_body(), sent->exchange);
  return std::make_unique<FutureIncomingResponseHandle>(
      context_, make_ref<OutgoingExchange>(std::move(sent->exchange), std::move(sent->share)));
}

}  // namespace wasmcloud::wasi::http::v0_2
