#include "wash/config/write.h"

namespace wasmcloud::wash {
namespace {

constexpr std::string_view kMask = "********";

/// "redis://me:secret@host" to "redis://me:********@host".
void mask_url(std::string& text) {
  const size_t scheme = text.find("://");
  if (scheme == std::string::npos) return;
  const size_t begin = scheme + 3;
  const size_t end = std::min(text.find_first_of("/?#", begin), text.size());
  const size_t at = text.rfind('@', end);
  if (at == std::string::npos || at < begin) return;
  const size_t colon = text.find(':', begin);
  // What stands alone before the host may be a token.
  const size_t from = colon < at ? colon + 1 : begin;
  text.replace(from, at - from, kMask);
}

// Recursion is bounded: the readers limit the depth.
void mask_urls(Value& value) {
  if (auto* text = std::get_if<std::string>(&value.data)) {
    mask_url(*text);
  } else if (auto* list = std::get_if<Value::List>(&value.data)) {
    for (Value& each : *list) mask_urls(each);
  } else if (auto* map = std::get_if<Value::Map>(&value.data)) {
    for (Member& each : *map) mask_urls(each.value);
  }
}

}  // namespace

Result<std::string> write_config(const Value& value, std::string_view format) {
  if (format == "yaml" || format == "yml") return write_yaml(value);
  if (format == "json") return to_json(value) + "\n";
  if (format == "toml") return write_toml(value);
  return fail(Errc::Usage, "'{}' is no format of configurations; expected yaml, json or toml",
              format);
}

Value mask_secrets(Value config) {
  mask_urls(config);
  if (Value* secrets = config.find("secrets"); secrets != nullptr) {
    auto* sources = std::get_if<Value::Map>(&secrets->data);
    for (size_t i = 0; sources != nullptr && i < sources->size(); ++i) {
      Value* values = (*sources)[i].value.find("inline");
      auto* secret = values == nullptr ? nullptr : std::get_if<Value::Map>(&values->data);
      if (secret == nullptr) {
        // Not of the format, so there is no telling what it is.
        if (values != nullptr) *values = kMask;
        continue;
      }
      for (Member& each : *secret) each.value = kMask;
    }
  }
  if (Value* wit = config.find("wit"); wit != nullptr) {
    Value* registries = wit->find("registries");
    auto* list = registries == nullptr ? nullptr : std::get_if<Value::List>(&registries->data);
    for (size_t i = 0; list != nullptr && i < list->size(); ++i) {
      if (Value* token = (*list)[i].find("token"); token != nullptr) *token = kMask;
    }
  }
  return config;
}

}  // namespace wasmcloud::wash
