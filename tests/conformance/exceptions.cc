#include "conformance/exceptions.h"

#include <charconv>
#include <fstream>
#include <sstream>

namespace wasmcloud::conformance {

Result<ExceptionTable> read_exceptions(const std::filesystem::path& path) {
  std::ifstream in(path);
  if (!in) return fail(Errc::NotFound, "{} cannot be read", path.string());
  ExceptionTable table;
  uint32_t number = 0;
  for (std::string text; std::getline(in, text);) {
    ++number;
    if (text.empty() || text.starts_with('#')) continue;
    std::istringstream words(text);
    std::string script;
    std::string line;
    std::string kind;
    Exception exception;
    words >> script >> line >> kind >> std::ws;
    std::getline(words, exception.why);
    exception.kind = kind == "skip" ? Exception::Kind::Skip : Exception::Kind::Opposite;
    if (exception.why.empty() || (kind != "skip" && kind != "opposite")) {
      return fail(Errc::Malformed, "{}:{}: expected SCRIPT LINE|* skip|opposite WHY", path.string(),
                  number);
    }
    Exceptions& of = table[script];
    if (line == "*") {
      of.script = exception;
      continue;
    }
    uint32_t at = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), at);
    if (error != std::errc() || end != line.data() + line.size() ||
        !of.commands.emplace(at, exception).second) {
      return fail(Errc::Malformed, "{}:{}: \"{}\" is not a line of its own", path.string(), number,
                  line);
    }
  }
  return table;
}

Exceptions exceptions_of(const ExceptionTable& table, const std::filesystem::path& script) {
  const std::string path = std::filesystem::absolute(script).lexically_normal().generic_string();
  for (const auto& [name, exceptions] : table) {
    if (path.ends_with("/" + name)) return exceptions;
  }
  return {};
}

}  // namespace wasmcloud::conformance
