#pragma once

#include "base/loop.h"
#include "base/secret.h"
#include "base/semver.h"
#include "http/client.h"
#include "oci/registry_options.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wasmcloud::wash {

/// Where releases are: GitHub's REST interface, or one like it.
struct ReleaseSource {
  std::string api;         ///< its URL, without a slash at the end
  std::string repository;  ///< OWNER/NAME
  Secret token;            ///< may be empty
};

struct ReleaseAsset {
  uint64_t id = 0;
  std::string name;
  std::string digest;  ///< "sha256:…", or empty where the service does not say
};

struct Release {
  SemVer version;
  std::vector<ReleaseAsset> assets;

  const ReleaseAsset* find(std::string_view name) const;
};

/// What runs on this machine: the archive of this version, or else the bare program. Errors:
/// Errc::NotFound with what there is.
Result<const ReleaseAsset*> asset_for_this_machine(const Release& release);

/// Errors: those of `http::fetch`; Errc::NotFound where there is no repository or no release of it,
/// Errc::Limit where the service asks to come back later, Errc::Denied, Errc::Malformed.
Task<Release> latest_release(http::Client& client, const ReleaseSource& source);

/// The asset's bytes, once they have the checksum that the service tells or the release's file
/// SHA256SUMS; one of them must. Errors: as above; Errc::Malformed for other bytes, Errc::NotFound
/// for no checksum.
Task<Bytes> download(http::Client& client, const ReleaseSource& source, const Release& release,
                     const ReleaseAsset& asset, oci::Progress progress);

}  // namespace wasmcloud::wash
