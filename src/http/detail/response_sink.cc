#include "http/detail/response_sink.h"

#include "http/detail/head_text.h"
#include "http/detail/served.h"

namespace wasmcloud::http::detail {
namespace {

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

}  // namespace

void ResponseSink::reset(const RequestHead& request) {
  begin();
  http10_ = request.version == Version::Http10;
  to_head_ = request.method.kind() == Method::Kind::Head;
  // After a response to CONNECT a client may take the connection for a tunnel.
  to_connect_ = request.method.kind() == Method::Kind::Connect;
  closes_ = to_connect_;
}

bool ResponseSink::discard() {
  if (!MessageSink::discard()) return false;
  closes_ = to_connect_;
  return true;
}

Result<void> ResponseSink::send_head(const ResponseHead& head) {
  if (is_failed()) return wasmcloud::fail(error());
  if (is_head_given())
    return wasmcloud::fail(Errc::Invalid, "the response's head was sent already");
  if (is_withdrawn()) discard();
  if (head.status < 200 || head.status > 999) {
    return wasmcloud::fail(Errc::Invalid,
                           "{} is no status of a final response; expected 200 to 999", head.status);
  }
  std::string& text = head_text();
  text.clear();
  append(text, status_line(head.status));
  if (text.empty()) {
    append(text, std::string_view("HTTP/1.1 "), Decimal(head.status).text(), std::string_view(" "),
           reason_phrase(head.status), std::string_view("\r\n"));
  }
  const bool no_body = to_head_ || head.status == 204 || head.status == 304;
  set_framing(no_body ? Framing::NoBody : Framing::Undecided);
  if (auto added = add_fields(head); !added) {
    set_framing(Framing::Undecided);
    undeclare_length();
    closes_ = to_connect_;
    return added;
  }
  if (!no_body && declared_length()) set_framing(Framing::Length);
  give_head();
  return {};
}

Result<void> ResponseSink::add_fields(const ResponseHead& head) {
  bool has_date = false;
  for (const auto [name, value] : head.headers) {
    if (is_connection_field(name)) {
      closes_ |= names_equal(name, "connection") && list_contains(value, "close");
      continue;
    }
    switch (name.size()) {
      case 4:
        has_date |= names_equal(name, "date");
        break;
      case 14:
        if (names_equal(name, "content-length")) {
          const bool repeated = declared_length().has_value();
          TRY(declare_length(value));
          if (repeated || head.status == 204) continue;
        }
        break;
      case 17:
        if (names_equal(name, "transfer-encoding")) {
          return wasmcloud::fail(Errc::Invalid, "transfer-encoding is for the server to set");
        }
        break;
      default:
        break;
    }
    append_field(head_text(), name, value);
  }
  if (!has_date) append_field(head_text(), "date", output_.date());
  return {};
}

Result<void> ResponseSink::respond(const ResponseHead& head, Bytes body) {
  // Nothing needs to be flushed before the end.
  const Together together(*this);
  auto result = send_head(head);
  if (result) result = write_owned(std::move(body));
  if (result) result = finish(nullptr);
  return result;
}

void ResponseSink::end_fields() {
  closes_ |= is_delimited_by_close() || !output_.may_keep_alive();
  if (closes_) {
    head_text().append("connection: close\r\n");
  } else if (http10_) {
    head_text().append("connection: keep-alive\r\n");
  }
}

/// If none of it was sent, the client gets another response: the handler's, or ours if that does
/// not come soon.
void ResponseSink::give_up(Errc code, std::string_view message) {
  if (!discard()) return break_off(code, message);
  withdraw(code, message);
}

void ResponseSink::flush_scheduled() {
  MessageSink::flush_scheduled();
  if (is_withdrawn() && !put_off(kTurnsForAnother)) send_refusal(500, reason_phrase(500));
}

void ResponseSink::send_continue() {
  if (is_head_sealed() || state() != BodyState::Open) return;
  push_interim("HTTP/1.1 100 Continue\r\n\r\n");
}

void ResponseSink::send_refusal(uint16_t status, std::string_view reason) {
  ResponseHead head{.status = status, .headers = {}};
  head.headers.append_valid("content-type", "text/plain; charset=utf-8");
  head.headers.append_valid("connection", "close");
  static_cast<void>(respond(head, Bytes::copy_of(fmt::format("{}\n", reason))));
}

}  // namespace wasmcloud::http::detail
