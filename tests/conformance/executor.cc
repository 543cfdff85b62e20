#include "conformance/executor.h"

namespace wasmcloud::conformance {

std::unique_ptr<Executor> make_executor() { return nullptr; }

}  // namespace wasmcloud::conformance
