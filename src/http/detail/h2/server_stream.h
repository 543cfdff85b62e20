#pragma once

#include "base/ref.h"
#include "http/detail/h2/body_sender.h"
#include "http/detail/h2/head_fields.h"
#include "http/detail/h2/request_fields.h"
#include "http/detail/received_body.h"
#include "http/server.h"

#include <boost/asio/cancellation_signal.hpp>

#include <nghttp2/nghttp2.h>

#include <functional>
#include <string>
#include <vector>

namespace wasmcloud::http::detail::h2 {

class ServerSession;

/// One request of an HTTP/2 connection and its response. Used again for later requests, with its
/// coroutine, so that a request allocates next to nothing.
class ServerStream final : public Counted,
                           public Request,
                           private ReceivedBody::Source,
                           private BodySender::Output {
 public:
  ServerStream(ServerSession& session, const ParserLimits& limits);

  // For the session.
  void open(int32_t id);
  int32_t id() const { return id_; }
  RequestFields& fields() { return fields_; }
  void begin_trailers() { fields_.begin_trailers(trailers_); }
  void on_head();
  void on_trailers();
  void on_data(std::string_view bytes);
  void on_end();
  /// nghttp2 has forgotten the stream: reset by either side, or all was said.
  void on_closed(uint32_t error);
  /// Our END_STREAM is out.
  void on_response_sent();
  void on_progress();
  /// The head was given, or more of the body: tells nghttp2.
  void flush();
  void tick(Clock::time_point now);
  /// Ends the handler's next or current wait.
  void stop(Errc code, std::string_view reason);
  /// Goes on with the coroutine. May end the stream.
  void wake();
  /// The session is gone: the coroutine of a stream that waits for reuse ends.
  void quit();
  bool is_handling() const { return handling_; }

  // Request
  BodyReader& body() override { return body_; }
  std::string peer() const override;

 private:
  friend class ServerSession;
  /// Apart, since `Request` and `ResponseWriter` both have a `body()`.
  struct Writer final : ResponseWriter {
    explicit Writer(ServerStream& stream) : self(stream) {}
    Result<void> send_head(const ResponseHead& head) override { return self.send_head(head); }
    bool is_head_sent() const override { return self.head_given_; }
    BodyWriter& body() override { return self.sender_; }
    Result<void> respond(const ResponseHead& head, Bytes body) override;
    ServerStream& self;
  };

  boost::asio::awaitable<void, Executor> run(Ref<ServerStream> self);
  void settle(const Result<void>& outcome);
  void refuse(uint16_t status, std::string_view reason);
  void respond_with_text(uint16_t status, std::string_view text);
  Result<void> send_head(const ResponseHead& head);
  Result<void> add_fields(const ResponseHead& head);
  void seal();
  void acknowledge();
  void skip(size_t bytes);
  void fail_body(uint16_t status, Errc code, std::string_view reason);
  void discard_response();
  void answer_if_withdrawn(int32_t id, int turns_left);

  // ReceivedBody::Source
  void on_body_wanted() override;
  void on_body_taken() override { acknowledge(); }
  // BodySender::Output
  void on_body_written() override;
  void on_body_failed() override;

  Ref<ServerSession> session_;
  RequestFields fields_;
  ReceivedBody body_;
  BodySender sender_;
  Writer writer_;
  Headers trailers_;
  int32_t id_ = 0;
  size_t index_ = 0;  ///< in the session's list

  bool started_ = false;   ///< the coroutine exists
  bool ready_ = false;     ///< a request waits for the coroutine
  bool handling_ = false;  ///< from then until it is settled
  bool closed_ = true;     ///< as far as nghttp2 is concerned
  bool quit_ = false;
  bool cancelled_ = false;
  bool ended_ = false;  ///< the request is whole
  bool head_given_ = false;
  bool head_sealed_ = false;
  /// The response was given up before any of it was sent: another one may be given in its place.
  bool withdrawn_ = false;
  bool no_body_ = false;
  bool has_length_ = false;
  bool continue_sent_ = false;
  bool response_sent_ = false;  ///< what still comes of the request is skipped
  bool dirty_ = false;          ///< in the session's list of streams to flush
  uint16_t body_status_ = 0;
  uint64_t received_ = 0;
  uint64_t skipped_ = 0;
  size_t unacknowledged_ = 0;  ///< received, but not consumed as far as the peer knows

  HeadFields head_fields_;

  Clock::time_point read_deadline_ = Clock::time_point::max();
  Clock::time_point write_deadline_ = Clock::time_point::max();
  std::move_only_function<void()> waiter_;
  boost::asio::cancellation_signal cancel_;
};

}  // namespace wasmcloud::http::detail::h2
