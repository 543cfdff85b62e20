#pragma once

#include "http/detail/message_parser.h"
#include "http/message.h"

namespace wasmcloud::http::detail {

/// One response after the other, as a client reads them. Interim ones (1xx) are messages too.
class ResponseParser final : public MessageParser {
 public:
  explicit ResponseParser(const ParserLimits& limits);

  /// Begins the next response, which is written to `head`. `to_head`: it answers HEAD.
  void reset(ResponseHead& head, bool to_head);

  /// The connection has ended. True if that ends the response, false if it cut it off.
  bool end();

 private:
  void on_response(unsigned status) override;
  void on_own_field(int id, std::string_view value) override;
  bool on_fields_done() override;

  ResponseHead* head_ = nullptr;
  bool to_head_ = false;
};

}  // namespace wasmcloud::http::detail
