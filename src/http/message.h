#pragma once

#include "base/error.h"
#include "http/headers.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace wasmcloud::http {

enum class Version : uint8_t { Http10, Http11, Http2 };
enum class Scheme : uint8_t { Http, Https };

/// "http", "https".
std::string_view scheme_text(Scheme scheme);
/// The port that is meant where a URL names none.
uint16_t default_port(Scheme scheme);

/// A request's method; those that are not registered are kept as text.
class Method {
 public:
  enum class Kind : uint8_t { Get, Head, Post, Put, Delete, Connect, Options, Trace, Patch, Other };

  Method() = default;
  Method(Kind kind) : kind_(kind) {}  // NOLINT(google-explicit-constructor): reads like an enum
  /// Errors: Errc::Invalid if `text` is no token.
  static Result<Method> parse(std::string_view text);

  Kind kind() const { return kind_; }
  std::string_view text() const;
  bool operator==(const Method& other) const = default;

 private:
  Kind kind_ = Kind::Get;
  std::string other_;
};

/// What stands before a request's body.
struct RequestHead {
  Method method;
  Version version = Version::Http11;
  Scheme scheme = Scheme::Http;
  /// Host and port as the client wrote them (the target's, else the Host field's); may be empty.
  std::string authority;
  /// "/path?query"; "*" for OPTIONS of the whole server; empty for CONNECT.
  std::string path_with_query;
  /// As received, in order, with the case the client used.
  Headers headers;
};

/// What stands before a response's body. How the body is delimited follows from it: a
/// `content-length` field is kept to, and without one the server chooses. `transfer-encoding` may
/// not be set; `connection` may only ask for `close`.
struct ResponseHead {
  uint16_t status = 200;
  Headers headers;
};

/// "Not Found"; empty for codes without a registered phrase.
std::string_view reason_phrase(uint16_t status);
/// Fields that speak of the connection they came over, not of the message (RFC 9110,
/// section 7.6.1).
bool is_connection_field(std::string_view name);
/// Fields that may not stand in trailers, since they frame, route or authorise the message (RFC
/// 9110, section 6.5.1).
bool is_forbidden_trailer(std::string_view name);

}  // namespace wasmcloud::http
