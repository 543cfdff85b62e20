#include "http/client.h"

#include "http/detail/client/exchange.h"
#include "http/detail/client/pool.h"

namespace wasmcloud::http {

bool ConnectionQuota::try_acquire() {
  size_t used = used_.load(std::memory_order_relaxed);
  while (used < limit_) {
    if (used_.compare_exchange_weak(used, used + 1, std::memory_order_relaxed)) return true;
  }
  return false;
}

Task<ResponseHead> ClientExchange::answer() {
  if (!is_answered()) {
    Event event(loop());
    Signal::Listener listener(event);
    listener.listen(changed());
    while (!is_answered()) {
      CO_TRY(co_await event.wait());
      event.reset();
    }
  }
  co_return take_head();
}

Client::Client(Loop& loop, ClientOptions options)
    : pool_(make_ref<detail::ClientPool>(loop, std::move(options))) {}

Client::~Client() { pool_->close(); }

Result<Ref<ClientExchange>> Client::send(RequestHead head, const ClientTimeouts& timeouts) {
  auto exchange = make_ref<detail::Http1Exchange>(pool_, timeouts);
  TRY(exchange->begin(head));
  pool_->dispatch(exchange);
  return Ref<ClientExchange>(std::move(exchange));
}

size_t Client::connections() const { return pool_->connections(); }

}  // namespace wasmcloud::http
