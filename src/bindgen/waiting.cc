#include "bindgen/waiting.h"

namespace wasmcloud::bindgen {

std::string_view without_version(std::string_view interface) {
  return interface.substr(0, interface.find('@'));
}

Result<void> Waiting::read(std::string_view path, std::string_view text) {
  for (int number = 1; !text.empty(); ++number) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    const size_t hash = line.find('#');
    if (hash == std::string_view::npos || hash + 1 == line.size() ||
        line.find(' ') != std::string_view::npos) {
      return fail(Errc::Malformed,
                  "{}:{}: '{}'; expected an interface and a function, such as wasi:io/poll#poll",
                  path, number, line);
    }
    lines_.emplace(line, Line{.where = fmt::format("{}:{}", path, number)});
  }
  return {};
}

bool Waiting::contains(std::string_view interface, std::string_view function) {
  bool found = false;
  for (const std::string_view name : {interface, without_version(interface)}) {
    const auto line = lines_.find(fmt::format("{}#{}", name, function));
    if (line == lines_.end()) continue;
    line->second.used = true;
    found = true;
  }
  return found;
}

Result<void> Waiting::check_used(const std::set<std::string>& interfaces) const {
  for (const auto& [name, line] : lines_) {
    const std::string interface = name.substr(0, name.find('#'));
    if (!line.used && interfaces.contains(interface)) {
      return fail(Errc::Invalid, "{}: interface '{}' has no function '{}'", line.where, interface,
                  name.substr(interface.size() + 1));
    }
  }
  return {};
}

}  // namespace wasmcloud::bindgen
