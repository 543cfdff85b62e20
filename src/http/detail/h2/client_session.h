#pragma once

#include "http/detail/client/lazy_timer.h"
#include "http/detail/h2/client_stream.h"
#include "http/detail/h2/engine.h"

#include <string>
#include <vector>

namespace wasmcloud::http::detail::h2 {

/// One HTTP/2 connection to a server, with the exchanges that share it.
///
/// Kept alive by the pool, by its streams, and by the transport's operations.
class ClientSession final : public Transport::Owner, private Engine::Side {
 public:
  ClientSession(Ref<ClientPool> pool, std::unique_ptr<Transport> transport, Scheme scheme,
                std::string authority);
  ~ClientSession() override;

  /// Sends the preface.
  void start();
  Scheme scheme() const { return scheme_; }
  const std::string& authority() const { return authority_; }
  /// It takes one more stream now.
  bool has_room() const;
  bool is_idle() const { return streams_.empty(); }
  /// The server has not said yet how many streams it takes.
  bool is_new() const { return !settled_ && !closed_; }
  void run(Ref<ClientStream> stream);
  /// All its streams fail.
  void close(Transport::Close how);

  // For the streams.
  Engine& engine() { return engine_; }
  void add_dirty(ClientStream& stream);
  /// nghttp2 never knew it.
  void forget(ClientStream& stream);

 private:
  // Transport::Owner
  void on_read(int error, size_t size) override;
  void on_writable() override;
  // Engine::Side
  int on_begin_headers(const nghttp2_frame& frame) override;
  int on_header(const nghttp2_frame& frame, std::string_view name, std::string_view value) override;
  void on_frame(const nghttp2_frame& frame) override;
  void on_data(int32_t stream, std::string_view bytes) override;
  void on_stream_closed(int32_t stream, uint32_t error) override;
  void on_frame_sent(const nghttp2_frame& frame) override;
  void on_data_sent(int32_t stream) override;
  void on_flush() override;
  void schedule_flush() override;

  ClientStream* find(int32_t id);
  void flush();
  void after_flush(bool alive);
  void on_time();

  const Ref<ClientPool> pool_;
  const Scheme scheme_;
  const std::string authority_;
  Engine engine_;
  LazyTimer timer_;       ///< of idleness
  bool settled_ = false;  ///< the server's SETTINGS came
  bool closed_ = false;
  bool leaving_ = false;  ///< the server takes no new streams
  bool in_batch_ = false;
  std::vector<Ref<ClientStream>> streams_;
  std::vector<Ref<ClientStream>> dirty_;
};

}  // namespace wasmcloud::http::detail::h2
