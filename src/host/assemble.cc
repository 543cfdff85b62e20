#include "base/log.h"
#include "component/component.h"
#include "component/interface_version.h"
#include "component/prepared.h"
#include "host/detail/bind_plugins.h"
#include "host/host.h"
#include "wasi/sockets/virtual_network.h"

#include <algorithm>
#include <deque>

namespace wasmcloud::host {
namespace {

/// A component on its way into workloads.
struct Piece {
  ComponentConfig config;
  std::shared_ptr<const component::Component> component;
  component::Linker granted;
};

bool exports(const component::Component& component, std::string_view interface) {
  return std::ranges::any_of(component.export_names(), [&](std::string_view name) {
    return component::split_version(name).base == interface;
  });
}

bool answers_http(const component::Component& component) {
  return exports(component, "wasi:http/incoming-handler") ||
         exports(component, "wasi:http/handler");
}

/// Links what is in `pieces` to one another, in all the combinations that run.
class Assembler {
 public:
  Assembler(const component::Linker& linker, const WorkloadConfig& shared,
            std::vector<std::shared_ptr<void>> bindings, std::shared_ptr<IdleInstances> idle,
            std::shared_ptr<wasmcloud::http::ClientTls> client_tls, Connections connections)
      : linker_(linker),
        shared_(shared),
        bindings_(std::move(bindings)),
        idle_(std::move(idle)),
        client_tls_(std::move(client_tls)),
        connections_(std::move(connections)) {}

  void add(Piece& component) { components_.push_back(&component); }

  /// `root` with those of the components that it needs.
  Result<std::shared_ptr<const component::Prepared>> link(Piece& root) {
    order_ = {&root};
    for (Piece* piece : components_) {
      if (piece != &root) order_.push_back(piece);
    }
    if (order_.size() == 1) {
      auto prepared = linker_.prepare(root.component, {.more = &root.granted});
      if (!prepared) return fail(std::move(prepared).error().within(root.config.name));
      return prepared;
    }
    std::vector<component::Part> parts;
    for (const Piece* piece : order_)
      parts.push_back(
          {.name = piece->config.name, .component = piece->component, .more = &piece->granted});
    return linker_.prepare_linked(parts);
  }

  Result<std::shared_ptr<const Workload>> make(Piece& root) {
    auto prepared = TRY(link(root));
    std::vector<ComponentConfig> linked;
    std::vector<ComponentReuse> reuse;
    reached_.push_back(&root);
    for (const uint32_t part : prepared->parts()) {
      if (part == 0) continue;
      linked.push_back(order_[part]->config);
      reuse.push_back(order_[part]->config.reuse);
      reached_.push_back(order_[part]);
    }
    WorkloadConfig config = shared_;
    set_own_part(config, root.config);
    config.name = shared_.name;
    config.limits.reuse = reuse_in(shared_.limits.reuse, root.config.reuse, reuse);
    return Workload::create(std::move(prepared), std::move(config), bindings_, idle_, client_tls_,
                            std::move(linked), connections_);
  }

  bool is_reached(const Piece& piece) const {
    return std::ranges::find(reached_, &piece) != reached_.end();
  }

 private:
  const component::Linker& linker_;
  const WorkloadConfig& shared_;
  std::vector<std::shared_ptr<void>> bindings_;  // of plugins, shared by the workloads
  std::shared_ptr<IdleInstances> idle_;          // of the host, shared by all workloads
  std::shared_ptr<wasmcloud::http::ClientTls> client_tls_;
  Connections connections_;
  std::vector<Piece*> components_;
  std::vector<Piece*> order_;  ///< of the last `link`
  std::vector<const Piece*> reached_;
};

}  // namespace

Result<Assembled> Host::assemble(const Assembly& assembly) const {
  WorkloadConfig shared = assembly.shared;
  if (shared.tls == nullptr) shared.tls = tls_;
  std::deque<Piece> pieces;  // linkers stay where they are
  const auto loopback = std::make_shared<wasi::sockets::VirtualNetwork>();
  const Connections connections = connections_of(shared);
  const auto add = [&](const AssemblyPart& part, bool is_service) -> Result<void> {
    Piece& piece = pieces.emplace_back();
    piece.config = part.config;
    piece.config.network.loopback = loopback;
    piece.config.network.outbound = connections.outbound;
    piece.config.network.inbound = connections.inbound;
    piece.config.network.serves_loopback = is_service;
    auto component = compile(part.bytes);
    if (!component) return fail(std::move(component).error().within(part.config.name));
    piece.component = std::move(*component);
    return {};
  };
  for (const AssemblyPart& part : assembly.components) TRY(add(part, false));
  if (assembly.service) TRY(add(*assembly.service, true));
  Piece* const service = assembly.service ? &pieces.back() : nullptr;

  std::vector<detail::BoundComponent> bound;
  for (Piece& piece : pieces)
    bound.push_back({.component = piece.component.get(),
                     .config = &piece.config,
                     .linker = &piece.granted,
                     .is_service = &piece == service});
  Assembler assembler(linker_, shared, TRY(detail::bind_plugins(plugins_, bound, shared)),
                      idle_instances_, client_tls_, connections);
  Piece* entry = nullptr;
  for (Piece& piece : pieces) {
    if (&piece == service) continue;
    assembler.add(piece);
    if (entry == nullptr && answers_http(*piece.component)) entry = &piece;
  }
  Assembled out{
      .http = nullptr, .service = nullptr, .loopback = loopback, .inbound = connections.inbound};
  if (entry != nullptr) out.http = TRY(assembler.make(*entry));
  if (service != nullptr) {
    if (!exports(*service->component, "wasi:cli/run"))
      return fail(Errc::Invalid, "{} does not export wasi:cli/run, so it is no service",
                  service->config.name);
    if (answers_http(*service->component))
      log::warn("{}: what a service exports beside wasi:cli/run is not called by this version",
                service->config.name);
    out.service = TRY(assembler.make(*service));
  }
  for (Piece& piece : pieces) {
    if (assembler.is_reached(piece)) continue;
    TRY(assembler.link(piece));
    if (entry == nullptr && service == nullptr)
      continue;  // whoever asked is told that nothing runs
    log::warn("{}: nothing calls this component: {}", piece.config.name,
              entry != nullptr && answers_http(*piece.component)
                  ? entry->config.name + " comes first and answers the requests"
                  : "no other imports what it exports");
  }
  return out;
}

}  // namespace wasmcloud::host
