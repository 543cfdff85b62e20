#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wasmcloud {

/// Without spaces, tabs and line ends at both sides.
std::string_view trim(std::string_view text);
/// The pieces between separators; one piece, perhaps empty, where there is no separator.
std::vector<std::string_view> split(std::string_view text, char separator);
/// ASCII only: identifiers and names of formats.
std::string to_lower(std::string_view text);
std::string to_upper(std::string_view text);
std::string join(std::span<const std::string> parts, std::string_view separator);

/// Insertions, removals, replacements and swaps of neighbours that turn `a` into `b`.
size_t edit_distance(std::string_view a, std::string_view b);
/// The candidate that a person who typed `word` most likely meant; empty if none is near.
std::string_view closest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace wasmcloud
