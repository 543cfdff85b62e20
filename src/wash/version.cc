#include "wash/version.h"

namespace wasmcloud::wash {

std::string_view version() { return WASH_VERSION; }

}  // namespace wasmcloud::wash
