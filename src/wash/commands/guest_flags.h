#pragma once

#include "host/host.h"
#include "wash/config/config.h"
#include "wash/invocation.h"
#include "wasi/http/egress.h"
#include "wasi/sockets/policy.h"

#include <chrono>
#include <cstdint>
#include <optional>

namespace wasmcloud::wash {

/// A folder of this machine that a guest may use.
struct Mount {
  std::string host;   ///< absolute
  std::string guest;  ///< its name inside
};

/// What the flags that `dev` and `run` share say.
struct GuestSettings {
  StringMap environment;
  std::vector<Mount> mounts;
  StringMap config;
  std::vector<host::InterfaceGrant> interfaces;
  std::chrono::milliseconds request_timeout = std::chrono::seconds(600);
  std::optional<std::chrono::milliseconds> cpu_time;  ///< none: as the library has it
  wasi::sockets::NetworkPolicy network;
  wasi::http::EgressPolicy egress;
  uint64_t memory_limit = uint64_t{256} << 20;
  host::ComponentReuse reuse;  ///< what flags say of it
  uint32_t reuse_0_2 = host::Reuse().max_calls_0_2;
};

extern const Flag kEnvFlag;
extern const Flag kDirFlag;
extern const Flag kConfigFlag;
extern const Flag kInterfaceFlag;
extern const Flag kAllowHostFlag;
extern const Flag kAllowListenFlag;
extern const Flag kAllowConnectFlag;
extern const Flag kAllowLookupFlag;
extern const Flag kMemoryLimitFlag;
extern const Flag kWasmProposalFlag;
extern const Flag kRequestTimeoutFlag;
extern const Flag kCpuTimeFlag;
extern const Flag kReuseCountFlag;
extern const Flag kConcurrentReuseCountFlag;
extern const Flag kInstancePoolSizeFlag;
extern const Flag kIdleInstanceTimeoutFlag;

/// Switches the proposals on that the flag names, or `configured` without it: lists with commas, in
/// any case, with - or _. Errors: Errc::Usage for a name that is none.
Result<void> enable_proposals(const Arguments& arguments,
                              const std::vector<std::string>& configured,
                              host::HostOptions& options);

/// Errors: Errc::Usage, and Errc::NotFound for a folder that is not there.
Result<GuestSettings> guest_settings(const Invocation& invocation);

}  // namespace wasmcloud::wash
