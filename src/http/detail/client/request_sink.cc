#include "http/detail/client/request_sink.h"

#include "http/detail/client/request_rules.h"
#include "http/detail/head_text.h"
#include "http/failure.h"

namespace wasmcloud::http::detail {
namespace {

/// "requests that have been sent using idempotent methods" may be repeated (RFC 9110,
/// section 9.2.2).
bool is_idempotent(const Method& method) {
  switch (method.kind()) {
    case Method::Kind::Get:
    case Method::Kind::Head:
    case Method::Kind::Put:
    case Method::Kind::Delete:
    case Method::Kind::Options:
    case Method::Kind::Trace:
      return true;
    default:
      return false;
  }
}

bool expects_body(const Method& method) {
  switch (method.kind()) {
    case Method::Kind::Post:
    case Method::Kind::Put:
    case Method::Kind::Patch:
      return true;
    default:
      return false;
  }
}

}  // namespace

Result<void> RequestSink::send_head(const RequestHead& head, const Proxy* relay) {
  const std::string_view target = TRY(request_target(head));
  begin();
  std::string& text = head_text();
  text.clear();
  append(text, head.method.text(), std::string_view(" "));
  // absolute-form, "when making a request to a proxy"; "*" is no part of one (RFC
  // 9112, 3.2.2, 3.2.4)
  if (relay != nullptr)
    append(text, scheme_text(head.scheme), std::string_view("://"),
           std::string_view(head.authority));
  append(text, relay != nullptr && target == "*" ? std::string_view() : target,
         std::string_view(" HTTP/1.1\r\nhost: "), std::string_view(head.authority),
         std::string_view("\r\n"));
  if (relay != nullptr && !relay->authorization.empty())
    append_field(text, "proxy-authorization", relay->authorization.reveal());
  for (const auto [name, value] : head.headers) {
    if (is_clients_own(name)) continue;
    if (names_equal(name, "content-length")) {
      const bool repeated = declared_length().has_value();
      if (!declare_length(value)) {
        return wasmcloud::fail(
            make_failure(Failure::RequestBodySize,
                         fmt::format("content-length \"{}\" is no number of bytes", value)));
      }
      if (repeated) continue;
    }
    append_field(text, name, value);
  }
  if (declared_length()) set_framing(Framing::Length);
  expects_body_ = expects_body(head.method);
  is_safe_to_repeat_ = is_idempotent(head.method);
  head_size_ = text.size();
  block();
  give_head();
  return {};
}

void RequestSink::repeat() {
  const bool declares = declared_length().has_value();
  drop_output();
  begin();
  // What sealing it added is added again.
  head_text().resize(head_size_);
  if (declares) {
    static_cast<void>(declare_length("0"));
    set_framing(Framing::Length);
  }
  block();
  give_head();
  static_cast<void>(MessageSink::finish(nullptr));
}

Result<void> RequestSink::finish(const Headers* trailers) {
  const bool has_trailers = trailers != nullptr && !trailers->empty();
  is_bodiless_ = is_safe_to_repeat_ && written() == 0 && !has_trailers;
  return MessageSink::finish(trailers);
}

}  // namespace wasmcloud::http::detail
