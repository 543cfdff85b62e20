#pragma once

#include "base/loop.h"
#include "oci/manifest.h"
#include "oci/reference.h"
#include "oci/registry_options.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wasmcloud::oci {

namespace detail {
class Requester;
}

/// A manifest as the registry has it.
struct StoredManifest {
  std::string bytes;
  std::string media_type;
  std::string digest;  ///< of the bytes, verified against the reference and what the registry says
};

/// A client of registries (OCI Distribution Specification 1.1). It asks for tokens, logs in where a
/// registry wants that, tries again after 429, 5xx and cut connections, goes on with a blob where
/// it was cut off, and believes no byte whose digest is not right.
///
/// Errors of all: Errc::Denied (no or wrong login), NotFound, Limit (429, or something too large),
/// Malformed (a digest or document that is not what it should be), Refused, Closed, Timeout,
/// Cancelled. No message holds a password or token.
///
/// Thread: one loop.
class Registry {
 public:
  Registry(Loop& loop, RegistryOptions options);
  ~Registry();

  Task<StoredManifest> manifest(Reference reference);
  /// The digest of the manifest that is there now, without fetching it; nothing if there is none.
  Task<std::optional<std::string>> manifest_digest(Reference reference);
  /// All tags of the repository.
  Task<std::vector<std::string>> tags(Reference reference);

  Task<Bytes> blob(Reference reference, Descriptor descriptor, Progress progress = nullptr);
  Task<bool> has_blob(Reference reference, std::string digest);

  /// Nothing is sent if the blob is there. A large one goes in pieces, and on where it was cut.
  Task<void> upload_blob(Reference reference, Bytes blob, Progress progress = nullptr);
  /// Under the reference's tag, or else digest.
  Task<void> upload_manifest(Reference reference, std::string bytes, std::string_view media_type);

  Loop& loop() const;
  const RegistryOptions& options() const;

 private:
  std::unique_ptr<detail::Requester> requester_;
};

}  // namespace wasmcloud::oci
