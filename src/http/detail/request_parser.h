#pragma once

#include "http/detail/message_parser.h"
#include "http/message.h"

namespace wasmcloud::http::detail {

/// One request after the other, as a server reads them.
class RequestParser final : public MessageParser {
 public:
  explicit RequestParser(const ParserLimits& limits);

  /// Begins the next request, which is written to `head`.
  void reset(RequestHead& head);

  /// Known once the head is done: the client waits to be told that it may send the body.
  bool expects_continue() const { return expects_continue_ && content_length() != 0U; }

 private:
  void on_request(std::string_view method, std::string_view target) override;
  void on_own_field(int id, std::string_view value) override;
  bool on_fields_done() override;
  void parse_target(std::string_view target);

  RequestHead* head_ = nullptr;
  unsigned hosts_ = 0;
  bool expects_continue_ = false;
};

}  // namespace wasmcloud::http::detail
