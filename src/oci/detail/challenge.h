#pragma once

#include "http/headers.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wasmcloud::oci::detail {

/// One way in that a server offers (RFC 9110, section 11.6.1).
struct Challenge {
  std::string scheme;  ///< in lower case: "bearer", "basic"
  std::vector<std::pair<std::string, std::string>> parameters;  ///< names in lower case

  /// Empty if it is not there.
  std::string_view parameter(std::string_view name) const;
};

/// Those of all WWW-Authenticate fields; what cannot be read ends its field.
std::vector<Challenge> challenges_of(const http::Headers& headers);

}  // namespace wasmcloud::oci::detail
