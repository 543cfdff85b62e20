#pragma once

#include "bindings/wasi/tls_0_3_0_draft/client.h"
#include "bindings/wasi/tls_0_3_0_draft/types.h"

namespace wasmcloud::component {
class Linker;
}
namespace wasmcloud::wasi {
class Context;
}

// wasi:tls 0.3.0-draft over the connections of this folder.
namespace wasmcloud::wasi::tls::v0_3 {

namespace wit = wasmcloud::wit::wasi::tls_0_3_0_draft;

class ClientInterface final : public wit::client::Interface {
 public:
  explicit ClientInterface(Context& context) : context_(context) {}
  Result<std::unique_ptr<wit::client::Connector>> connector_constructor() override;
  Task<std::expected<void, std::unique_ptr<wit::types::Error>>> connector_connect(
      std::unique_ptr<wit::client::Connector> this_, std::string server_name) override;

 private:
  Context& context_;
};

}  // namespace wasmcloud::wasi::tls::v0_3
