#pragma once

#include "base/error.h"
#include "base/secret.h"
#include "http/message.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wasmcloud::http {

/// A proxy that is spoken to in the clear: it gets requests for http as they are, and opens tunnels
/// to what is asked by https.
struct Proxy {
  std::string host;  ///< a name or an address, without brackets
  uint16_t port = 80;
  /// The field proxy-authorization; empty where the proxy's URL names no user.
  Secret authorization;
  std::string said_by;  ///< for messages: the variable that names it

  /// "the proxy host:port of HTTPS_PROXY", for messages.
  std::string describe() const;
};

/// Hosts that are asked without a proxy, written as curl takes them in NO_PROXY: names, which mean
/// what lies below them too, addresses and networks ("10.0.0.0/8"), between commas or blanks; "*"
/// alone means all. A name or an address with a port means that port alone.
class NoProxy {
 public:
  explicit NoProxy(std::string_view text);
  /// `host` without brackets.
  bool matches(std::string_view host, uint16_t port) const;

 private:
  std::vector<std::string> entries_;
};

/// The proxies of an environment, as curl and others take them from it: HTTPS_PROXY, HTTP_PROXY,
/// ALL_PROXY where those say nothing, NO_PROXY; in lower case they come first. HTTP_PROXY counts
/// for nothing where REQUEST_METHOD is set: there, a field of a request to a CGI script would be
/// it.
///
/// Thread: any.
class Proxies {
 public:
  using Lookup = std::function<std::optional<std::string>(const std::string& variable)>;

  static std::shared_ptr<const Proxies> of_environment(const Lookup& variable);

  /// Null: without one. Errors: Errc::Invalid or Unsupported where a variable's text is no proxy,
  /// or one of another kind; they show no user or password.
  Result<std::shared_ptr<const Proxy>> find(Scheme scheme, std::string_view host,
                                            uint16_t port) const;

 private:
  using Found = Result<std::shared_ptr<const Proxy>>;
  Proxies(Found https, Found http, NoProxy without)
      : https_(std::move(https)), http_(std::move(http)), without_(std::move(without)) {}

  Found https_;
  Found http_;
  NoProxy without_;
};

}  // namespace wasmcloud::http
