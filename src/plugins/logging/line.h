#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace wasmcloud::plugins::logging {

inline constexpr size_t kMaxMessageBytes = 8192;
inline constexpr size_t kMaxContextBytes = 256;

/// `text`, which a guest made, for one line of a log: what ends lines, moves a cursor or turns the
/// direction of writing is spelled out (`\n`, `\u{1b}`), and of more than `limit` bytes the rest is
/// left out and counted.
std::string one_line(std::string_view text, size_t limit);

/// "message workload=NAME component=NAME context=TEXT", quoted where a value needs it.
std::string format_line(std::string_view workload, std::string_view component,
                        std::string_view context, std::string_view message);

}  // namespace wasmcloud::plugins::logging
