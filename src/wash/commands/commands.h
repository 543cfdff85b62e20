#pragma once

#include "wash/command.h"

namespace wasmcloud::wash {

// One source file each; `commands.cc` puts them together.
const Command& build_command();
const Command& call_command();
const Command& completion_command();
const Command& compose_command();
const Command& config_command();
const Command& dev_command();
const Command& doctor_command();
const Command& inspect_command();
const Command& new_command();
const Command& oci_command();
const Command& run_command();
const Command& sign_command();
const Command& update_command();
const Command& verify_command();
const Command& wit_command();
const Command& help_command();

}  // namespace wasmcloud::wash
