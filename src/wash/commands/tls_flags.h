#pragma once

#include "http/tls.h"
#include "wash/config/config.h"
#include "wash/invocation.h"

#include <memory>

namespace wasmcloud::wash {

extern const Flag kTlsCertFlag;
extern const Flag kTlsKeyFlag;
extern const Flag kTlsCaFlag;

/// What the three flags say, each over the configuration's value, whose paths are relative to the
/// project; null if there is no TLS. Reads the files. Errors: Errc::Usage for flags that need each
/// other; those of http::TlsContext::create.
Result<std::shared_ptr<const http::TlsContext>> tls_of(const Invocation& invocation,
                                                       const TlsPaths& configured);

}  // namespace wasmcloud::wash
