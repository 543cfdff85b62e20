#pragma once

#include "base/error.h"
#include "base/semver.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wasmcloud::wash {

/// Which versions of a package will do, in the language of Cargo that wkg.toml and wkg.lock use:
/// "^1.2", "~0.2.3", "=1.0.0", ">=1.1, <2", "1.*", "*". A version alone means "^".
class VersionRequirement {
 public:
  /// Any release.
  VersionRequirement() = default;
  /// Errors: Errc::Malformed.
  static Result<VersionRequirement> parse(std::string_view text);

  /// A pre-release only matches where the requirement names one of the same three numbers.
  bool matches(const SemVer& version) const;
  /// As it was written.
  const std::string& text() const { return text_; }

 private:
  /// Versions from `low` on, below `high`; build texts are of no account.
  struct Range {
    SemVer low;
    std::optional<SemVer> high;
    bool without_low = false;
    bool with_high = false;
    std::optional<SemVer> named;  ///< if all three numbers were given
  };
  static Result<Range> parse_range(std::string_view text);

  std::vector<Range> ranges_;  // all of which must match
  std::string text_ = "*";
};

}  // namespace wasmcloud::wash
