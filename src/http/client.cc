#include "http/client.h"

#include "http/detail/client/http1_exchange.h"
#include "http/detail/client/pool.h"
#include "http/detail/h2/client_stream.h"

namespace wasmcloud::http {

namespace {

template <class Exchange>
Result<Ref<ClientExchange>> begin(const Ref<detail::ClientPool>& pool, const RequestHead& head,
                                  const ClientTimeouts& timeouts) {
  auto exchange = make_ref<Exchange>(pool, timeouts);
  TRY(exchange->begin(head));
  pool->dispatch(exchange);
  return Ref<ClientExchange>(std::move(exchange));
}

}  // namespace

Task<ResponseHead> ClientExchange::answer() {
  CO_TRY(co_await wait_until(*this, [this] { return is_answered(); }));
  co_return take_head();
}

Client::Client(Loop& loop, ClientOptions options)
    : pool_(make_ref<detail::ClientPool>(loop, std::move(options))) {}

Client::~Client() { pool_->close(); }

Result<Ref<ClientExchange>> Client::send(RequestHead head, const ClientTimeouts& timeouts) {
  if (head.version == Version::Http2) {
    return begin<detail::h2::ClientStream>(pool_, head, timeouts);
  }
  return begin<detail::Http1Exchange>(pool_, head, timeouts);
}

size_t Client::connections() const { return pool_->connections(); }

}  // namespace wasmcloud::http
