#include "plugins/logging/logging.h"

#include "base/log.h"
#include "bindings/wasi/logging_0_1_0_draft/logging.h"
#include "component/linker.h"
#include "host/workload.h"
#include "plugins/logging/line.h"

namespace wasmcloud::plugins::logging {
namespace {

namespace wit = wasmcloud::wit::wasi::logging_0_1_0_draft::logging;

log::Level level_of(wit::Level level) {
  switch (level) {
    case wit::Level::Trace:
      return log::Level::Trace;
    case wit::Level::Debug:
      return log::Level::Debug;
    case wit::Level::Info:
      return log::Level::Info;
    case wit::Level::Warn:
      return log::Level::Warn;
    case wit::Level::Error:
    case wit::Level::Critical:
      return log::Level::Error;
  }
  return log::Level::Error;
}

/// Thread: any.
class Logger final : public wit::Interface {
 public:
  explicit Logger(std::string workload) : workload_(std::move(workload)) {}

  Result<void> log(wit::Level level, std::string_view context, std::string_view message) override {
    if (log::is_enabled(level_of(level)))
      log::write(level_of(level), format_line(workload_, workload_, context, message));
    return {};
  }

 private:
  std::string workload_;  // and its only component
};

class LoggingPlugin final : public host::Plugin {
 public:
  std::string_view id() const override { return "wasi-logging"; }
  std::span<const std::string_view> interfaces() const override {
    static constexpr std::string_view kInterfaces[] = {"wasi:logging/logging@0.1.0-draft"};
    return kInterfaces;
  }

  Result<std::shared_ptr<void>> bind(const host::WorkloadConfig& workload,
                                     std::span<const host::PluginImport> imports,
                                     component::Linker& linker) override {
    auto logger = std::make_shared<Logger>(workload.name);
    for (const host::PluginImport& import : imports)
      wit::add_to_linker(linker.instance(import.name), *logger);
    return logger;
  }
};

}  // namespace

std::unique_ptr<host::Plugin> make_plugin() { return std::make_unique<LoggingPlugin>(); }

}  // namespace wasmcloud::plugins::logging
