#pragma once

#include "base/error.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wasmcloud {

/// A version by semver.org 2.0.0.
struct SemVer {
  uint64_t major = 0;
  uint64_t minor = 0;
  uint64_t patch = 0;
  std::string pre;    ///< "rc.1"; empty for a release
  std::string build;  ///< after the plus sign; of no account in precedence

  /// The whole of `text` as a version. Errors: Errc::Malformed.
  static Result<SemVer> parse(std::string_view text);
  /// The length of the version that `text` begins with, or 0. A dot is only taken where the version
  /// goes on after it, so "1.2.3.{x}" begins with "1.2.3".
  static size_t prefix_length(std::string_view text);

  std::string str() const;
  /// What versions that may stand for one another share: "1" of 1.4.0, "0.2" of 0.2.12. None for
  /// 0.0.x and pre-releases, which only match exactly.
  std::optional<std::string> track() const;

  /// Precedence, then the build text, so that only identical versions are equal.
  friend std::strong_ordering operator<=>(const SemVer& a, const SemVer& b);
  friend bool operator==(const SemVer& a, const SemVer& b) = default;
};

}  // namespace wasmcloud
