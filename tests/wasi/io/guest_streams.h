#pragma once

#include "base/loop.h"
#include "component/abi/async_types.h"

#include <string>

namespace wasmcloud::wasi {

/// One read of a stream of bytes; nothing at its end.
inline std::string read_some(Loop& loop, component::StreamReader<uint8_t>& from, size_t max) {
  std::string text(max, '\0');
  const std::span into(reinterpret_cast<uint8_t*>(text.data()), text.size());
  text.resize(run_to_end(loop, from.read(into)).value());
  return text;
}

inline std::string read_all(Loop& loop, component::StreamReader<uint8_t>& from) {
  std::string all;
  for (std::string part; !(part = read_some(loop, from, 1000)).empty();) all += part;
  return all;
}

/// Writes until all is written or the reader has gone, and ends the stream.
inline Task<void> write_all(component::StreamWriter<uint8_t> to, std::string text,
                            size_t* written) {
  while (*written < text.size()) {
    const std::span rest(reinterpret_cast<uint8_t*>(text.data()) + *written,
                         text.size() - *written);
    const size_t count = CO_TRY(co_await to.write(rest));
    *written += count;
    if (count < rest.size()) break;
  }
  co_return Result<void>();
}

}  // namespace wasmcloud::wasi
