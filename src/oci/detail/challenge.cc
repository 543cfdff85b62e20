#include "oci/detail/challenge.h"

#include "base/text.h"

namespace wasmcloud::oci::detail {
namespace {

class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  void skip(std::string_view set) {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(set), rest_.size()));
  }
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// Up to a blank or a delimiter.
  std::string_view token() {
    const std::string_view taken = rest_.substr(0, rest_.find_first_of(" \t,=\""));
    rest_.remove_prefix(taken.size());
    return taken;
  }
  /// quoted-string, whose first quote was taken
  std::string quoted() {
    std::string out;
    while (!rest_.empty() && !take('"')) {
      take('\\');
      if (rest_.empty()) break;
      out += rest_.front();
      rest_.remove_prefix(1);
    }
    return out;
  }

 private:
  std::string_view rest_;
};

// challenge = auth-scheme [ 1*SP ( token68 / #auth-param ) ]; auth-param = token BWS "=" BWS value
void read_field(std::string_view value, std::vector<Challenge>& out) {
  Scanner scanner(value);
  while (true) {
    scanner.skip(" \t,");
    if (scanner.at_end()) return;
    const std::string_view name = scanner.token();
    if (name.empty()) return;
    scanner.skip(" \t");
    if (!scanner.take('=')) {
      // Not a parameter, so the next scheme.
      out.push_back({.scheme = to_lower(name), .parameters = {}});
      continue;
    }
    if (out.empty()) return;
    scanner.skip(" \t");
    std::string text = scanner.take('"') ? scanner.quoted() : std::string(scanner.token());
    out.back().parameters.emplace_back(to_lower(name), std::move(text));
  }
}

}  // namespace

std::string_view Challenge::parameter(std::string_view name) const {
  for (const auto& [each, value] : parameters) {
    if (each == name) return value;
  }
  return {};
}

std::vector<Challenge> challenges_of(const http::Headers& headers) {
  std::vector<Challenge> out;
  for (const http::FieldView field : headers) {
    if (http::names_equal(field.name, "www-authenticate")) read_field(field.value, out);
  }
  return out;
}

}  // namespace wasmcloud::oci::detail
