#include "http/detail/client/request_sink.h"

#include "http/detail/client/request_target.h"
#include "http/detail/head_text.h"
#include "http/failure.h"

namespace wasmcloud::http::detail {
namespace {

/// What the client says by itself, or leaves out: it concerns the connection, not the message.
bool is_own_field(std::string_view name) {
  switch (name.size()) {
    case 4:
      return names_equal(name, "host");
    case 7:
      return names_equal(name, "upgrade");
    case 10:
      return names_equal(name, "connection") || names_equal(name, "keep-alive");
    case 14:
      return names_equal(name, "http2-settings");
    case 16:
      return names_equal(name, "proxy-connection");
    case 17:
      return names_equal(name, "transfer-encoding");
    default:
      return false;
  }
}

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

Result<void> RequestSink::send_head(const RequestHead& head) {
  const std::string_view target = TRY(request_target(head));
  begin();
  start_.clear();
  append(start_, head.method.text(), std::string_view(" "), target,
         std::string_view(" HTTP/1.1\r\nhost: "), std::string_view(head.authority),
         std::string_view("\r\n"));
  for (const auto [name, value] : head.headers) {
    if (is_own_field(name)) continue;
    if (names_equal(name, "content-length")) {
      const bool repeated = declared_length().has_value();
      if (!declare_length(value)) {
        return wasmcloud::fail(
            make_failure(Failure::RequestBodySize,
                         fmt::format("content-length \"{}\" is no number of bytes", value)));
      }
      if (repeated) continue;
    }
    append_field(start_, name, value);
  }
  if (declared_length()) set_framing(Framing::Length);
  expects_body_ = expects_body(head.method);
  is_safe_to_repeat_ = is_idempotent(head.method);
  head_text() = start_;
  block();
  give_head();
  return {};
}

void RequestSink::repeat() {
  drop_output();
  begin();
  head_text() = start_;
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
