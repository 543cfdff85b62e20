#pragma once

#include "base/error.h"
#include "host/plugin.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace wasmcloud::plugins {

/// The folder that the settings of a grant of `package` ask for; none for memory.
/// Errors: Errc::Invalid for a folder that is not named; Errc::Unsupported for another backend.
Result<std::string> store_root_of(const host::InterfaceGrant& grant, std::string_view package);

/// What one workload has: a store for each of its grants, and the interface that serves it.
template <class Interface, class Store, class MemoryStore, class FileStore>
class GrantedStores {
 public:
  /// Made at the first call. While binding: a grant is known by its address.
  Result<Interface*> interface_of(const host::InterfaceGrant& grant, std::string_view package) {
    for (const auto& granted : all_) {
      if (granted->grant == &grant) return &granted->interface;
    }
    const std::string root = TRY(store_root_of(grant, package));
    std::unique_ptr<Store> store;
    if (root.empty()) {
      store = std::make_unique<MemoryStore>();
    } else {
      store = TRY(FileStore::open(root));
    }
    return &all_.emplace_back(std::make_unique<Granted>(&grant, std::move(store)))->interface;
  }

 private:
  struct Granted {
    Granted(const host::InterfaceGrant* by, std::unique_ptr<Store> made)
        : grant(by), store(std::move(made)) {}
    const host::InterfaceGrant* grant;
    std::unique_ptr<Store> store;
    Interface interface{*store};
  };
  std::vector<std::unique_ptr<Granted>> all_;
};

}  // namespace wasmcloud::plugins
