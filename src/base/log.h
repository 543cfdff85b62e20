#pragma once

#include <fmt/core.h>

#include <cstdint>
#include <string_view>

namespace wasmcloud::log {

enum class Level : uint8_t { Trace, Debug, Info, Warn, Error };

/// Messages below this level cost one comparison. Thread: any.
void set_level(Level level);
bool is_enabled(Level level);
/// Colour codes around the level's name; off unless stderr is a terminal that wants them.
enum class Colour : uint8_t { Never, Always };
void set_colour(Colour colour);

/// Writes one line to stderr. Thread: any.
void write(Level level, std::string_view message);

template <class... Args>
void emit(Level level, fmt::format_string<Args...> format, Args&&... args) {
  if (is_enabled(level)) write(level, fmt::vformat(format, fmt::make_format_args(args...)));
}
template <class... Args>
void trace(fmt::format_string<Args...> format, Args&&... args) {
  emit(Level::Trace, format, std::forward<Args>(args)...);
}
template <class... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) {
  emit(Level::Debug, format, std::forward<Args>(args)...);
}
template <class... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
  emit(Level::Info, format, std::forward<Args>(args)...);
}
template <class... Args>
void warn(fmt::format_string<Args...> format, Args&&... args) {
  emit(Level::Warn, format, std::forward<Args>(args)...);
}
template <class... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
  emit(Level::Error, format, std::forward<Args>(args)...);
}

}  // namespace wasmcloud::log
