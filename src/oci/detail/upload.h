#pragma once

#include "oci/detail/requester.h"

#include <string>

namespace wasmcloud::oci::detail {

/// Puts a blob that the registry does not have into a repository (distribution specification,
/// "Pushing blobs"): a small one at once, one above `RegistryOptions::upload_piece_bytes` in
/// pieces.
///
/// What was cut goes on behind what the registry says it has, or begins anew where it does not say
/// so. A registry that takes no pieces gets the blob at once. Errors: those of `Registry`.
Task<void> upload(Requester& requester, Reference reference, Bytes blob, std::string digest,
                  Progress progress);

}  // namespace wasmcloud::oci::detail
