#include "component/interface_version.h"

#include "base/semver.h"

namespace wasmcloud::component {

VersionedName split_version(std::string_view name) {
  const size_t at = name.find('@');
  if (at == std::string_view::npos) return {.base = name, .version = {}};
  return {.base = name.substr(0, at), .version = name.substr(at + 1)};
}

bool serves(std::string_view offered, std::string_view wanted) {
  if (offered == wanted) return true;
  const VersionedName a = split_version(offered);
  const VersionedName b = split_version(wanted);
  if (a.base != b.base || a.version.empty() || b.version.empty()) return false;
  const Result<SemVer> version_a = SemVer::parse(a.version);
  const Result<SemVer> version_b = SemVer::parse(b.version);
  if (!version_a || !version_b) return false;
  const std::optional<std::string> track = version_b->track();
  return track && version_a->track() == track;
}

bool is_newer(std::string_view a, std::string_view b) {
  const Result<SemVer> version_a = SemVer::parse(split_version(a).version);
  const Result<SemVer> version_b = SemVer::parse(split_version(b).version);
  return version_a && version_b && *version_a > *version_b;
}

}  // namespace wasmcloud::component
