#pragma once

#include "base/error.h"

#include <string>
#include <string_view>

namespace wasmcloud::oci {

/// The Docker Hub: its name in references, that of its index in docker's own files and old
/// references, and the host that its registry really is at.
namespace hub {
inline constexpr std::string_view kName = "docker.io";
inline constexpr std::string_view kIndex = "index.docker.io";
inline constexpr std::string_view kHost = "registry-1.docker.io";
}  // namespace hub

/// Names an artifact in a registry: [host[:port]/]repository[:tag][@digest].
///
/// The first part is a host if it has a dot, a colon or an upper-case letter, or is "localhost";
/// otherwise the name belongs to the Docker Hub, where names of one part are in "library/".
struct Reference {
  std::string registry;    ///< "localhost:5000"
  std::string repository;  ///< "team/app"
  std::string tag;         ///< "latest" where the text has neither a tag nor a digest
  std::string digest;      ///< "sha256:<64 hex digits>", or empty; decides where there is a tag too

  /// An "oci://" in front is left out. Errors: Errc::Invalid with what is wrong.
  static Result<Reference> parse(std::string_view text);

  /// With everything that was left out.
  std::string text() const;
  /// Without tag and digest.
  std::string name() const;
  /// What the registry is asked for: the digest, or else the tag.
  const std::string& target() const { return digest.empty() ? tag : digest; }
  Reference with_tag(std::string other) const;
  Reference with_digest(std::string other) const;

  bool operator==(const Reference&) const = default;
};

/// tag ::= [a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}
bool is_valid_tag(std::string_view text);
/// Only sha256 is: "sha256:" and 64 lower-case hexadecimal digits.
bool is_valid_digest(std::string_view text);

/// The digest of `bytes` as references and manifests have it.
std::string digest_of(std::string_view bytes);

}  // namespace wasmcloud::oci
