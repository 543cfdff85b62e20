#pragma once

#include "base/loop.h"
#include "http/body.h"
#include "http/message.h"
#include "http/tls.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace wasmcloud::http {

/// One request while its handler runs.
class Request {
 public:
  virtual ~Request() = default;

  /// The handler may move parts out of it.
  RequestHead head;

  /// Gone when the handler's task ends.
  virtual BodyReader& body() = 0;
  /// The client's address: "127.0.0.1:50312", "[::1]:50312".
  virtual std::string peer() const = 0;
};

/// Where a handler puts its response.
class ResponseWriter {
 public:
  virtual ~ResponseWriter() = default;

  /// Once a request. The response goes out with its first bytes, at the latest in the next turn of
  /// the loop. Errors: Errc::Invalid for a status outside 200 to 599, a field the server itself
  /// must set, or a second head; Closed, Timeout.
  virtual Result<void> send_head(const ResponseHead& head) = 0;
  virtual bool is_head_sent() const = 0;
  /// Only after `send_head`. Where the response has no body (HEAD, 204, 304), what is written is
  /// dropped. Gone when the handler's task ends; if it was not finished by then, it is aborted.
  virtual BodyWriter& body() = 0;

  /// A whole response at once. Errors: as `send_head` and `BodyWriter::write`.
  virtual Result<void> respond(const ResponseHead& head, Bytes body) = 0;
};

/// Thread: one per loop, called on that loop.
class Handler {
 public:
  virtual ~Handler() = default;

  /// Answers one request. The task is cancelled when the client goes away (or says that it sends no
  /// more), when it does not read its response, and at the end of a drain's grace. If it ends
  /// without a response the client gets 500 (or what the failure of the request's body calls for),
  /// and an aborted one if it ends before the body is finished.
  virtual Task<void> handle(Request& request, ResponseWriter& response) = 0;
};

struct ServerOptions {
  /// An IPv4 or IPv6 address; port 0 takes a free one.
  std::string address = "127.0.0.1";
  uint16_t port = 0;
  /// Not null: TLS, for every connection. Its handshake counts as part of the first headers.
  std::shared_ptr<const TlsContext> tls = nullptr;  // shared by all loops

  // Limits. What is over them is refused with the status given.
  size_t max_request_line_bytes = 16 * 1024;    ///< 414
  size_t max_header_bytes = 64 * 1024;          ///< 431; also for trailers
  size_t max_header_fields = 128;               ///< 431; also for trailers
  uint64_t max_body_bytes = uint64_t{1} << 30;  ///< 413
  size_t max_connections = 16 * 1024;           ///< more wait to be accepted
  uint32_t max_concurrent_streams = 128;        ///< of an HTTP/2 connection; more are refused
  size_t read_window_bytes = 128 * 1024;        ///< received but not yet read, per body
  size_t write_window_bytes = 128 * 1024;       ///< written but not yet sent, per body
  /// What both windows grow to, in HTTP/1.1, once a request's body is taken as fast as it comes,
  /// for fewer and larger reads and writes; of as many bodies of a loop at a time as stated.
  size_t bulk_window_bytes = 512 * 1024;
  uint32_t max_bulk_bodies = 32;
  /// Received but not yet read, of all bodies of an HTTP/2 connection.
  size_t connection_window_bytes = 1024 * 1024;

  // Time-outs; counted in steps of a quarter of the shortest, at most 500 ms.
  Clock::duration header_timeout = std::chrono::seconds(30);  ///< 408
  Clock::duration body_timeout = std::chrono::seconds(60);    ///< 408: no byte of an awaited body
  Clock::duration idle_timeout = std::chrono::seconds(75);    ///< between requests; just closes
  Clock::duration write_timeout = std::chrono::seconds(60);   ///< the client takes nothing; closes
};

/// HTTP/1.1 and HTTP/2 on one listening socket for several loops; which one a connection speaks is
/// told by ALPN, else by its first bytes. A connection goes to the loop with the
/// fewest requests being handled, and stays there.
///
/// Thread: the first worker's loop, unless stated otherwise.
class Server {
 public:
  /// A loop and what answers there. Both must outlive the server.
  struct Worker {
    Loop* loop;
    Handler* handler;
  };

  /// Listens and accepts from now on. Thread: the first loop's, or any while no loop runs yet.
  /// Errors: Errc::Invalid for an address that is none; Io, Denied, with errno (EADDRINUSE: taken).
  static Result<std::unique_ptr<Server>> listen(ServerOptions options, std::vector<Worker> workers);
  /// Only after `drain`.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// For connections that are accepted from now on; a server that began without TLS has none.
  /// Not once a drain has begun. Thread: any.
  void use_tls(const std::shared_ptr<const TlsContext>& tls);

  uint16_t port() const;
  /// "127.0.0.1:8000", "[::1]:8000".
  std::string address() const;

  /// Stops accepting, lets what was accepted be answered for up to `grace`, then cancels the rest,
  /// and waits until no connection is left. Requests that were sent before it began are answered;
  /// responses say `connection: close`.
  Task<void> drain(Clock::duration grace);

  /// Thread: any.
  size_t connections() const;
  size_t active_requests() const;

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace wasmcloud::http
