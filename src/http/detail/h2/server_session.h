#pragma once

#include "http/detail/h2/engine.h"
#include "http/detail/h2/server_stream.h"
#include "http/detail/served.h"
#include "http/detail/worker.h"

#include <string>
#include <vector>

namespace wasmcloud::http::detail::h2 {

/// One HTTP/2 client of the server: its streams, each with a handler.
///
/// Kept alive by its streams, by the transport's operations, and by posted flushes.
class ServerSession final : public Served, private Engine::Side {
 public:
  ServerSession(Worker& worker, std::unique_ptr<Transport> transport);
  ~ServerSession() override;

  /// [begin, end) of `buffer` was received already.
  void start(ByteBuffer buffer, size_t begin, size_t end);

  // Served
  void begin_drain() override;
  void cut_off() override;
  bool is_late(Clock::time_point now) const override {
    return now >= deadline_ || !streams_.empty() || blocked_since_ != Clock::time_point::max();
  }
  void tick(Clock::time_point now) override;

  // For the streams.
  Worker& worker() const { return worker_; }
  Engine& engine() { return engine_; }
  const std::string& peer() const { return peer_; }
  void add_ready(ServerStream& stream) { ready_.emplace_back(&stream); }
  void add_dirty(ServerStream& stream);
  /// Neither nghttp2 nor a handler has to do with it any more.
  void recycle(ServerStream& stream);

 private:
  enum class Phase : uint8_t { Open, Draining, Lingering, Closed };

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

  ServerStream* find(int32_t id);
  Ref<ServerStream> take_stream();
  void received();
  void start_ready();
  void flush();
  void after_flush(bool alive);
  void say_last_stream();
  void linger();
  void close(Transport::Close how);

  Worker& worker_;
  std::string peer_;
  Engine engine_;
  Phase phase_ = Phase::Open;
  bool in_batch_ = false;
  bool goaway_sent_ = false;
  uint64_t lingered_ = 0;
  std::vector<Ref<ServerStream>> streams_;  ///< open, or with a handler that still runs
  std::vector<Ref<ServerStream>> free_;
  std::vector<Ref<ServerStream>> ready_;
  std::vector<Ref<ServerStream>> dirty_;
  /// Of the preface, of a head that is not complete, of idleness, of a drain's first step.
  Clock::time_point deadline_;
  Clock::time_point blocked_since_ = Clock::time_point::max();
};

}  // namespace wasmcloud::http::detail::h2
