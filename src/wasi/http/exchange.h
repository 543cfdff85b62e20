#pragma once

#include "base/loop.h"
#include "http/server.h"
#include "wasi/http/incoming_body.h"
#include "wasi/http/outgoing_body.h"

namespace wasmcloud::wasi::http {

/// One request on its way through a guest: the server's two ends, and what the guest did with them.
/// The guest's handles point here and to the server's objects, so the instance goes first, then
/// this, then the server's handler ends. Nothing is copied from the request before the guest asks.
/// An instance that is to stay must have let go of it: see `is_held`.
///
/// Thread: the loop's.
class Exchange {
 public:
  /// Whether `is_held` will be asked.
  enum class Watch : uint8_t { No, Yes };
  Exchange(wasmcloud::http::Request& request, wasmcloud::http::ResponseWriter& response,
           Watch watch = Watch::No)
      : request_(request), response_(response), watch_(watch) {}
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  wasmcloud::http::Request& request() const { return request_; }
  wasmcloud::http::ResponseWriter& response() const { return response_; }

  /// What points here or to the server's ends, for as long as it lives.
  class Hold {
   public:
    explicit Hold(Exchange& exchange) : exchange_(exchange) { ++exchange_.holds_; }
    ~Hold() { --exchange_.holds_; }
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;
    Exchange& operator*() const { return exchange_; }
    Exchange* operator->() const { return &exchange_; }

   private:
    Exchange& exchange_;
  };
  /// The same for a body; null if nobody will ask.
  Ref<Counted> hold();
  /// A guest's handle still points here.
  bool is_held() const { return holds_ != 0; }

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
  const Watch watch_;
  uint16_t status_ = 0;
  uint32_t holds_ = 0;
  std::string refusal_;
};

}  // namespace wasmcloud::wasi::http
