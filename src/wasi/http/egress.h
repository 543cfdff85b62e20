#pragma once

#include "base/error.h"
#include "http/message.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wasmcloud::wasi::http {

/// Where requests of guests may go: `*`, `HOST`, `*.SUFFIX`, the last two with a port behind and
/// `http://` or `https://` in front. What a rule does not say, it leaves open. Case does not
/// matter.
class HostRule {
 public:
  /// Errors: Errc::Invalid, saying what would be right.
  static Result<HostRule> parse(std::string_view text);
  /// `port` is the one that the request names: a rule with a port does not cover one that is left
  /// to the scheme.
  bool covers(wasmcloud::http::Scheme scheme, std::string_view host,
              std::optional<uint16_t> port) const;
  bool operator==(const HostRule&) const = default;

 private:
  std::optional<wasmcloud::http::Scheme> scheme_;
  std::string host_;  ///< without brackets; of a suffix, what follows the star
  bool starred_ = false;
  std::optional<uint16_t> port_;
};

/// Which requests the guests of one workload may send; none unless a rule says so.
///
/// Thread: any; immutable once instances use it.
struct EgressPolicy {
  std::vector<HostRule> allowed_hosts{};

  /// False too for an authority that is none.
  bool allows(wasmcloud::http::Scheme scheme, std::string_view authority) const;
  bool operator==(const EgressPolicy&) const = default;
};

}  // namespace wasmcloud::wasi::http
