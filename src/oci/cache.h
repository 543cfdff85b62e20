#pragma once

#include "base/bytes.h"
#include "oci/reference.h"

#include <cstdint>
#include <optional>
#include <string>

namespace wasmcloud::oci {

/// A component with the manifest that names it.
struct CachedComponent {
  Bytes component;
  std::string manifest;
  std::string digest;  ///< of the manifest
};

/// What was pulled and pushed, in a folder: one folder a reference, with the component, its
/// manifest and a file `digest`. A folder appears, and is replaced, whole. What is read is checked
/// down from the digest; what does not fit counts as not there. Several processes may use one.
///
/// Blocks: not on a loop. Thread: any.
class Cache {
 public:
  /// Made when something is put into it.
  explicit Cache(std::string folder) : folder_(std::move(folder)) {}

  /// Nothing where there is none, or only something damaged. `reference` with a digest finds that
  /// very manifest only.
  std::optional<CachedComponent> find(const Reference& reference) const;
  /// Errors: Errc::Io and the like, with the folder that could not be written.
  Result<void> store(const Reference& reference, const CachedComponent& cached) const;

  /// The folder of a reference: its text with "/", ":" and "@" as "_", and the first eight digits
  /// of the text's SHA-256.
  std::string folder_of(const Reference& reference) const;

 private:
  std::string folder_;
};

}  // namespace wasmcloud::oci
