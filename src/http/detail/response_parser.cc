#include "http/detail/response_parser.h"

#include "http/detail/message_grammar.h"

namespace wasmcloud::http::detail {

ResponseParser::ResponseParser(const ParserLimits& limits)
    : MessageParser(limits, Kind::Response) {}

void ResponseParser::reset(ResponseHead& head, bool to_head) {
  head_ = &head;
  to_head_ = to_head;
  begin(head.headers);
  grammar().reset(to_head);
}

void ResponseParser::on_response(unsigned status) {
  if (status < 100) return refuse(400, "the response's status is below 100");
  head_->status = static_cast<uint16_t>(status);
}

void ResponseParser::on_own_field(int, std::string_view) {}

bool ResponseParser::on_fields_done() {
  return !to_head_ && head_->status >= 200 && head_->status != 204 && head_->status != 304;
}

bool ResponseParser::end() {
  if (done()) return true;
  if (!head_done()) return false;
  Grammar::Error error;
  grammar().put_end(error);
  if (error) return false;
  set_done();
  return true;
}

}  // namespace wasmcloud::http::detail
