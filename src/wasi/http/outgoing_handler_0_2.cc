#include "base/log.h"
#include "wasi/context.h"
#include "wasi/http/bindings_0_2.h"
#include "wasi/http/client_handles_0_2.h"
#include "wasi/http/error_code.h"
#include "wasi/http/handles_0_2.h"
#include "wasi/http/request_rules.h"

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

using HttpMethod = wasmcloud::http::Method;
using Tag = wit::types::Method::Tag;
// Methods stand in the order of wasi:http.
static_assert(static_cast<int>(HttpMethod::Kind::Get) == static_cast<int>(Tag::Get) &&
              static_cast<int>(HttpMethod::Kind::Connect) == static_cast<int>(Tag::Connect) &&
              static_cast<int>(HttpMethod::Kind::Patch) == static_cast<int>(Tag::Patch) &&
              static_cast<int>(HttpMethod::Kind::Other) == static_cast<int>(Tag::Other));

}  // namespace

std::expected<RequestHead, ErrorCode> OutgoingRequestHandle::head() const {
  RequestHead head;
  if (method_.is_other()) {
    auto parsed = HttpMethod::parse(method_.get_other());
    if (!parsed) return std::unexpected(ErrorCode::http_request_method_invalid());
    head.method = std::move(*parsed);
  } else {
    head.method = static_cast<HttpMethod::Kind>(method_.tag());
  }
  if (scheme_ && scheme_->is_other()) return std::unexpected(ErrorCode::http_protocol_error());
  // Without a word about it, a request is not sent in the clear.
  head.scheme = scheme_ && scheme_->is_http() ? wasmcloud::http::Scheme::Http
                                              : wasmcloud::http::Scheme::Https;
  head.authority = authority_.value_or("");
  head.path_with_query = path_with_query_.value_or("/");
  head.headers = headers_->headers();
  if (is_grpc(head.headers)) head.version = wasmcloud::http::Version::Http2;
  return head;
}

Result<std::expected<std::unique_ptr<wit::types::FutureIncomingResponse>, ErrorCode>>
OutgoingHandlerInterface::handle(
    std::unique_ptr<wit::types::OutgoingRequest> request,
    std::optional<std::unique_ptr<wit::types::RequestOptions>> options) {
  auto& guest_request = static_cast<OutgoingRequestHandle&>(*request);
  auto head = guest_request.head();
  if (!head) return guest_error(std::move(head).error());
  if (!context_.environment().egress.allows(head->scheme, head->authority)) {
    if (!std::exchange(denial_told_, true)) {
      log::warn("a guest may not send requests to {}://{}: no allowed host covers it",
                wasmcloud::http::scheme_text(head->scheme), head->authority);
    }
    return guest_error(ErrorCode::http_request_denied());
  }
  Share share(context_.exchanges());
  if (context_.http_client() == nullptr || !share.resize(1)) {
    return guest_error(ErrorCode::connection_limit_reached());
  }
  const auto* const limits =
      options ? static_cast<const RequestOptionsHandle*>(options->get()) : nullptr;
  auto sent = context_.http_client()->send(std::move(*head), timeouts_of(limits));
  if (!sent) return guest_error(error_code_of(sent.error()));
  guest_request.give_body_to((*sent)->request_body(), *sent);
  return std::make_unique<FutureIncomingResponseHandle>(
      context_, make_ref<OutgoingExchange>(std::move(*sent), std::move(share)));
}

}  // namespace wasmcloud::wasi::http::v0_2
