#pragma once

#include "bindings/wasi/filesystem_0_2/preopens.h"
#include "bindings/wasi/filesystem_0_2/types.h"

namespace wasmcloud::wasi {
class Context;
}

namespace wasmcloud::wasi::filesystem::v0_2 {

namespace wit = wasmcloud::wit::wasi::filesystem_0_2;

class TypesInterface final : public wit::types::Interface {
 public:
  Result<std::optional<wit::types::ErrorCode>> filesystem_error_code(
      wit::types::Error& err) override;
};

class PreopensInterface final : public wit::preopens::Interface {
 public:
  explicit PreopensInterface(Context& context) : context_(context) {}
  Result<std::vector<std::tuple<std::unique_ptr<wit::types::Descriptor>, std::string>>>
  get_directories() override;

 private:
  Context& context_;
};

}  // namespace wasmcloud::wasi::filesystem::v0_2
