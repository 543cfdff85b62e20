#include "base/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>

namespace wasmcloud::log {
namespace {

std::atomic<Level> g_level = Level::Info;

spdlog::logger& logger() {
  static const std::shared_ptr<spdlog::logger> kLogger = [] {
    auto made = spdlog::stderr_color_mt("wash", spdlog::color_mode::automatic);
    made->set_level(spdlog::level::trace);
    made->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %^%5l%$ %v", spdlog::pattern_time_type::utc);
    made->flush_on(spdlog::level::trace);
    return made;
  }();
  return *kLogger;
}

spdlog::level::level_enum spdlog_level(Level level) {
  switch (level) {
    case Level::Trace:
      return spdlog::level::trace;
    case Level::Debug:
      return spdlog::level::debug;
    case Level::Info:
      return spdlog::level::info;
    case Level::Warn:
      return spdlog::level::warn;
    case Level::Error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

}  // namespace

void set_level(Level level) { g_level.store(level, std::memory_order_relaxed); }

bool is_enabled(Level level) { return level >= g_level.load(std::memory_order_relaxed); }

void set_colour(Colour colour) {
  const auto mode =
      colour == Colour::Always ? spdlog::color_mode::always : spdlog::color_mode::never;
  for (const auto& sink : logger().sinks()) {
    if (auto* coloured = dynamic_cast<spdlog::sinks::stderr_color_sink_mt*>(sink.get()))
      coloured->set_color_mode(mode);
  }
}

void write(Level level, std::string_view message) {
  logger().log(spdlog_level(level), spdlog::string_view_t(message.data(), message.size()));
}

}  // namespace wasmcloud::log
