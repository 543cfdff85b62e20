#include "service.h"

#include <nlohmann/json.hpp>

namespace {

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// A name or value of a query: + is a space, and %41 is A.
std::string decoded(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0) {
      out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

std::optional<std::string> parameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    const size_t equals = std::min(pair.find('='), pair.size());
    if (decoded(pair.substr(0, equals)) == name)
      return decoded(pair.substr(std::min(equals + 1, pair.size())));
  }
  return std::nullopt;
}

std::string in_bucket(std::string_view text) {
  return "[" + std::string(kBucket) + "] " + std::string(text) + "\n";
}

Answer read(const Store& store, std::string_view query) {
  const auto key = parameter(query, "key");
  if (!key) return {400, "Missing parameter 'key'\n"};
  const auto value = store.get(*key);
  if (!value) return {500, "cannot read '" + *key + "': " + value.error() + "\n"};
  if (!*value) return {404, in_bucket("Key '" + *key + "' not found")};
  return {200, in_bucket(**value)};
}

Answer write(Store& store, std::string_view body) {
  const auto json = nlohmann::json::parse(body, nullptr, /*allow_exceptions=*/false);
  const auto text = [&](const char* name) -> const std::string* {
    const auto member = json.is_object() ? json.find(name) : json.end();
    return member == json.end() ? nullptr : member->get_ptr<const std::string*>();
  };
  const std::string* key = text("key");
  const std::string* value = text("value");
  if (key == nullptr || value == nullptr)
    return {400, "expected {\"key\": \"...\", \"value\": \"...\"}\n"};
  if (const auto stored = store.set(*key, *value); !stored)
    return {500, "cannot store '" + *key + "': " + stored.error() + "\n"};
  return {200, in_bucket("Stored key '" + *key + "'")};
}

}  // namespace

Answer route(Store& store, std::string_view method, std::string_view query, std::string_view body) {
  if (method == "GET") return read(store, query);
  if (method == "POST") return write(store, body);
  return {405, "Method not allowed; use GET or POST\n"};
}
