#pragma once

#include "base/loop.h"
#include "base/ref.h"
#include "http/server.h"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace wasmcloud::http::detail {

class Served;

/// What the connections of one loop share: the handler, the time, the date, the counts.
///
/// Thread: the loop's, the counts apart.
class Worker {
 public:
  Worker(Loop& loop, Handler& handler, const ServerOptions& options);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  Loop& loop() const { return loop_; }
  Handler& handler() const { return handler_; }
  const ServerOptions& options() const { return options_; }

  /// Serves a socket that was just accepted and counted.
  void adopt(int socket);
  void use_tls(std::shared_ptr<const TlsContext> tls) { tls_ = std::move(tls); }
  /// From now on connections end after their current request; `on_empty` when none is left.
  void begin_drain(std::move_only_function<void()> on_empty);
  /// Cancels what still runs.
  void cut_off();
  bool is_draining() const { return draining_; }

  /// The time as of the last tick, for time-outs: right to within one tick, unless the loop is held
  /// up.
  Clock::time_point now() const { return now_; }
  /// For the Date field; renewed every second.
  std::string_view date() const { return date_; }

  void request_begins() { count(active_, 1); }
  void request_ends() { count(active_, -1); }
  /// A place among the bodies that may use `bulk_window_bytes`; true if there was one.
  bool begin_bulk() {
    if (bulk_bodies_ >= options_.max_bulk_bodies) return false;
    ++bulk_bodies_;
    return true;
  }
  void end_bulk() { --bulk_bodies_; }
  void add(Served& connection);
  /// It ended.
  void remove(Served& connection);
  /// Another one takes its place.
  void unlink(Served& connection);

  // Thread: any.
  uint32_t active() const { return static_cast<uint32_t>(active_.load(std::memory_order_relaxed)); }
  uint32_t connections() const { return connections_.load(std::memory_order_relaxed); }
  /// The acceptor counts a connection before the worker has it.
  void count_connection() { connections_.fetch_add(1, std::memory_order_relaxed); }
  /// Called after each connection that ends. Set before the first.
  std::move_only_function<void()> on_removed;

 private:
  struct Timer;

  /// Only this loop writes: no locked instruction needed.
  static void count(std::atomic<int32_t>& counter, int32_t by) {
    counter.store(counter.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
  }
  void start_ticking();
  void tick();
  void renew_date();
  void report_empty();
  template <class F>
  void for_each(F visit);

  Loop& loop_;
  Handler& handler_;
  const ServerOptions& options_;
  std::shared_ptr<const TlsContext> tls_;  // shared by all loops
  const Clock::duration tick_;
  std::unique_ptr<Timer> timer_;
  bool ticking_ = false;
  bool draining_ = false;
  uint32_t bulk_bodies_ = 0;
  std::move_only_function<void()> on_empty_;
  Served* first_ = nullptr;
  Clock::time_point now_;
  int64_t date_second_ = 0;
  std::string date_;
  alignas(64) std::atomic<int32_t> active_ = 0;
  std::atomic<uint32_t> connections_ = 0;
};

}  // namespace wasmcloud::http::detail
