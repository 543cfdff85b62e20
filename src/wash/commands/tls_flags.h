#pragma once

#include "http/tls.h"
#include "wash/config/config.h"
#include "wash/invocation.h"

#include <optional>

namespace wasmcloud::wash {

extern const Flag kTlsCertFlag;
extern const Flag kTlsKeyFlag;
extern const Flag kTlsCaFlag;
extern const Flag kClientCaFlag;
extern const Flag kClientRootsFlag;

/// What the three flags say, each over the configuration's value, whose paths are relative to the
/// project; nothing if there is no TLS. Errors: Errc::Usage for flags that need each other.
Result<std::optional<http::TlsServerConfig>> tls_of(const Invocation& invocation,
                                                    const TlsPaths& configured);

/// Whom the component's own requests believe, by the flags over the configuration. Errors:
/// Errc::Usage.
Result<http::TlsClientConfig> client_tls_of(const Invocation& invocation,
                                            const ClientTrust& configured);

}  // namespace wasmcloud::wash
