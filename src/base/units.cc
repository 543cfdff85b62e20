#include "base/units.h"

#include <array>
#include <limits>

namespace wasmcloud {
namespace {

struct Unit {
  std::string_view name;
  uint64_t factor;
};

constexpr std::array<Unit, 5> kDurations = {{{.name = "ms", .factor = 1},
                                             {.name = "s", .factor = 1000},
                                             {.name = "m", .factor = 60'000},
                                             {.name = "h", .factor = 3'600'000},
                                             {.name = "d", .factor = 86'400'000}}};

constexpr uint64_t kKibi = 1024;
constexpr std::array<Unit, 13> kSizes = {{{.name = "B", .factor = 1},
                                          {.name = "K", .factor = kKibi},
                                          {.name = "M", .factor = kKibi * kKibi},
                                          {.name = "G", .factor = kKibi * kKibi * kKibi},
                                          {.name = "Ki", .factor = kKibi},
                                          {.name = "Mi", .factor = kKibi * kKibi},
                                          {.name = "Gi", .factor = kKibi * kKibi * kKibi},
                                          {.name = "KiB", .factor = kKibi},
                                          {.name = "MiB", .factor = kKibi * kKibi},
                                          {.name = "GiB", .factor = kKibi * kKibi * kKibi},
                                          {.name = "KB", .factor = 1000},
                                          {.name = "MB", .factor = 1'000'000},
                                          {.name = "GB", .factor = 1'000'000'000}}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes digits off the front; false if there are none or they are too many.
bool take_number(std::string_view& text, uint64_t& value) {
  size_t digits = 0;
  value = 0;
  while (digits < text.size() && is_digit(text[digits])) {
    if (digits == 15) return false;
    value = value * 10 + static_cast<uint64_t>(text[digits++] - '0');
  }
  text.remove_prefix(digits);
  return digits != 0;
}

std::string_view take_name(std::string_view& text) {
  size_t letters = 0;
  while (letters < text.size() && !is_digit(text[letters])) ++letters;
  const std::string_view name = text.substr(0, letters);
  text.remove_prefix(letters);
  return name;
}

const Unit* find(std::span<const Unit> units, std::string_view name) {
  for (const Unit& unit : units) {
    if (unit.name == name) return &unit;
  }
  return nullptr;
}

}  // namespace

Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const auto malformed = [text] {
    return fail(Errc::Malformed,
                "'{}' is no duration; expected a form like 500ms, 30s, 1m30s or 2h", text);
  };
  constexpr uint64_t kMost = 100ULL * 365 * 86'400'000;
  uint64_t total = 0;
  std::string_view rest = text;
  if (rest.empty()) return malformed();
  while (!rest.empty()) {
    uint64_t number = 0;
    if (!take_number(rest, number)) return malformed();
    const std::string_view name = take_name(rest);
    const Unit* unit = find(kDurations, name.empty() && total == 0 && rest.empty() ? "s" : name);
    if (unit == nullptr) return malformed();
    if (number > kMost / unit->factor || total + number * unit->factor > kMost)
      return fail(Errc::Limit, "the duration '{}' is longer than a hundred years", text);
    total += number * unit->factor;
  }
  return std::chrono::milliseconds(total);
}

Result<uint64_t> parse_size(std::string_view text) {
  std::string_view rest = text;
  uint64_t number = 0;
  const Unit* unit = nullptr;
  if (take_number(rest, number)) {
    const std::string_view name = take_name(rest);
    if (rest.empty()) unit = find(kSizes, name.empty() ? "B" : name);
  }
  if (unit == nullptr)
    return fail(Errc::Malformed,
                "'{}' is no size; expected a form like 65536, 64KiB, 256MiB or 1GiB", text);
  if (number > std::numeric_limits<int64_t>::max() / unit->factor)
    return fail(Errc::Limit, "the size '{}' is larger than any memory", text);
  return number * unit->factor;
}

std::string format_duration(std::chrono::nanoseconds duration) {
  const double us = static_cast<double>(duration.count()) / 1000;
  if (us < 1000) return fmt::format("{:.0f} µs", us);
  if (us < 10'000) return fmt::format("{:.1f} ms", us / 1000);
  if (us < 999'500) return fmt::format("{:.0f} ms", us / 1000);
  if (us < 60e6) return fmt::format("{:.1f} s", us / 1e6);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration).count();
  return fmt::format("{}m {:02}s", seconds / 60, seconds % 60);
}

std::string format_size(uint64_t bytes) {
  if (bytes < kKibi) return fmt::format("{} B", bytes);
  double value = static_cast<double>(bytes) / kKibi;
  for (const std::string_view unit : {"KiB", "MiB", "GiB"}) {
    if (value < 1023.95) return fmt::format("{:.1f} {}", value, unit);
    value /= kKibi;
  }
  return fmt::format("{:.1f} TiB", value);
}

}  // namespace wasmcloud
