#pragma once

#include "base/connection_quota.h"
#include "base/loop.h"
#include "base/ref.h"
#include "http/body.h"
#include "http/client_tls.h"
#include "http/failure.h"
#include "http/message.h"
#include "http/proxy.h"

#include <chrono>
#include <cstddef>
#include <memory>

namespace wasmcloud::http {

namespace detail {
class ClientPool;
}

struct ClientOptions {
  /// Shared by the clients of several loops; its own if null. Idle connections count too.
  std::shared_ptr<ConnectionQuota> quota = nullptr;
  size_t max_connections = 128;  ///< of a quota of its own
  /// How long a request waits for one of these; then it fails with ConnectionTimeout.
  Clock::duration quota_timeout = std::chrono::seconds(5);
  size_t max_idle_per_authority = 32;
  Clock::duration idle_timeout = std::chrono::seconds(60);

  /// For https.
  std::shared_ptr<ClientTls> tls = ClientTls::of_system();
  /// Null: none, whatever the environment says.
  std::shared_ptr<const Proxies> proxies = nullptr;

  size_t max_header_bytes = 64 * 1024;  ///< of a response's head, and of its trailers
  size_t max_header_fields = 256;
  size_t read_window_bytes = 128 * 1024;   ///< received but not yet read, per response
  size_t write_window_bytes = 128 * 1024;  ///< written but not yet sent, per request
};

/// How long a request waits for what.
struct ClientTimeouts {
  Clock::duration connect = std::chrono::seconds(600);
  Clock::duration first_byte = std::chrono::seconds(600);     ///< of the response
  Clock::duration between_bytes = std::chrono::seconds(600);  ///< of an awaited body
};

/// A request on its way, and its response. It goes on to its end, or a time-out, if nobody holds it
/// any more; `cancel` ends it.
///
/// Nothing here waits but `answer`. To wait for one of several things: look at `is_answered()`,
/// listen to `changed()`, look again.
///
/// Thread: the loop's.
class ClientExchange : public Counted {
 public:
  /// The request's body, from the start: what cannot be sent yet waits, up to a window. It must be
  /// finished, also if there is none.
  virtual BodyWriter& request_body() = 0;
  /// The response's head is there, or there will be none.
  virtual bool is_answered() const = 0;
  /// Once, when it is answered. Errors: those of `Failure`.
  virtual Result<ResponseHead> take_head() = 0;
  /// Once the head is there.
  virtual BodyReader& response_body() = 0;
  /// Notified when `is_answered()` becomes true.
  virtual Signal& changed() = 0;
  virtual Loop& loop() const = 0;
  /// Gives up what is not finished; the server notices. Nothing is notified after it.
  virtual void cancel() = 0;

  /// The response's head, waiting for it. Errors: as `take_head`; Errc::Cancelled.
  Task<ResponseHead> answer();
};

/// Sends requests on connections that are kept for the next request to the same authority: over
/// HTTP/1.1, or HTTP/2 where the request's head says so. What the server of a request speaks must
/// be known: a name for HTTP/2 is only negotiated by TLS, and in the clear it is spoken at once. A
/// request without a body whose method may be repeated is sent again, once, if a kept connection
/// turns out to be closed.
///
/// Thread: one loop.
class Client {
 public:
  Client(Loop& loop, ClientOptions options = {});
  /// Requests under way fail.
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Begins a request. Its head needs a scheme and an authority with a host; `host`, `connection`
  /// and what else concerns one connection is set here, not by the caller. Errors: those of
  /// `Failure`.
  Result<Ref<ClientExchange>> send(RequestHead head, const ClientTimeouts& timeouts = {});

  /// Connections that are open, idle ones included.
  size_t connections() const;

 private:
  Ref<detail::ClientPool> pool_;
};

}  // namespace wasmcloud::http
