#pragma once

#include "bindings/wasi/http_0_2/outgoing_handler.h"
#include "bindings/wasi/http_0_2/types.h"

namespace wasmcloud::wasi {
class Context;
}

namespace wasmcloud::wasi::http::v0_2 {

namespace wit = wasmcloud::wit::wasi::http_0_2;

class TypesInterface final : public wit::types::Interface {
 public:
  explicit TypesInterface(Context& context) : context_(context) {}

  Result<std::optional<wit::types::ErrorCode>> http_error_code(wit::types::IoError& err) override;
  Result<std::unique_ptr<wit::types::Fields>> fields_constructor() override;
  Result<std::expected<std::unique_ptr<wit::types::Fields>, wit::types::HeaderError>>
  fields_from_list(std::vector<std::tuple<std::string, Bytes>> entries) override;
  Result<std::unique_ptr<wit::types::OutgoingRequest>> outgoing_request_constructor(
      std::unique_ptr<wit::types::Fields> headers) override;
  Result<std::unique_ptr<wit::types::RequestOptions>> request_options_constructor() override;
  Result<void> response_outparam_set(
      std::unique_ptr<wit::types::ResponseOutparam> param,
      std::expected<std::unique_ptr<wit::types::OutgoingResponse>, wit::types::ErrorCode> response)
      override;
  Result<std::unique_ptr<wit::types::FutureTrailers>> incoming_body_finish(
      std::unique_ptr<wit::types::IncomingBody> handle) override;
  Result<std::unique_ptr<wit::types::OutgoingResponse>> outgoing_response_constructor(
      std::unique_ptr<wit::types::Fields> headers) override;
  Result<std::expected<void, wit::types::ErrorCode>> outgoing_body_finish(
      std::unique_ptr<wit::types::OutgoingBody> handle,
      std::optional<std::unique_ptr<wit::types::Fields>> trailers) override;

 private:
  Context& context_;
};

class OutgoingHandlerInterface final : public wit::outgoing_handler::Interface {
 public:
  explicit OutgoingHandlerInterface(Context& context) : context_(context) {}

  Result<std::expected<std::unique_ptr<wit::types::FutureIncomingResponse>, wit::types::ErrorCode>>
  handle(std::unique_ptr<wit::types::OutgoingRequest> request,
         std::optional<std::unique_ptr<wit::types::RequestOptions>> options) override;

 private:
  Context& context_;
  bool denial_told_ = false;
};

}  // namespace wasmcloud::wasi::http::v0_2
