#include "plugins/logging/logging.h"

#include "base/log.h"
#include "bindings/wasi/logging_0_1_0_draft/logging.h"
#include "component/linker.h"
#include "host/workload.h"
#include "plugins/logging/line.h"

#include <deque>

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
  Logger(std::string_view workload, std::string_view component)
      : workload_(workload), component_(component) {}

  Result<void> log(wit::Level level, std::string_view context, std::string_view message) override {
    if (log::is_enabled(level_of(level)))
      log::write(level_of(level), format_line(workload_, component_, context, message));
    return {};
  }

 private:
  std::string workload_;
  std::string component_;
};

class LoggingPlugin final : public host::Plugin {
 public:
  std::string_view id() const override { return "wasi-logging"; }
  std::span<const std::string_view> interfaces() const override {
    static constexpr std::string_view kInterfaces[] = {"wasi:logging/logging@0.1.0-draft"};
    return kInterfaces;
  }

  Result<std::shared_ptr<void>> bind(std::span<const host::PluginImport> imports) override {
    auto loggers = std::make_shared<std::deque<Logger>>();
    for (const host::PluginImport& import : imports)
      wit::add_to_linker(import.linker->instance(import.name),
                         loggers->emplace_back(import.workload, import.component->name));
    return loggers;
  }
};

}  // namespace

std::unique_ptr<host::Plugin> make_plugin() { return std::make_unique<LoggingPlugin>(); }

}  // namespace wasmcloud::plugins::logging
