#pragma once

#include <string_view>

namespace wasmcloud::detail {
[[noreturn]] void check_failed(const char* file, int line, std::string_view condition) noexcept;
}  // namespace wasmcloud::detail

/// A bug of ours if false: logs and aborts, in every build.
#define CHECK(condition)                                                 \
  do {                                                                   \
    if (!(condition)) [[unlikely]]                                       \
      ::wasmcloud::detail::check_failed(__FILE__, __LINE__, #condition); \
  } while (false)

#ifdef NDEBUG
#define DCHECK(condition) static_cast<void>(0)
#else
#define DCHECK(condition) CHECK(condition)
#endif
