#include "http/detail/tls_transport.h"

namespace wasmcloud::http::detail {
namespace {

class HandshakeWaiter final : public Transport::Owner {
 public:
  explicit HandshakeWaiter(Loop& loop) : done(loop) {}
  void on_read(int with, size_t) override {
    error = with;
    done.set();
  }
  void on_writable() override {}
  void on_secured() override { done.set(); }

  Event done;
  int error = 0;
};

}  // namespace

Task<void> secure(Loop& loop, Transport& transport) {
  if (!transport.is_secure()) co_return Result<void>();
  const auto waiter = make_ref<HandshakeWaiter>(loop);
  transport.set_owner(*waiter);
  transport.start_handshake();
  auto waited = co_await waiter->done.wait();
  transport.clear_owner();
  CO_TRY(std::move(waited));
  if (waiter->error != 0) co_return fail(transport.explain(waiter->error));
  co_return Result<void>();
}

}  // namespace wasmcloud::http::detail
