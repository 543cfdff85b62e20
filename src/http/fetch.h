#pragma once

#include "http/client.h"
#include "http/url.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>

namespace wasmcloud::http {

/// A request whose body is in memory.
struct FetchRequest {
  Method method;
  Url url;
  Headers headers;
  Bytes body;
  /// Of the response, where there is no `sink`.
  size_t max_body_bytes = size_t{16} << 20;
  ClientTimeouts timeouts = {.connect = std::chrono::seconds(30),
                             .first_byte = std::chrono::seconds(120),
                             .between_bytes = std::chrono::seconds(60)};
  int max_redirects = 5;
  /// A redirect from https to http is refused otherwise.
  bool may_leave_tls = false;
  /// Gets a successful response (200 to 299) as it arrives, in place of `Fetched::body`; what it
  /// got when a connection was cut, it got. Its errors end the request.
  std::function<Result<void>(const ResponseHead& head, Bytes part)> sink = nullptr;
  /// How much of the body was handed over so far.
  std::function<void(size_t sent)> on_sent = nullptr;

  /// For one more try; the bodies share their memory.
  FetchRequest copy() const;
};

struct Fetched {
  ResponseHead head;
  Bytes body;
  /// What answered, after redirects.
  Url url;
};

/// Sends a request and waits for all of its response, whatever its status. Redirects of GET and
/// HEAD, and those that keep the method (307, 308), are followed; fields that authorise go to
/// another scheme, host or port with none of them. Errors: those of `Failure`, with the URL's host
/// in front; Errc::Limit for a response that is too long; Errc::Refused for a redirect that is not
/// followed; those of `sink`; Errc::Cancelled.
Task<Fetched> fetch(Client& client, FetchRequest request);

/// A field that says how long to wait, in seconds or as a date; nothing if there is none that can
/// be read (RFC 9110, section 10.2.3).
std::optional<std::chrono::milliseconds> retry_after(const Headers& headers,
                                                     std::chrono::system_clock::time_point now);

/// A status that says "later": 408, 429, 500, 502, 503, 504.
bool is_transient(uint16_t status);
/// A connection that was cut, or was silent for too long; not one that could not be made.
bool is_transient(const Error& error);

}  // namespace wasmcloud::http
