#pragma once

#include "base/bytes.h"
#include "host/host.h"
#include "wash/invocation.h"

#include <memory>
#include <string>
#include <vector>

namespace wasmcloud::wash {

/// What the first positional names: a file, or an artifact of a registry.
struct GuestComponent {
  std::string shown;  ///< the absolute path, or the whole reference
  Bytes bytes;
};

/// Reads or pulls it, as the flags of `guest_flags` say. Errors: those of `fetch_component`.
Result<GuestComponent> fetch_guest(const Invocation& invocation);

/// A component that is ready to run here. The workload needs the host.
struct Guest {
  std::unique_ptr<host::Host> host;
  std::shared_ptr<const host::Workload> workload;
};

/// Where a guest's standard output goes: what is not the guest's to write on is kept free of it.
enum class GuestOutput : uint8_t { Stdout, Stderr };

/// Loads a component for one instance of it, with what the command line gives it and this terminal.
/// Errors: Errc::Usage for wrong flags; what is wrong with the component, with what to do.
Result<Guest> load_guest(const Invocation& invocation, const GuestComponent& component,
                         std::vector<std::string> arguments, GuestOutput output);

/// An error of a guest that ran, with its backtrace, which is for whoever wrote the guest: the one
/// who runs it here.
Error explain_run(Error error, std::string_view shown);

/// The flags of a command that runs one guest.
std::vector<Flag> guest_flags();

}  // namespace wasmcloud::wash
