#pragma once

#include "base/error.h"
#include "http/headers.h"

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wasmcloud::http::detail::h2 {

/// A head to be sent, as nghttp2 takes it: names in lower case, all text in one piece.
class HeadFields {
 public:
  /// Begins anew. `text_bytes` is what all names and values will take at most: fields point into
  /// the text, which therefore may not grow.
  void begin(size_t text_bytes);
  void add(std::string_view name, std::string_view value);
  /// The fields of a message but for those that `leaves_out` names, connection fields at least
  /// (RFC 9113, section 8.2.2), and without a content-length unless `keeps_length`. Returns the
  /// content-length that was kept. Errors: Errc::Invalid for a transfer-encoding, or a
  /// content-length that is none.
  Result<std::optional<uint64_t>> add_all(const Headers& headers,
                                          bool (*leaves_out)(std::string_view name),
                                          bool keeps_length = true);

  const nghttp2_nv* data() const { return fields_.data(); }
  size_t size() const { return fields_.size(); }

 private:
  std::string text_;
  std::vector<nghttp2_nv> fields_;
};

}  // namespace wasmcloud::http::detail::h2
