#pragma once

#include "base/loop.h"
#include "http/server.h"
#include "wasi/http/incoming_body.h"
#include "wasi/http/outgoing_body.h"

namespace wasmcloud::wasi::http {

/// One request on its way through a guest: the server's two ends, and what the guest did with them.
/// The guest's handles point here and to the server's objects, so the instance goes first, then
/// this, then the server's handler ends. Nothing is copied from the request before the guest asks.
///
/// Thread: the loop's.
class Exchange {
 public:
  Exchange(wasmcloud::http::Request& request, wasmcloud::http::ResponseWriter& response)
      : request_(request), response_(response) {}
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  wasmcloud::http::Request& request() const { return request_; }

  /// The guest's answer: the head goes to the server now, the body as it is written. Errors:
  /// Invalid if the head cannot be sent; those of the connection.
  Result<void> respond(const wasmcloud::http::ResponseHead& head, const Ref<OutgoingBody>& body);
  /// The guest answered with an error instead.
  void refuse(std::string reason) { refusal_ = std::move(reason); }

  bool is_answered() const { return status_ != 0; }
  /// 0 until it is answered.
  uint16_t status() const { return status_; }
  /// Why there is no answer, if the guest said so.
  const std::string& refusal() const { return refusal_; }

 private:
  wasmcloud::http::Request& request_;
  wasmcloud::http::ResponseWriter& response_;
  uint16_t status_ = 0;
  std::string refusal_;
};

}  // namespace wasmcloud::wasi::http
