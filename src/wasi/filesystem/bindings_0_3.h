#pragma once

#include "bindings/wasi/filesystem_0_3/preopens.h"

namespace wasmcloud::wasi {
class Context;
}

namespace wasmcloud::wasi::filesystem::v0_3 {

namespace wit = wasmcloud::wit::wasi::filesystem_0_3;

class PreopensInterface final : public wit::preopens::Interface {
 public:
  explicit PreopensInterface(Context& context) : context_(context) {}
  Result<std::vector<std::tuple<std::unique_ptr<wit::types::Descriptor>, std::string>>>
  get_directories() override;

 private:
  Context& context_;
};

}  // namespace wasmcloud::wasi::filesystem::v0_3
