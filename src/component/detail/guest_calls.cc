#include "component/detail/builtins.h"
#include "component/detail/running_instance.h"

namespace wasmcloud::component {

Result<void> call_guest_function(void*, engine::Store&, engine::RawValue*) noexcept {
  return fail(Errc::Unsupported, "calls between components");
}

}  // namespace wasmcloud::component
