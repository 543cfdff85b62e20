#include "host/detail/tls_plugin.h"

#include "component/linker.h"
#include "wasi/tls/provider.h"

namespace wasmcloud::host::detail {
namespace {

class TlsPlugin final : public Plugin {
 public:
  std::string_view id() const override { return "wasi-tls"; }
  std::span<const std::string_view> interfaces() const override {
    static constexpr std::string_view kInterfaces[] = {"wasi:tls/types@0.3.0-draft",
                                                       "wasi:tls/client@0.3.0-draft"};
    return kInterfaces;
  }
  bool must_be_listed() const override { return true; }

  /// What is left of it is in each instance's wasi::Context.
  Result<std::shared_ptr<void>> bind(std::span<const PluginImport> imports) override {
    for (const PluginImport& import : imports) wasi::tls::add_to_linker(*import.linker);
    return nullptr;
  }
};

}  // namespace

std::unique_ptr<Plugin> make_tls_plugin() { return std::make_unique<TlsPlugin>(); }

}  // namespace wasmcloud::host::detail
