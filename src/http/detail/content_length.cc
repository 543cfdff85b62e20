#include "http/detail/content_length.h"

#include <charconv>

namespace wasmcloud::http::detail {

Result<void> take_content_length(std::string_view value, std::optional<uint64_t>& declared) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size() ||
      (declared && declared != number)) {
    return fail(Errc::Invalid, "content-length \"{}\" is no number of bytes, or the second one",
                value);
  }
  declared = number;
  return {};
}

}  // namespace wasmcloud::http::detail
