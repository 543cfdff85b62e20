#include "plugins/config/config.h"

#include "bindings/wasi/config_0_2_0_rc_1/store.h"
#include "component/linker.h"
#include "host/workload.h"

#include <map>

namespace wasmcloud::plugins::config {
namespace {

namespace wit = wasmcloud::wit::wasi::config_0_2_0_rc_1::store;

using Values = std::map<std::string, std::string, std::less<>>;

/// Thread: any; it never changes.
class Store final : public wit::Interface {
 public:
  explicit Store(Values values) : values_(std::move(values)) {}
  ~Store() {
    // Some of it may have been secret.
    for (auto& [key, value] : values_) wipe(value);
  }

  Result<std::expected<std::optional<std::string>, wit::Error>> get(std::string_view key) override {
    const auto found = values_.find(key);
    if (found == values_.end()) return std::nullopt;
    return found->second;
  }

  Result<std::expected<std::vector<std::tuple<std::string, std::string>>, wit::Error>> get_all()
      override {
    return std::vector<std::tuple<std::string, std::string>>(values_.begin(), values_.end());
  }

 private:
  Values values_;
};

class ConfigPlugin final : public host::Plugin {
 public:
  std::string_view id() const override { return "wasi-config"; }
  std::span<const std::string_view> interfaces() const override {
    static constexpr std::string_view kInterfaces[] = {"wasi:config/store@0.2.0-rc.1"};
    return kInterfaces;
  }
  bool serves_named() const override { return true; }

  Result<std::shared_ptr<void>> bind(std::span<const host::PluginImport> imports) override {
    auto stores = std::make_shared<std::vector<std::unique_ptr<Store>>>();
    for (const host::PluginImport& import : imports) {
      Values values;
      const host::ComponentConfig& component = *import.component;
      for (const auto* layer : {&import.grant->config, &component.config, &component.environment}) {
        for (const auto& [key, value] : *layer) values.insert_or_assign(key, value);
      }
      for (const auto& [key, value] : component.secrets)
        values.insert_or_assign(key, std::string(value.reveal()));
      stores->push_back(std::make_unique<Store>(std::move(values)));
      wit::add_to_linker(import.linker->instance(import.name), *stores->back());
    }
    return stores;
  }
};

}  // namespace

std::unique_ptr<host::Plugin> make_plugin() { return std::make_unique<ConfigPlugin>(); }

}  // namespace wasmcloud::plugins::config
