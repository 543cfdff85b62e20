#pragma once

#include "http/client.h"
#include "wasi/budget.h"
#include "wasi/io/waitable.h"

namespace wasmcloud::wasi::http {

/// A request that a guest has sent, held by all that the guest has of its response: the future, the
/// response, its body. When the last of them is dropped, what is not finished is given up.
class OutgoingExchange final : public io::Waitable {
 public:
  OutgoingExchange(Ref<wasmcloud::http::ClientExchange> exchange, Share share)
      : exchange_(std::move(exchange)), share_(std::move(share)) {}
  ~OutgoingExchange() override { exchange_->cancel(); }

  wasmcloud::http::ClientExchange& client() const { return *exchange_; }
  bool is_ready() override { return exchange_->is_answered(); }
  void listen(Signal::Listener& listener) override { listener.listen(exchange_->changed()); }

 private:
  Ref<wasmcloud::http::ClientExchange> exchange_;
  Share share_;
};

}  // namespace wasmcloud::wasi::http
