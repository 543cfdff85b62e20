#pragma once

#include "bindings/wasi/http_0_3/client.h"
#include "bindings/wasi/http_0_3/types.h"
#include "wasi/http/body_0_3.h"

namespace wasmcloud::wasi {
class Context;
}

namespace wasmcloud::wasi::http::v0_3 {

class TypesInterface final : public wit::types::Interface {
 public:
  explicit TypesInterface(Context& context) : context_(context) {}

  Result<std::unique_ptr<wit::types::Fields>> fields_constructor() override;
  Result<std::expected<std::unique_ptr<wit::types::Fields>, wit::types::HeaderError>>
  fields_from_list(std::vector<std::tuple<std::string, Bytes>> entries) override;
  Result<std::tuple<std::unique_ptr<wit::types::Request>, component::FutureReader<Outcome>>>
  request_new(std::unique_ptr<wit::types::Fields> headers,
              std::optional<component::StreamReader<uint8_t>> contents,
              component::FutureReader<Trailers> trailers,
              std::optional<std::unique_ptr<wit::types::RequestOptions>> options) override;
  Result<std::tuple<component::StreamReader<uint8_t>, component::FutureReader<Trailers>>>
  request_consume_body(std::unique_ptr<wit::types::Request> this_,
                       component::FutureReader<Outcome> res) override;
  Result<std::unique_ptr<wit::types::RequestOptions>> request_options_constructor() override;
  Result<std::tuple<std::unique_ptr<wit::types::Response>, component::FutureReader<Outcome>>>
  response_new(std::unique_ptr<wit::types::Fields> headers,
               std::optional<component::StreamReader<uint8_t>> contents,
               component::FutureReader<Trailers> trailers) override;
  Result<std::tuple<component::StreamReader<uint8_t>, component::FutureReader<Trailers>>>
  response_consume_body(std::unique_ptr<wit::types::Response> this_,
                        component::FutureReader<Outcome> res) override;

 private:
  Context& context_;
};

class ClientInterface final : public wit::client::Interface {
 public:
  explicit ClientInterface(Context& context) : context_(context) {}

  Task<std::expected<std::unique_ptr<wit::types::Response>, wit::types::ErrorCode>> send(
      std::unique_ptr<wit::types::Request> request) override;

 private:
  Context& context_;
  bool denial_told_ = false;
};

}  // namespace wasmcloud::wasi::http::v0_3
