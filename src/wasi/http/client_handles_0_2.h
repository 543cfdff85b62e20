#pragma once

#include "bindings/wasi/http_0_2/types.h"
#include "wasi/http/fields.h"
#include "wasi/http/outgoing_exchange.h"

namespace wasmcloud::wasi {
class Context;
}

namespace wasmcloud::wasi::http::v0_2 {

namespace wit = wasmcloud::wit::wasi::http_0_2;

class FutureIncomingResponseHandle final : public wit::types::FutureIncomingResponse {
 public:
  FutureIncomingResponseHandle(Context& context, Ref<OutgoingExchange> exchange)
      : context_(context), exchange_(std::move(exchange)) {}
  Result<std::unique_ptr<wit::types::Pollable>> subscribe() override;
  Result<std::optional<std::expected<
      std::expected<std::unique_ptr<wit::types::IncomingResponse>, wit::types::ErrorCode>,
      std::monostate>>>
  get() override;

 private:
  Context& context_;
  Ref<OutgoingExchange> exchange_;
  bool taken_ = false;
};

class IncomingResponseHandle final : public wit::types::IncomingResponse {
 public:
  IncomingResponseHandle(Context& context, Ref<OutgoingExchange> exchange, uint16_t status,
                         Ref<FieldMap> headers)
      : context_(context),
        exchange_(std::move(exchange)),
        status_(status),
        headers_(std::move(headers)) {}
  Result<uint16_t> status() override { return status_; }
  Result<std::unique_ptr<wit::types::Fields>> headers() override;
  Result<std::expected<std::unique_ptr<wit::types::IncomingBody>, std::monostate>> consume()
      override;

 private:
  Context& context_;
  Ref<OutgoingExchange> exchange_;
  uint16_t status_;
  Ref<FieldMap> headers_;
  bool consumed_ = false;
};

}  // namespace wasmcloud::wasi::http::v0_2
