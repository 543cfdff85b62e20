#include "http/detail/worker.h"

#include "base/check.h"
#include "http/detail/connection.h"
#include "http/detail/tls_transport.h"

#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <array>
#include <ctime>
#include <vector>

namespace wasmcloud::http::detail {
namespace asio = boost::asio;

struct Worker::Timer {
  asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor> timer;
};

namespace {

Clock::duration tick_for(const ServerOptions& options) {
  const auto shortest = std::min(
      {options.header_timeout, options.body_timeout, options.idle_timeout, options.write_timeout});
  return std::clamp<Clock::duration>(shortest / 4, std::chrono::milliseconds(1),
                                     std::chrono::milliseconds(500));
}

}  // namespace

Worker::Worker(Loop& loop, Handler& handler, const ServerOptions& options)
    : loop_(loop),
      handler_(handler),
      options_(options),
      tls_(options.tls),
      tick_(tick_for(options)),
      timer_(new Timer{.timer = decltype(Timer::timer)(loop.executor())}) {}

Worker::~Worker() { CHECK(first_ == nullptr); }

void Worker::adopt(int socket) {
  if (!ticking_) start_ticking();
  make_ref<Connection>(
      *this, tls_ ? make_tls_transport(loop_, socket, *tls_) : make_socket_transport(loop_, socket))
      ->start();
}

void Worker::add(Served& connection) {
  connection.next_ = first_;
  connection.link_ = &first_;
  if (first_ != nullptr) first_->link_ = &connection.next_;
  first_ = &connection;
}

void Worker::unlink(Served& connection) {
  *connection.link_ = connection.next_;
  if (connection.next_ != nullptr) connection.next_->link_ = connection.link_;
}

void Worker::remove(Served& connection) {
  unlink(connection);
  connections_.fetch_sub(1, std::memory_order_relaxed);
  if (on_removed) on_removed();
  if (draining_ && first_ == nullptr) report_empty();
}

/// Last of all, behind a tick that may be due already: this object may then be destroyed.
void Worker::report_empty() {
  timer_->timer.cancel();
  if (on_empty_) loop_.post(std::exchange(on_empty_, nullptr));
}

template <class F>
void Worker::for_each(F visit) {
  // A visit may end any connection; the references keep them until all were visited.
  std::vector<Ref<Served>> all;
  for (Served* each = first_; each != nullptr; each = each->next_) all.emplace_back(each);
  for (const Ref<Served>& each : all) visit(*each);
}

void Worker::begin_drain(std::move_only_function<void()> on_empty) {
  draining_ = true;
  on_empty_ = std::move(on_empty);
  if (first_ == nullptr) return report_empty();
  now_ = Clock::now();
  for_each([](Served& connection) { connection.begin_drain(); });
}

void Worker::cut_off() {
  for_each([](Served& connection) { connection.cut_off(); });
}

void Worker::start_ticking() {
  ticking_ = true;
  now_ = Clock::now();
  renew_date();
  timer_->timer.expires_after(tick_);
  timer_->timer.async_wait([this](boost::system::error_code error) {
    if (!error) tick();
  });
}

void Worker::tick() {
  // Deadlines were set by the time of the last tick. Where the loop was held up since, nobody is
  // late before what came meanwhile is read, for which there is until the next tick.
  const auto now = std::min(Clock::now(), now_ + 2 * tick_);
  for (Served* each = first_; each != nullptr; each = each->next_) {
    if (each->is_late(now)) {
      for_each([now](Served& connection) { connection.tick(now); });
      break;
    }
  }
  ticking_ = false;
  if (first_ != nullptr) start_ticking();
}

void Worker::renew_date() {
  const std::time_t now = std::time(nullptr);
  if (now == date_second_) return;
  date_second_ = now;
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  // IMF-fixdate (RFC 9110, section 5.6.7); strftime would follow the locale.
  static constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  date_ = fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", kDays[parts.tm_wday], parts.tm_mday,
                      kMonths[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour, parts.tm_min,
                      parts.tm_sec);
}

}  // namespace wasmcloud::http::detail
