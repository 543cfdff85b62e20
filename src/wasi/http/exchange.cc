#include "wasi/http/exchange.h"

namespace wasmcloud::wasi::http {

Ref<Counted> Exchange::hold() {
  struct Shared final : Counted {
    explicit Shared(Exchange& exchange) : held(exchange) {}
    Hold held;
  };
  return watch_ == Watch::Yes ? Ref<Counted>(make_ref<Shared>(*this)) : nullptr;
}

Result<void> Exchange::respond(const wasmcloud::http::ResponseHead& head,
                               const Ref<OutgoingBody>& body) {
  if (auto sent = response_.send_head(head); !sent) {
    body->close();
    return sent;
  }
  status_ = head.status;
  body->attach(response_.body(), hold());
  return {};
}

}  // namespace wasmcloud::wasi::http
