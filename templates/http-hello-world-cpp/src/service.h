#pragma once

#include <cstdint>
#include <string_view>

/// What a request is answered with: the status and the text.
struct Answer {
  uint16_t status;
  std::string_view text;
};

/// Knows nothing of WebAssembly, so the test compiles it for this machine.
constexpr Answer answer(std::string_view path) {
  if (path == "/") return {200, "Hello from wasmCloud!\n"};
  return {404, "Not found\n"};
}
