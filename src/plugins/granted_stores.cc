#include "plugins/granted_stores.h"

#include <algorithm>

namespace wasmcloud::plugins {
namespace {

std::string_view setting(const host::InterfaceGrant& grant, std::string_view name) {
  const auto found =
      std::ranges::find(grant.config, name, [](const auto& e) -> const auto& { return e.first; });
  return found == grant.config.end() ? std::string_view() : found->second;
}

}  // namespace

Result<std::string> store_root_of(const host::InterfaceGrant& grant, std::string_view package) {
  const std::string_view backend = setting(grant, "backend");
  if (backend.empty() || backend == "in-memory") return std::string();
  if (backend == "filesystem") {
    std::string root(setting(grant, "root"));
    if (root.empty())
      return fail(Errc::Invalid,
                  "the backend 'filesystem' of {} needs the setting 'root', the folder where the "
                  "data is",
                  package);
    return root;
  }
  return fail(Errc::Unsupported,
              "no {} provider registered for backend '{}'; this host has 'in-memory' and "
              "'filesystem'",
              package, backend);
}

}  // namespace wasmcloud::plugins
