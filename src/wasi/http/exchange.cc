#include "wasi/http/exchange.h"

namespace wasmcloud::wasi::http {

Result<void> Exchange::respond(const wasmcloud::http::ResponseHead& head,
                               const Ref<OutgoingBody>& body) {
  if (auto sent = response_.send_head(head); !sent) {
    body->close();
    return sent;
  }
  status_ = head.status;
  body->attach(response_.body());
  return {};
}

}  // namespace wasmcloud::wasi::http
