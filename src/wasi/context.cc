#include "wasi/context.h"

#include "wasi/interfaces_0_2.h"
#include "wasi/interfaces_0_3.h"
#include "wasi/sockets/network.h"

namespace wasmcloud::wasi {

Context::Context(Loop& loop, const Environment& environment, wasmcloud::http::Client* client)
    : loop_(loop),
      environment_(environment),
      client_(client),
      tasks_(loop),
      feeds_(loop),
      drains_(loop),
      standard_streams_(loop, environment) {}

Context::~Context() = default;

Task<void> Context::finish() {
  constexpr auto kLinger = std::chrono::seconds(5);
  feeds_.cancel();
  CO_TRY(co_await feeds_.finish());
  if (drains_.size() != 0) {
    static_cast<void>(co_await with_deadline(loop_, kLinger, "sending", drains_.finish()));
    drains_.cancel();
    CO_TRY(co_await drains_.finish());
  }
  co_return co_await tasks_.finish();
}

v0_2::Interfaces& Context::interfaces_0_2() {
  if (!interfaces_0_2_) interfaces_0_2_ = std::make_unique<v0_2::Interfaces>(*this);
  return *interfaces_0_2_;
}

v0_3::Interfaces& Context::interfaces_0_3() {
  if (!interfaces_0_3_) interfaces_0_3_ = std::make_unique<v0_3::Interfaces>(*this);
  return *interfaces_0_3_;
}

const sockets::Network& Context::network() {
  if (!network_) {
    network_ = std::make_unique<sockets::Network>(sockets::Network{
        .loop = loop_,
        .policy = environment_.network,
        .tasks = tasks_,
        .sockets = make_ref<Budget>("open sockets", environment_.quotas.sockets),
        .lookups = make_ref<Budget>("names being looked up", environment_.quotas.lookups)});
  }
  return *network_;
}

const Ref<Budget>& Context::http_budget() {
  if (!http_budget_) {
    http_budget_ =
        make_ref<Budget>("bytes of fields and unsent bodies", environment_.quotas.http_bytes);
  }
  return http_budget_;
}

const Ref<Budget>& Context::exchanges() {
  if (!exchanges_) {
    exchanges_ = make_ref<Budget>("requests under way", environment_.quotas.exchanges);
  }
  return exchanges_;
}

const Ref<Budget>& Context::file_budget() {
  if (!file_budget_) {
    file_budget_ = make_ref<Budget>("open files", environment_.quotas.open_files);
  }
  return file_budget_;
}

const Ref<Budget>& Context::tls_connections() {
  if (!tls_connections_) {
    tls_connections_ = make_ref<Budget>("TLS connections", environment_.quotas.tls_connections);
  }
  return tls_connections_;
}

void add_to_linker(component::Linker& linker) {
  v0_2::add_to_linker(linker);
  v0_3::add_to_linker(linker);
}

}  // namespace wasmcloud::wasi
