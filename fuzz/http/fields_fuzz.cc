// Header fields from anywhere: what is in a `Headers` can be sent, and it behaves like a list of
// pairs with names that know no case.
//
// The input is a list of operations: a byte (0 append, 1 set, 2 remove, 3 find, 4 copy), then name
// and value, each behind its length in one byte.
#include "base/check.h"
#include "http/headers.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

using namespace wasmcloud;
using namespace wasmcloud::http;

namespace {

using Model = std::vector<std::pair<std::string, std::string>>;

void compare(const Headers& headers, const Model& model) {
  CHECK(headers.size() == model.size());
  size_t bytes = 0;
  for (size_t i = 0; i < model.size(); ++i) {
    const FieldView field = headers[i];
    CHECK(field.name == model[i].first && field.value == model[i].second);
    CHECK(!field.name.empty() && field.name.find_first_of(" \t\r\n:") == field.name.npos);
    CHECK(field.value.find_first_of(std::string_view("\r\n\0", 3)) == field.value.npos);
    bytes += field.name.size() + field.value.size();
  }
  CHECK(headers.text_bytes() == bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Headers headers;
  Model model;
  std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto take = [&input]() {
    if (input.empty()) return std::string_view();
    const size_t length = std::min<size_t>(static_cast<uint8_t>(input[0]), input.size() - 1);
    const std::string_view text = input.substr(1, length);
    input.remove_prefix(1 + length);
    return text;
  };
  const auto same_name = [](std::string_view name) {
    return [name](const auto& entry) { return names_equal(entry.first, name); };
  };
  while (!input.empty()) {
    const int operation = static_cast<uint8_t>(input[0]) % 5;
    input.remove_prefix(1);
    const std::string_view name = take();
    const std::string_view value = take();
    const bool valid = is_valid_name(name) && is_valid_value(value);
    switch (operation) {
      case 0:
        CHECK(headers.append(name, value).has_value() == valid);
        if (valid) model.emplace_back(name, value);
        break;
      case 1:
        CHECK(headers.set(name, value).has_value() == valid);
        if (valid) {
          std::erase_if(model, same_name(name));
          model.emplace_back(name, value);
        }
        break;
      case 2:
        CHECK(headers.remove(name) == std::erase_if(model, same_name(name)));
        break;
      case 3: {
        const auto found = std::ranges::find_if(model, same_name(name));
        CHECK(
            headers.find(name) ==
            (found == model.end() ? std::nullopt : std::optional<std::string_view>(found->second)));
        break;
      }
      default: {
        Headers copy = headers;
        compare(copy, model);
        headers = std::move(copy);
        break;
      }
    }
    compare(headers, model);
  }
  return 0;
}
