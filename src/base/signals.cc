#include "base/signals.h"

#include <boost/asio/basic_signal_set.hpp>

namespace wasmcloud {

struct SignalWatch::Impl : std::enable_shared_from_this<Impl> {
  Impl(Loop& loop, std::function<void(int)> on_signal)
      : set(loop.executor()), handler(std::move(on_signal)) {}

  void wait() {
    set.async_wait([self = shared_from_this()](boost::system::error_code error, int signal) {
      if (error || !self->handler) return;
      // A copy: the handler may destroy the watch, and itself with it.
      const auto call = self->handler;
      call(signal);
      if (self->handler) self->wait();
    });
  }

  boost::asio::basic_signal_set<Executor> set;
  std::function<void(int)> handler;
};

SignalWatch::SignalWatch(Loop& loop, std::initializer_list<int> signals,
                         std::function<void(int)> handler)
    : impl_(std::make_shared<Impl>(loop, std::move(handler))) {
  for (const int signal : signals) impl_->set.add(signal);
  impl_->wait();
}

SignalWatch::~SignalWatch() {
  impl_->handler = nullptr;
  boost::system::error_code ignored;
  impl_->set.cancel(ignored);
  impl_->set.clear(ignored);
}

}  // namespace wasmcloud
