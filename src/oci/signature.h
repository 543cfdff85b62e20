#pragma once

#include "oci/registry.h"
#include "oci/signing_key.h"

#include <string>
#include <vector>

namespace wasmcloud::oci {

/// Where cosign keeps the signatures of a manifest: the tag sha256-HEX.sig of the same repository.
Reference signatures_of(const Reference& reference, const std::string& digest);

struct Signed {
  std::string digest;       ///< of the manifest that is signed
  Reference signatures;     ///< where its signatures are
  bool was_signed = false;  ///< this key had signed it before; nothing was pushed
};

/// Signs the manifest that the reference names now, as cosign does ("simple signing"), beside the
/// signatures that are there already. Errors: those of `Registry`.
Task<Signed> sign_artifact(Registry& registry, Reference reference, SigningKey key);

struct VerifiedArtifact {
  std::string digest;     ///< of the manifest, so that what is verified can be pulled
  size_t signatures = 0;  ///< how many are by this key
  /// What they call the artifact; not more than the signer's word.
  std::vector<std::string> names;
};

/// Checks that the manifest the reference names now was signed with this key. Errors: those of
/// `Registry`; Errc::NotFound for none that is signed; Errc::Denied where no signature is by this
/// key and for this manifest.
Task<VerifiedArtifact> verify_artifact(Registry& registry, Reference reference, VerifyingKey key);

}  // namespace wasmcloud::oci
