#pragma once

#include "base/log.h"
#include "http/client.h"
#include "wasi/context.h"
#include "wasi/http/fields.h"
#include "wasi/http/request_rules.h"
#include "wasi/told.h"

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

// What both generations do alike with requests: their types have the same cases and differ in name.
namespace wasmcloud::wasi::http {

template <class Method>
Method method_to_wit(const wasmcloud::http::Method& method) {
  using Kind = wasmcloud::http::Method::Kind;
  switch (method.kind()) {
    case Kind::Get:
      return Method::get();
    case Kind::Head:
      return Method::head();
    case Kind::Post:
      return Method::post();
    case Kind::Put:
      return Method::put();
    case Kind::Delete:
      return Method::delete_();
    case Kind::Connect:
      return Method::connect();
    case Kind::Options:
      return Method::options();
    case Kind::Trace:
      return Method::trace();
    case Kind::Patch:
      return Method::patch();
    case Kind::Other:
      break;
  }
  return Method::other(std::string(method.text()));
}

/// The head of a guest's request. Errors: what no request can say.
template <class ErrorCode, class Method, class Scheme>
std::expected<wasmcloud::http::RequestHead, ErrorCode> make_head(
    const Method& method, const std::optional<Scheme>& scheme, std::string_view authority,
    std::string path_with_query, const FieldMap& fields) {
  using Kind = wasmcloud::http::Method::Kind;
  using Tag = typename Method::Tag;
  // Methods stand in the order of wasi:http.
  static_assert(static_cast<int>(Kind::Get) == static_cast<int>(Tag::Get) &&
                static_cast<int>(Kind::Connect) == static_cast<int>(Tag::Connect) &&
                static_cast<int>(Kind::Patch) == static_cast<int>(Tag::Patch) &&
                static_cast<int>(Kind::Other) == static_cast<int>(Tag::Other));
  wasmcloud::http::RequestHead head;
  if (method.is_other()) {
    auto parsed = wasmcloud::http::Method::parse(method.get_other());
    if (!parsed) return std::unexpected(ErrorCode::http_request_method_invalid());
    head.method = std::move(*parsed);
  } else {
    head.method = static_cast<Kind>(method.tag());
  }
  if (scheme && scheme->is_other()) return std::unexpected(ErrorCode::http_protocol_error());
  // Without a word about it, a request is not sent in the clear.
  head.scheme =
      scheme && scheme->is_http() ? wasmcloud::http::Scheme::Http : wasmcloud::http::Scheme::Https;
  head.authority = authority;
  head.path_with_query = std::move(path_with_query);
  head.headers = fields.headers();
  if (is_grpc(head.headers)) head.version = wasmcloud::http::Version::Http2;
  return head;
}

struct SentRequest {
  Ref<wasmcloud::http::ClientExchange> exchange;
  Share share;  ///< of the exchanges that the guest may have under way
};

/// Sends it if the guest may. `denial_told`: the log knows that it may not everything.
template <auto kCodeOf>
std::expected<SentRequest, CodeOf<kCodeOf>> send_if_allowed(
    Context& context, wasmcloud::http::RequestHead head,
    const wasmcloud::http::ClientTimeouts& timeouts, bool& denial_told) {
  using ErrorCode = CodeOf<kCodeOf>;
  if (!context.environment().egress.allows(head.scheme, head.authority)) {
    if (!std::exchange(denial_told, true)) {
      log::warn("a guest may not send requests to {}://{}: no allowed host covers it",
                wasmcloud::http::scheme_text(head.scheme), head.authority);
    }
    return std::unexpected(ErrorCode::http_request_denied());
  }
  Share share(context.exchanges());
  if (context.http_client() == nullptr || !share.resize(1)) {
    return std::unexpected(ErrorCode::connection_limit_reached());
  }
  auto sent = context.http_client()->send(std::move(head), timeouts);
  if (!sent) return std::unexpected(kCodeOf(sent.error()));
  return SentRequest{.exchange = std::move(*sent), .share = std::move(share)};
}

}  // namespace wasmcloud::wasi::http
