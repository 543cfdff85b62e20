#include "plugins/file_names.h"

#include <charconv>

namespace wasmcloud::plugins {
namespace {

/// Of a file's name, with room left for what temporary ones have behind it.
constexpr size_t kMaxFileName = 220;

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

}  // namespace

Result<std::string> to_file_name(std::string_view name, std::string_view what) {
  if (name.empty()) return "%";
  std::string out;
  for (const char c : name) {
    if (is_plain(c)) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    if (out.size() > kMaxFileName)
      return fail(Errc::Limit,
                  "{} is too long for a file's name: {} bytes are allowed, and characters other "
                  "than letters, digits, - and _ count three times",
                  what, kMaxFileName);
  }
  return out;
}

std::optional<std::string> from_file_name(std::string_view file) {
  if (file == "%") return "";
  std::string out;
  for (size_t i = 0; i < file.size(); ++i) {
    if (is_plain(file[i])) {
      out += file[i];
      continue;
    }
    if (file[i] != '%' || i + 2 >= file.size()) return std::nullopt;
    uint8_t byte = 0;
    const char* const digits = file.data() + i + 1;
    if (const auto [end, error] = std::from_chars(digits, digits + 2, byte, 16);
        error != std::errc() || end != digits + 2)
      return std::nullopt;
    out += static_cast<char>(byte);
    i += 2;
  }
  return out;
}

}  // namespace wasmcloud::plugins
